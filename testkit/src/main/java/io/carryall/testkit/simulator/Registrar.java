package io.carryall.testkit.simulator;

import io.carryall.core.item.SourceItem;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Ledger;
import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ItemsPage;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.Topic;
import io.carryall.core.register.Register;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One life of a ledger-service process. Records of one key are handled one after another, those that came together in one run, and pages of one scan that follow one another in a run are registered together, as in the
 * real one. What becomes of the items of a page is decided by the real {@link Register}.
 */
final class Registrar {
    private static final int RUN_MAX = 16;
    private static final int IN_FLIGHT_MAX = 24;

    private final Machine machine;
    private final Simulation simulation;
    private final Books books;
    private final Ledger ledger;
    /** By key of what is being handled: what waits for that. */
    private final Map<String, Deque<Topics.Delivery>> waiting = new HashMap<>();

    Registrar(Machine machine, Simulation simulation) {
        this.machine = machine;
        this.simulation = simulation;
        this.books = simulation.books;
        this.ledger = books.ledger();
        simulation.topics.join(Topic.ITEMS, machine, IN_FLIGHT_MAX, this::take);
    }

    private void take(Topics.Delivery delivery) {
        String key = delivery.record().key();
        boolean idle = !waiting.containsKey(key);
        waiting.computeIfAbsent(key, none -> new ArrayDeque<>()).add(delivery);
        if (idle) {
            machine.in(simulation.world.latency(), () -> handOver(key));
        }
    }

    private void handOver(String key) {
        Deque<Topics.Delivery> sameKey = waiting.get(key);
        if (sameKey.isEmpty()) {
            waiting.remove(key);
            return;
        }
        List<Topics.Delivery> run = new ArrayList<>();
        while (!sameKey.isEmpty() && run.size() < RUN_MAX) {
            run.add(sameKey.poll());
        }
        handle(run);
    }

    /** All of it again where the ledger or the queue does not answer; all of it is let go of when all of it is durable. */
    private void handle(List<Topics.Delivery> run) {
        new Run(run).next(0);
    }

    private final class Run {
        private final List<Topics.Delivery> deliveries;
        private final List<PipelineRecord> records;

        Run(List<Topics.Delivery> deliveries) {
            this.deliveries = deliveries;
            this.records = deliveries.stream().map(Topics.Delivery::record).toList();
        }

        void next(int from) {
            if (from == records.size()) {
                deliveries.forEach(Topics.Delivery::acknowledge);
                handOver(records.get(0).key());
                return;
            }
            PipelineRecord record = records.get(from);
            if (record instanceof ItemsPage page) {
                int to = from + 1;
                while (to < records.size() && records.get(to) instanceof ItemsPage next && isOfOneScan(page, next)) {
                    to++;
                }
                int end = to;
                register(records.subList(from, to).stream().map(ItemsPage.class::cast).toList(), () -> next(end));
            } else if (record instanceof FolderEnd end) {
                books.write(machine, 1, rows -> {
                    if (rows > 0) {
                        ledger.folders().folderEnded(end);
                    }
                }, () -> next(from + 1), this::again);
            } else if (record instanceof ScanEnd end) {
                books.write(machine, 1, rows -> {
                    if (rows > 0) {
                        ledger.folders().scanEnded(end);
                    }
                }, () -> next(from + 1), this::again);
            }
        }

        private void again() {
            machine.in(simulation.world.between(200, 1_000), () -> next(0));
        }

        /** @param pages of one scan of one folder */
        private void register(List<ItemsPage> pages, Runnable done) {
            ItemsPage any = pages.get(0);
            List<SourceItem> items = pages.stream().flatMap(page -> page.items().stream()).toList();
            books.read(machine, () -> ledger.items().summarised(any.folder(), items.stream().map(SourceItem::uid).toList()), known -> {
                List<SourceItem> others = items.stream().filter(item -> !known.contains(item.uid())).toList();
                books.read(machine, () -> books.facts(any.folder(), others.stream().map(SourceItem::uid).toList()), facts -> books.write(machine, others.size(),
                        rows -> ledger.items().seen(any.folder(), any.scan(), others.subList(0, rows)), () -> put(copies(pages, known, facts), done), this::again), this::again);
            }, this::again);
        }

        private List<CopyPage> copies(List<ItemsPage> pages, Set<Long> known, Map<Long, Facts> facts) {
            return pages.stream().map(page -> new CopyPage(page.pass(), page.folder(), page.scan(), page.seq(), page.target(),
                    Register.of(page.items(), known, facts, simulation.filter(page.pass()), page.pass()).toCopy().items())).toList();
        }

        private void put(List<CopyPage> copies, Runnable done) {
            Set<Integer> there = new HashSet<>();
            List<CopyPage> durable = simulation.mutation == Mutation.RUN_BY_ITS_FIRST_PAGE ? copies.subList(0, 1) : copies;
            books.write(machine, durable.size(), rows -> there.addAll(ledger.pages().put(durable.subList(0, rows))), () -> settle(durable, there, 0, done), this::again);
        }

        /** It may stand there open, if it came before and was not published: since then somebody else may have copied its items. */
        private void settle(List<CopyPage> copies, Set<Integer> there, int from, Runnable done) {
            int next = from;
            while (next < copies.size() && !(copies.get(next).items().isEmpty() && there.contains(copies.get(next).seq()))) {
                next++;
            }
            if (next == copies.size()) {
                new Publication(copies.stream().filter(copy -> !copy.items().isEmpty()).toList(), done).begin();
                return;
            }
            CopyPage empty = copies.get(next);
            int after = next + 1;
            books.write(machine, 1, rows -> {
                if (rows > 0) {
                    books.settled(empty.ref());
                }
            }, () -> settle(copies, there, after, done), this::again);
        }

        private boolean isOfOneScan(ItemsPage page, ItemsPage next) {
            return page.scan().equals(next.scan()) && page.pass().equals(next.pass()) && page.folder().equals(next.folder());
        }

        /** All of them at once, and then for all of them waited. */
        private final class Publication {
            private final List<CopyPage> copies;
            private final Runnable done;
            private int unconfirmed;
            private boolean failed;

            Publication(List<CopyPage> copies, Runnable done) {
                this.copies = copies;
                this.done = done;
                this.unconfirmed = copies.size();
            }

            void begin() {
                if (copies.isEmpty()) {
                    done.run();
                }
                copies.forEach(copy -> simulation.topics.publish(machine, copy, () -> confirmed(true), () -> confirmed(false)));
            }

            private void confirmed(boolean well) {
                unconfirmed--;
                failed |= !well;
                if (unconfirmed == 0 && failed) {
                    again();
                } else if (unconfirmed == 0) {
                    done.run();
                }
            }
        }
    }
}
