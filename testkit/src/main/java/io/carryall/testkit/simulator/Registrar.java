package io.carryall.testkit.simulator;

import io.carryall.core.item.SourceItem;
import io.carryall.core.port.Ledger;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ItemsPage;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.Topic;
import io.carryall.core.register.Register;

/** One life of a ledger-service process. What becomes of the items of a page is decided by the real {@link Register}. */
final class Registrar {
    private final Machine machine;
    private final Simulation simulation;
    private final Books books;
    private final Ledger ledger;

    Registrar(Machine machine, Simulation simulation) {
        this.machine = machine;
        this.simulation = simulation;
        this.books = simulation.books;
        this.ledger = books.ledger();
        simulation.topics.join(Topic.ITEMS, machine, 4, this::take);
    }

    private void take(Topics.Delivery delivery) {
        Runnable again = () -> machine.in(simulation.world.between(200, 1_000), () -> take(delivery));
        if (delivery.record() instanceof ItemsPage page) {
            register(page, delivery, again);
        } else if (delivery.record() instanceof FolderEnd end) {
            books.write(machine, 1, rows -> ledger.folders().folderEnded(end), delivery::acknowledge, again);
        } else if (delivery.record() instanceof ScanEnd end) {
            books.write(machine, 1, rows -> ledger.folders().scanEnded(end), delivery::acknowledge, again);
        }
    }

    private void register(ItemsPage page, Topics.Delivery delivery, Runnable again) {
        books.read(machine, () -> books.facts(page.folder(), page.items().stream().map(SourceItem::uid).toList()), facts -> {
            Register register = Register.of(page.items(), facts, simulation.filter(page.pass()), page.pass());
            CopyPage copy = new CopyPage(page.pass(), page.folder(), page.scan(), page.seq(), page.target(), register.toCopy().items());
            books.write(machine, page.items().size(), rows -> ledger.items().seen(page.folder(), page.scan(), page.items().subList(0, rows)),
                    () -> books.write(machine, 1, rows -> {
                        if (rows > 0) {
                            ledger.pages().put(copy);
                        }
                    }, () -> {
                        if (copy.items().isEmpty()) {
                            // It may stand there open, if it came before and was not published: since then somebody else may have copied its items.
                            books.write(machine, 1, rows -> books.settled(copy.ref()), delivery::acknowledge, again);
                        } else {
                            simulation.topics.publish(machine, copy, delivery::acknowledge, again);
                        }
                    }, again), again);
        }, again);
    }
}
