package io.carryall.testkit.simulator;

import io.carryall.core.copy.CopyLimits;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.migration.FolderFilter;
import io.carryall.core.migration.FolderMap;
import io.carryall.core.migration.ItemFilter;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Intents;
import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Leases.Lease;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.TargetSession.Capabilities;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.Topic;
import io.carryall.core.scan.ScanPlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * One migration under fire, made from one seed: mailboxes, processes, faults and people. First everything may go wrong, then the faults stop, and everything must come to a good end in bounded time.
 */
public final class Simulation {
    static final long QUARANTINE_MILLIS = 60_000;
    private static final long END_MILLIS_MAX = 3 * 3_600_000L;
    private static final long DRAIN_MILLIS = 300_000;
    private static final long STEPS_MAX = 400_000;

    final World world;
    final Truth truth;
    final Books books;
    final Sources sources;
    /** Whether people rename folders. */
    final boolean foldersMove;
    final Targets targets;
    final Topics topics;
    final People people;
    final Operators operators;
    final CopyLimits limits;
    final Mutation mutation;
    final int pageItems;
    private final List<PairId> pairs = new ArrayList<>();
    private final Map<PassId, ItemFilter> filters = new HashMap<>();
    private final Map<PassId, FolderFilter> folderFilters = new HashMap<>();
    private final Map<PassId, Long> begunMillis = new HashMap<>();
    private final Map<String, TargetFolder> ways = new HashMap<>();
    private final List<Machine> machines = new ArrayList<>();
    private final Map<Machine, Copier> copiers = new HashMap<>();
    private final List<Control> controls = new ArrayList<>();
    private final long calmMillis;
    private long overMillis = -1;

    /**
     * What came of a run.
     *
     * @param violation null where every promise was kept
     * @param trace     the last events before the violation, if they were kept
     */
    public record Outcome(long seed, String violation, List<String> trace, long events, int doubledBeyondTheLimit) {}

    private Simulation(long seed, Mutation mutation, boolean traced, boolean aloud) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L + 0x632BE59BD9B4E019L);
        random.nextLong();
        this.mutation = mutation;
        world = new World(random, Odds.draw(random), traced, aloud);
        Capabilities capabilities = new Capabilities(world.chance(0.75), world.chance(0.6), -1);
        foldersMove = world.chance(0.4);
        truth = new Truth(capabilities.uidPlus(), foldersMove, world::nowMillis);
        books = new Books(world, truth, mutation);
        targets = new Targets(world, truth, capabilities);
        sources = new Sources(world.chance(0.5));
        topics = new Topics(world);
        limits = new CopyLimits((int) world.between(1, 5), 4_000, mutation == Mutation.NO_QUARANTINE ? 0 : QUARANTINE_MILLIS, 20_000, (int) world.between(2, 5), 1_000, (int) world.between(4, 8), (int) world.between(3, 20));
        pageItems = (int) world.between(2, 6);
        people = new People(this, world.chance(0.5) ? 0.4 : 0.05);
        operators = new Operators(this);
        calmMillis = world.between(40_000, 400_000);
        mailboxes();
        processes();
        world.note(() -> "seed " + seed + ": " + world.odds() + " " + capabilities + " " + limits + " faults until " + calmMillis);
    }

    /** Runs a seed. */
    public static Outcome run(long seed, Mutation mutation) {
        Outcome outcome = new Simulation(seed, mutation, false, false).run(seed);
        return outcome.violation() == null ? outcome : new Simulation(seed, mutation, true, false).run(seed);
    }

    /** Runs a seed and prints each event. */
    public static Outcome replay(long seed, Mutation mutation) {
        return new Simulation(seed, mutation, true, true).run(seed);
    }

    private Outcome run(long seed) {
        String violation = null;
        try {
            runToTheEnd();
        } catch (Violation e) {
            violation = e.getMessage();
        } catch (RuntimeException e) {
            violation = e + " at " + List.of(e.getStackTrace()).subList(0, Math.min(6, e.getStackTrace().length));
        }
        List<String> trace = new ArrayList<>();
        if (violation != null && world.trace() != null) {
            world.trace().forEach(trace::add);
        }
        return new Outcome(seed, violation, trace, world.steps(), truth.doubledBeyondTheLimit());
    }

    // ---- the world

    private void mailboxes() {
        // Many are looked at together; with few, more happens to each.
        boolean many = world.chance(0.15);
        int count = (int) (many ? world.between(3, 8) : world.between(1, 2));
        boolean shared = world.chance(0.4);
        boolean together = world.chance(0.7);
        for (int i = 1; i <= count; i++) {
            PairId pair = operators.newPair(i, together);
            pairs.add(pair);
            for (String folder : foldersMove || world.chance(0.4) ? List.of("INBOX", "Sent") : List.of("INBOX")) {
                ways.putIfAbsent(pair + "/INBOX", new TargetFolder("new/" + (shared ? "all" : pair.value()), "INBOX"));
                Sources.Box box = addFolder(pair, folder);
                for (long n = world.between(0, many ? 4 : 12); n > 0; n--) {
                    people.letterArrives(pair, box);
                }
            }
        }
        if (world.chance(0.2)) {
            targets.refusedContents.add("c" + world.between(1, people.letters()));
        }
    }

    /** One that goes to where mail of its pair goes. */
    Sources.Box addFolder(PairId pair, String name) {
        Sources.Box box = sources.add(pair.value(), name);
        TargetFolder target = ways.computeIfAbsent(pair + "/" + box.id, none -> new TargetFolder(ways.get(pair + "/INBOX").mailbox(), box.id));
        if (world.chance(0.8)) {
            targets.create(target);
        }
        return box;
    }

    private void processes() {
        boolean clocksStop = world.chance(0.5);
        for (long n = world.between(1, 3); n > 0; n--) {
            Machine machine = machine("copier" + n, clocksStop);
            machine.start(() -> copiers.put(machine, new Copier(machine, this)));
        }
        for (long n = world.between(1, 2); n > 0; n--) {
            Machine machine = machine("registrar" + n, clocksStop);
            machine.start(() -> new Registrar(machine, this));
        }
        for (long n = world.between(1, 2); n > 0; n--) {
            Machine machine = machine("scanner" + n, clocksStop);
            machine.start(() -> new Scanner(machine, this));
        }
        int migrations = world.chance(0.3) ? 2 : 1;
        for (int n = 1; n <= migrations; n++) {
            long delayMillis = n == 1 ? 10 : world.between(0, 60_000);
            control("m" + n, "control" + n, clocksStop, delayMillis);
            if (world.chance(0.3)) {
                control("m" + n, "control" + n + "b", clocksStop, delayMillis);
            }
        }
        topics.watchMembers();
        world.in(world.odds().chaosMillis(), this::chaos);
        world.in(world.odds().usersMillis(), people::act);
        world.in(calmMillis, () -> {
            world.note(() -> "the faults stop");
            world.calmDown();
            targets.isFull = false;
        });
    }

    private void control(String migration, String name, boolean clocksStop, long delayMillis) {
        Machine machine = machine(name, clocksStop);
        int index = controls.size();
        controls.add(null);
        boolean[] first = {true};
        machine.start(() -> {
            controls.set(index, new Control(machine, this, migration, first[0] ? delayMillis : 10));
            first[0] = false;
        });
    }

    private Machine machine(String name, boolean clockStopsWithIt) {
        Machine machine = new Machine(world, name, clockStopsWithIt);
        machines.add(machine);
        return machine;
    }

    List<PairId> pairs() {
        return pairs;
    }

    TargetFolder target(PairId pair, String folder) {
        return ways.get(pair + "/" + folder);
    }

    ItemFilter filter(PassId pass) {
        return filters.get(pass);
    }

    /** What a scanner knows of a mailbox before anything of it is enumerated. */
    ScanPlan.Known known(PassId pass, PairId pair, Sources.Listing listing, List<Folder> rows, List<Watermark> marks, Map<String, FolderId> renamed) {
        return new ScanPlan.Known(listing.folders(), listing.statuses(), folderFilters.get(pass), FolderMap.NONE, rows, marks, filters.get(pass).hash(), renamed);
    }

    /** Begins a pass, unless it was begun. The filters of a migration may be others in each pass. */
    boolean begin(PassId pass, Instant startedAt) {
        if (!books.ledger().passes().create(pass, "{}", pass.number() == 1, startedAt)) {
            return false;
        }
        begunMillis.put(pass, world.nowMillis());
        filters.put(pass, !world.isCalm() && world.chance(0.2) ? new ItemFilter(null, null, 2_000L) : ItemFilter.EVERYTHING);
        folderFilters.put(pass, new FolderFilter(List.of("**"), !world.isCalm() && world.chance(0.1) ? List.of("Sent") : List.of()));
        return true;
    }

    /** Somebody was told that nothing had changed in the pair: then nothing is to be copied of what was there when the pass began. */
    void toldUnchanged(PassId pass, PassPair pair, ScanEnd scan) {
        scan.standing().stream().filter(folder -> folder.found() != folder.done() + folder.excluded()).findFirst().ifPresent(folder -> {
            throw new Violation("the law does not hold in what stood in " + pass + ": " + folder);
        });
        truth.toldUnchanged(pair.pair(), pair.generation(), begunMillis.get(pass), folder -> isTaken(pass, pair.pair(), folder), filters.get(pass), books::factsEverywhere);
    }

    /** By the name that the folder had all the time. */
    private boolean isTaken(PassId pass, PairId pair, FolderId folder) {
        return sources.of(pair.value()).stream().anyMatch(box -> box.id.equals(folder.value()) && box.namedAtMillis() <= begunMillis.get(pass) && folderFilters.get(pass).lets(box.name()));
    }

    FolderFilter folderFilter(PassId pass) {
        return folderFilters.get(pass);
    }

    /** When the faults have stopped, only the first migration begins further passes. */
    boolean mayBegin(String migration) {
        return overMillis < 0 && (!world.isCalm() || migration.equals("m1"));
    }

    void ended(PassId pass, boolean allSettled) {
        boolean lastWord = world.isCalm() && pass.migration().equals("m1") && allSettled && filters.get(pass).equals(ItemFilter.EVERYTHING) && folderFilters.get(pass).lets("Sent") && isLast.contains(pass) && overMillis < 0;
        if (lastWord) {
            overMillis = world.nowMillis();
        }
        isLast.clear();
        if (world.isCalm()) {
            isLast.add(new PassId(pass.migration(), pass.number() + 1));
        }
    }

    /** Passes of which it is certain that they began when everything was calm. */
    private final Set<PassId> isLast = new HashSet<>();

    // ---- faults

    private void chaos() {
        if (world.isCalm()) {
            return;
        }
        Machine machine = machines.get(world.random().nextInt(machines.size()));
        switch ((int) world.between(0, 12)) {
            case 0, 1 -> machine.crash(world.between(200, 15_000));
            case 2 -> machine.pause(world.between(100, 5_000));
            case 3 -> machine.pause(world.between(15_000, 50_000));
            case 4 -> machine.pause(world.between(50_000, 130_000));
            case 5 -> topics.rebalanceOne();
            case 6 -> machine.setWallClock((long) (world.random().nextGaussian() * 60_000));
            case 7 -> machine.setWallClock((long) (world.random().nextGaussian() * 3_600_000));
            case 8 -> stop(machine);
            case 9 -> controls.get(world.random().nextInt(controls.size())).interrupt();
            case 10 -> topics.loseRecords(world.chance(0.4) ? Topic.COPIES : world.chance(0.5) ? Topic.SCANS : Topic.ITEMS);
            case 11 -> operators.act();
            default -> targets.isFull = !targets.isFull && world.chance(0.5);
        }
        world.in((long) (-Math.log(1 - world.random().nextDouble()) * world.odds().chaosMillis()), this::chaos);
    }

    private void stop(Machine machine) {
        Copier copier = copiers.get(machine);
        if (copier != null && machine.isUp() && !machine.isPaused()) {
            copier.stop();
        }
    }

    // ---- the end

    private void runToTheEnd() {
        while (world.step()) {
            if (overMillis >= 0 && world.nowMillis() > overMillis + DRAIN_MILLIS) {
                break;
            }
            if (world.nowMillis() > calmMillis + END_MILLIS_MAX || world.steps() > STEPS_MAX) {
                throw new Violation("no progress: the faults stopped " + (world.nowMillis() - calmMillis) / 1_000 + " s ago, and the pass is not through");
            }
        }
        Set<ItemKey> inDoubt = new HashSet<>();
        targets.folders().forEach(folder -> addThoseInDoubt(folder, inDoubt));
        truth.atTheEnd(books::factsEverywhere, inDoubt, targets::mayRefuse);
    }

    /** What left the source while it was in doubt stays so until somebody has work in that folder again: all else is settled. */
    private void addThoseInDoubt(TargetFolder folder, Set<ItemKey> inDoubt) {
        Lease lease = books.ledger().leases().read(folder).orElse(new Lease("", 0, 0));
        for (Intent intent : books.ledger().intents().open(folder, lease.settledEpoch() + 1, lease.epoch())) {
            for (Intents.Item item : intent.items()) {
                ItemKey key = Truth.real(intent.source().item(item.uid()));
                Facts facts = books.factsEverywhere(key);
                boolean known = facts != null && (facts.done() != null || facts.failures().stream().anyMatch(failure -> failure.reason() == Reason.AMBIGUOUS));
                if (truth.isInSource(key) && !known) {
                    throw new Violation("in doubt for ever: " + Truth.word(key) + " in " + intent);
                }
                inDoubt.add(key);
            }
        }
    }
}
