package io.carryall.testkit.simulator;

import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.Reason;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Pages.Page;
import io.carryall.core.record.PageRef;
import io.carryall.testkit.fake.FakeLedger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The ledger, far away: a call takes time, and an answer may fail to come, whatever became of the call. */
final class Books {
    private static final long TIMEOUT_MILLIS_MAX = 4_000;

    private final World world;
    private final Truth truth;
    private final Mutation mutation;
    private final Ledger ledger = new FakeLedger();
    /** What stands there in the place of the first fact, where facts can be overwritten. */
    private final Map<ItemKey, Done> overwritten = new HashMap<>();
    private final Set<PageRef> reopened = new HashSet<>();

    Books(World world, Truth truth, Mutation mutation) {
        this.world = world;
        this.truth = truth;
        this.mutation = mutation;
    }

    /** At once and without fault: for those who look from outside. */
    Ledger ledger() {
        return ledger;
    }

    /** Something that changes nothing. */
    <T> void read(Machine machine, Supplier<T> work, Consumer<T> answered, Runnable failed) {
        Runnable timeout = machine.here(failed);
        if (world.fault(world.odds().callFails())) {
            world.in(world.between(500, TIMEOUT_MILLIS_MAX), timeout);
            return;
        }
        int life = machine.life();
        world.in(world.latency(), () -> {
            T result = work.get();
            if (life == machine.life()) {
                machine.in(world.latency(), () -> answered.accept(result));
            }
        });
    }

    /** A lightweight transaction: if its outcome can't be told, it may have been carried out, or will be. */
    <T> void transact(Machine machine, Supplier<T> work, Consumer<T> answered, Runnable failed) {
        if (world.fault(world.odds().writeUnknown())) {
            unknown(machine, work::get, failed);
        } else {
            read(machine, work, answered, failed);
        }
    }

    /** A write of so many rows: if its outcome can't be told, each of the first few may have been written, and the rest may follow. */
    void write(Machine machine, int rows, IntConsumer work, Runnable answered, Runnable failed) {
        if (world.fault(world.odds().writeUnknown())) {
            int part = (int) world.between(0, rows);
            unknown(machine, () -> work.accept(part), failed);
            if (world.chance(0.3)) {
                world.in(world.between(1, 20_000), () -> work.accept(rows));
            }
        } else {
            read(machine, () -> {
                work.accept(rows);
                return null;
            }, nothing -> answered.run(), failed);
        }
    }

    private void unknown(Machine machine, Runnable work, Runnable failed) {
        boolean late = world.chance(0.2);
        world.in(late ? world.between(1_000, 10_000) : world.latency(), work);
        machine.in(world.between(500, TIMEOUT_MILLIS_MAX), failed);
    }

    // ---- facts

    Map<Long, Facts> facts(FolderKey folder, Collection<Long> uids) {
        Map<Long, Facts> facts = new HashMap<>(ledger.items().facts(folder, uids));
        if (!overwritten.isEmpty()) {
            facts.replaceAll((uid, its) -> new Facts(overwritten.getOrDefault(folder.item(uid), its.done()), its.failures()));
        }
        return facts;
    }

    Facts facts(ItemKey key) {
        return facts(key.folder(), List.of(key.uid())).get(key.uid());
    }

    /** Of an item that may be known under several folders, as one that was not recognised under its new name is a new one. */
    Facts factsEverywhere(ItemKey key) {
        Facts all = null;
        for (FolderKey state : statesOf(key.folder())) {
            Facts its = facts(state.item(key.uid()));
            if (its != null) {
                List<Failed> failures = new ArrayList<>(all == null ? List.of() : all.failures());
                failures.addAll(its.failures());
                all = new Facts(all != null && all.done() != null ? all.done() : its.done(), failures);
            }
        }
        return all;
    }

    private List<FolderKey> statesOf(FolderKey folder) {
        List<FolderKey> states = new ArrayList<>();
        for (Folder row : ledger.folders().of(folder.pair(), folder.generation())) {
            Stream.concat(Stream.of(folder.uidValidity(), row.uidValidity()), row.former().stream()).filter(state -> FolderKey.onServer(state) == folder.uidValidity()).distinct()
                    .forEach(state -> states.add(new FolderKey(folder.pair(), folder.generation(), row.id(), state)));
        }
        return states;
    }

    void forEachDone(FolderKey folder, Consumer<Done> done) {
        ledger.items().forEachDone(folder, fact -> done.accept(overwritten.getOrDefault(folder.item(fact.uid()), fact)));
    }

    void done(FolderKey folder, List<Done> items) {
        for (Done done : items) {
            ItemKey key = folder.item(done.uid());
            Facts before = facts(key);
            ledger.items().done(folder, List.of(done));
            if (mutation == Mutation.FACTS_OVERWRITTEN) {
                overwritten.put(key, done);
            }
            truth.recorded(key, before == null ? null : before.done(), facts(key).done());
        }
    }

    void failed(FolderKey folder, List<Failed> items) {
        ledger.items().failed(folder, items);
        items.stream().filter(attempt -> attempt.reason() == Reason.AMBIGUOUS).forEach(attempt -> truth.unclear(folder.item(attempt.uid())));
    }

    // ---- pages

    /** A record that was let go of is nobody's work any more: its page must stand in the ledger. */
    void acknowledged(PageRef ref) {
        boolean durable = reopened.contains(ref) || ledger.pages().of(ref.pass(), ref.folder(), ref.scan()).stream().filter(page -> page.page().seq() == ref.seq()).anyMatch(page -> page.settled() || page.parked() != null);
        if (!durable) {
            throw new Violation("a page was acknowledged that is neither settled nor parked: " + ref);
        }
    }

    /** Whoever does so publishes it again, and sees to it from then on. */
    void reopen(PageRef ref) {
        ledger.pages().reopen(ref);
        reopened.add(ref);
    }

    /** A page that says that it is settled has an outcome for each of its items. */
    void settled(PageRef ref) {
        ledger.pages().settled(ref);
        for (Page page : ledger.pages().of(ref.pass(), ref.folder(), ref.scan())) {
            if (page.page().seq() == ref.seq()) {
                page.page().items().stream().map(item -> ref.folder().item(item.uid())).filter(key -> facts(key) == null).findFirst().ifPresent(key -> {
                    throw new Violation("page " + ref + " is settled, and nothing is known of " + Truth.word(key));
                });
            }
        }
    }
}
