package io.carryall.testkit.fake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PairName;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Folders;
import io.carryall.core.port.Intents;
import io.carryall.core.port.Items;
import io.carryall.core.port.Leases;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.Pages;
import io.carryall.core.port.Pairs;
import io.carryall.core.port.Passes;
import io.carryall.core.record.PageRef;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ScanEnd;

/**
 * The ledger in memory: one lock, every method at once. {@link #again()} gives a further client of the same data, as another process would have one.
 */
public final class FakeLedger implements Ledger {
    private final Data data;
    private final Faults faults = new Faults();

    public FakeLedger() {
        this(new Data());
    }

    private FakeLedger(Data data) {
        this.data = data;
    }

    /** Another client of the same data, with faults of its own. */
    public FakeLedger again() {
        return new FakeLedger(data);
    }

    /** Calls are named after port and method: {@code passes.create}, {@code items.done}, {@code leases.take} … */
    public Faults faults() {
        return faults;
    }

    @Override
    public Passes passes() {
        return new FakePasses();
    }

    @Override
    public Pairs pairs() {
        return new FakePairs();
    }

    @Override
    public Folders folders() {
        return new FakeFolders();
    }

    @Override
    public Pages pages() {
        return new FakePages();
    }

    @Override
    public Items items() {
        return new FakeItems();
    }

    @Override
    public Leases leases() {
        return new FakeLeases();
    }

    @Override
    public Intents intents() {
        return new FakeIntents();
    }

    @Override
    public void close() {
        // The data belongs to all clients.
    }

    private <T> T call(String name, Supplier<T> work) {
        return faults.run(name, message -> new LedgerException(message, null), () -> {
            synchronized (data) {
                return work.get();
            }
        });
    }

    private void write(String name, Runnable work) {
        call(name, () -> {
            work.run();
            return null;
        });
    }

    private static final class Data {
        final Map<PassId, Passes.Pass> passes = new LinkedHashMap<>();
        final Map<PassId, Map<PairId, Passes.PassPair>> passPairs = new HashMap<>();
        final Map<PassId, Map<PairId, String>> pairEnds = new HashMap<>();
        final Map<PairName, Pairs.Pair> pairs = new LinkedHashMap<>();
        final Map<PairId, PairName> pairNames = new HashMap<>();
        int pairsMade;
        final Map<Life, Set<PassId>> completed = new HashMap<>();
        final Map<Life, Map<FolderId, Folders.Folder>> folders = new HashMap<>();
        final Map<Life, Map<FolderId, Folders.Watermark>> watermarks = new HashMap<>();
        final Map<PairId, Set<FolderEnd>> folderEnds = new HashMap<>();
        final Map<PairId, Set<ScanEnd>> scanEnds = new HashMap<>();
        final Map<FolderKey, Map<PageRef, PageRow>> pages = new HashMap<>();
        final Map<FolderKey, TreeMap<Long, SourceItem>> seen = new HashMap<>();
        final Map<FolderKey, TreeMap<Long, Items.Done>> done = new HashMap<>();
        final Map<FolderKey, TreeMap<Long, Map<PassId, Items.Failed>>> failed = new HashMap<>();
        final Map<FolderKey, Summary> summaries = new HashMap<>();
        final Map<FolderKey, TreeMap<Long, String>> messageIds = new HashMap<>();
        final Map<FolderKey, TreeMap<Long, FlagsRow>> flags = new HashMap<>();
        final Map<Claims, TreeMap<Long, ItemKey>> claims = new HashMap<>();
        final Map<TargetFolder, Leases.Lease> leases = new HashMap<>();
        final Map<IntentId, Intents.Intent> intents = new HashMap<>();
        final Set<IntentId> closedIntents = new HashSet<>();

        PairId freshId() {
            PairId id = new PairId("p" + ++pairsMade);
            return pairNames.containsKey(id) ? freshId() : id;
        }

        Pairs.Pair named(PairName name, PairId id) {
            pairNames.put(id, name);
            return new Pairs.Pair(id, name, 1);
        }
    }

    private record Summary(PassId pass, Set<Long> uids) { }

    private record Life(PairId pair, int generation) { }

    private record FlagsRow(long epoch, int step, Items.FollowedFlags flags) {
        boolean isAbove(FlagsRow other) {
            return epoch > other.epoch || epoch == other.epoch && step >= other.step;
        }
    }

    private record Claims(TargetFolder target, long uidValidity) { }

    private record IntentId(TargetFolder target, long epoch, int group) { }

    private static final class PageRow {
        CopyPage page;
        boolean settled;
        Pages.Parked parked;
    }

    private final class FakePasses implements Passes {
        @Override
        public Optional<Pass> newest(String migration) {
            return call("passes.newest", () -> data.passes.values().stream().filter(pass -> pass.id().migration().equals(migration)).max(Comparator.comparingInt(pass -> pass.id().number())));
        }

        @Override
        public Optional<Pass> get(PassId pass) {
            return call("passes.get", () -> Optional.ofNullable(data.passes.get(pass)));
        }

        @Override
        public boolean create(PassId pass, String spec, boolean full, Instant startedAt) {
            return call("passes.create", () -> data.passes.putIfAbsent(pass, new Pass(pass, PassState.RUNNING, spec, full, startedAt)) == null);
        }

        @Override
        public boolean move(PassId pass, PassState from, PassState to) {
            return call("passes.move", () -> {
                Pass now = data.passes.get(pass);
                if (now == null || now.state() != from) {
                    return false;
                }
                data.passes.put(pass, new Pass(pass, to, now.spec(), now.full(), now.startedAt()));
                return true;
            });
        }

        @Override
        public void putPairs(PassId pass, List<PassPair> pairs) {
            write("passes.putPairs", () -> pairs.forEach(pair -> data.passPairs.computeIfAbsent(pass, p -> new LinkedHashMap<>()).put(pair.pair(), pair)));
        }

        @Override
        public void forEachPair(PassId pass, Consumer<PassPair> pairs) {
            call("passes.forEachPair", () -> List.copyOf(data.passPairs.getOrDefault(pass, Map.of()).values())).forEach(pairs);
        }

        @Override
        public Optional<PassPair> pair(PassId pass, PairId pair) {
            return call("passes.pair", () -> Optional.ofNullable(data.passPairs.getOrDefault(pass, Map.of()).get(pair)));
        }

        @Override
        public void pairEnded(PassId pass, PairId pair, String result) {
            write("passes.pairEnded", () -> data.pairEnds.computeIfAbsent(pass, p -> new HashMap<>()).put(pair, result));
        }

        @Override
        public Optional<String> pairEnd(PassId pass, PairId pair) {
            return call("passes.pairEnd", () -> Optional.ofNullable(data.pairEnds.getOrDefault(pass, Map.of()).get(pair)));
        }

        @Override
        public List<String> migrations() {
            return call("passes.migrations", () -> data.passes.keySet().stream().map(PassId::migration).distinct().toList());
        }
    }

    private final class FakePairs implements Pairs {
        @Override
        public Pair named(PairName name) {
            return call("pairs.named", () -> data.pairs.computeIfAbsent(name, n -> data.named(n, data.freshId())));
        }

        @Override
        public Pair named(PairName name, PairId wanted) {
            return call("pairs.named", () -> data.pairs.computeIfAbsent(name, n -> data.named(n, data.pairNames.containsKey(wanted) ? data.freshId() : wanted)));
        }

        @Override
        public void forEach(Consumer<Pair> pairs) {
            call("pairs.forEach", () -> List.copyOf(data.pairs.values())).forEach(pairs);
        }

        @Override
        public void forEach(int max, Consumer<Pair> pairs) {
            call("pairs.forEach", () -> data.pairs.values().stream().limit(max).toList()).forEach(pairs);
        }

        @Override
        public Optional<Pair> find(PairName name) {
            return call("pairs.find", () -> Optional.ofNullable(data.pairs.get(name)));
        }

        private Optional<Pair> byId(PairId id) {
            return Optional.ofNullable(data.pairNames.get(id)).map(data.pairs::get);
        }

        @Override
        public Optional<Pair> get(PairId id) {
            return call("pairs.get", () -> byId(id));
        }

        @Override
        public boolean nextGeneration(PairId id, int expected) {
            return call("pairs.nextGeneration", () -> {
                Optional<Pair> now = byId(id).filter(pair -> pair.generation() == expected);
                now.ifPresent(pair -> data.pairs.put(pair.name(), new Pair(id, pair.name(), expected + 1)));
                return now.isPresent();
            });
        }

        @Override
        public boolean rename(PairId id, PairName from, PairName to) {
            return call("pairs.rename", () -> {
                Pair standing = data.pairs.get(to);
                if (standing != null) {
                    return standing.id().equals(id);
                }
                Pair pair = data.pairs.get(from);
                if (pair == null || !pair.id().equals(id)) {
                    return false;
                }
                data.pairs.remove(from);
                data.pairs.put(to, new Pair(id, to, pair.generation(), pair.hasCompleted()));
                data.pairNames.put(id, to);
                return true;
            });
        }

        @Override
        public void completed(PairId pair, int generation, PassId pass) {
            write("pairs.completed", () -> {
                data.completed.computeIfAbsent(new Life(pair, generation), l -> new HashSet<>()).add(pass);
                byId(pair).filter(its -> its.generation() == generation).ifPresent(its -> data.pairs.put(its.name(), new Pair(pair, its.name(), generation, true)));
            });
        }

        @Override
        public boolean hasCompleted(PairId pair, int generation) {
            return call("pairs.hasCompleted", () -> data.completed.containsKey(new Life(pair, generation)));
        }

        @Override
        public Set<PassId> completedPasses(PairId pair, int generation) {
            return call("pairs.completedPasses", () -> Set.copyOf(data.completed.getOrDefault(new Life(pair, generation), Set.of())));
        }
    }

    private final class FakeFolders implements Folders {
        @Override
        public List<Folder> of(PairId pair, int generation) {
            return call("folders.of", () -> List.copyOf(data.folders.getOrDefault(new Life(pair, generation), Map.of()).values()));
        }

        @Override
        public void put(PairId pair, int generation, Folder folder) {
            write("folders.put", () -> data.folders.computeIfAbsent(new Life(pair, generation), l -> new LinkedHashMap<>()).put(folder.id(), folder));
        }

        @Override
        public boolean replace(PairId pair, int generation, Folder expected, Folder next) {
            return call("folders.replace", () -> {
                Map<FolderId, Folder> folders = data.folders.computeIfAbsent(new Life(pair, generation), l -> new LinkedHashMap<>());
                Folder now = folders.get(next.id());
                if (!Objects.equals(now, expected) && !next.equals(now)) {
                    return false;
                }
                folders.put(next.id(), next);
                return true;
            });
        }

        @Override
        public List<Watermark> watermarks(PairId pair, int generation) {
            return call("folders.watermarks", () -> List.copyOf(data.watermarks.getOrDefault(new Life(pair, generation), Map.of()).values()));
        }

        @Override
        public boolean putWatermark(PairId pair, int generation, Watermark expected, Watermark next) {
            return call("folders.putWatermark", () -> {
                Map<FolderId, Watermark> marks = data.watermarks.computeIfAbsent(new Life(pair, generation), l -> new LinkedHashMap<>());
                Watermark now = marks.get(next.folder());
                if (!Objects.equals(now, expected) && !next.equals(now)) {
                    return false;
                }
                marks.put(next.folder(), next);
                return true;
            });
        }

        @Override
        public void folderEnded(FolderEnd end) {
            write("folders.folderEnded", () -> data.folderEnds.computeIfAbsent(end.folder().pair(), pair -> new LinkedHashSet<>()).add(end));
        }

        @Override
        public List<FolderEnd> folderEnds(PassId pass, PairId pair, int generation, String scan) {
            return call("folders.folderEnds", () -> data.folderEnds.getOrDefault(pair, Set.of()).stream()
                    .filter(end -> end.pass().equals(pass) && end.folder().generation() == generation && end.scan().equals(scan)).toList());
        }

        @Override
        public void scanEnded(ScanEnd end) {
            write("folders.scanEnded", () -> data.scanEnds.computeIfAbsent(end.pair(), pair -> new LinkedHashSet<>()).add(end));
        }

        @Override
        public List<ScanEnd> scanEnds(PassId pass, PairId pair, int generation) {
            return call("folders.scanEnds", () -> data.scanEnds.getOrDefault(pair, Set.of()).stream().filter(end -> end.pass().equals(pass) && end.generation() == generation).toList());
        }
    }

    private final class FakePages implements Pages {
        private PageRow row(PageRef page) {
            return data.pages.computeIfAbsent(page.folder(), folder -> new LinkedHashMap<>()).computeIfAbsent(page, ref -> new PageRow());
        }

        @Override
        public Set<Integer> put(List<CopyPage> pages) {
            return call("pages.put", () -> {
                Set<Integer> there = new HashSet<>();
                for (CopyPage page : pages) {
                    PageRow row = row(page.ref());
                    if (row.page == null) {
                        row.page = page;
                        row.settled |= page.onlyAsksToSettle();
                    } else {
                        there.add(page.seq());
                    }
                }
                return there;
            });
        }

        @Override
        public void settled(PageRef page) {
            write("pages.settled", () -> row(page).settled = true);
        }

        @Override
        public void park(PageRef page, Instant until, Reason reason, String detail) {
            write("pages.park", () -> row(page).parked = new Parked(until, reason, detail));
        }

        @Override
        public void reopen(PageRef page) {
            write("pages.reopen", () -> row(page).parked = null);
        }

        @Override
        public List<Page> of(PassId pass, FolderKey folder, String scan) {
            return call("pages.of", () -> data.pages.getOrDefault(folder, Map.of()).entrySet().stream()
                    .filter(row -> row.getValue().page != null && row.getKey().pass().equals(pass) && row.getKey().scan().equals(scan))
                    .sorted(Comparator.comparingInt(row -> row.getKey().seq()))
                    .map(row -> new Page(row.getValue().page, row.getValue().settled, row.getValue().settled ? null : row.getValue().parked)).toList());
        }
    }

    private final class FakeItems implements Items {
        @Override
        public void seen(FolderKey folder, String scan, List<SourceItem> items) {
            write("items.seen", () -> items.forEach(item -> data.seen.computeIfAbsent(folder, f -> new TreeMap<>()).putIfAbsent(item.uid(), item)));
        }

        @Override
        public void forEachSeen(FolderKey folder, Consumer<SourceItem> items) {
            call("items.forEachSeen", () -> List.copyOf(data.seen.getOrDefault(folder, new TreeMap<>()).values())).forEach(items);
        }

        @Override
        public Map<Long, SourceItem> seenAmong(FolderKey folder, Collection<Long> uids) {
            return call("items.seenAmong", () -> {
                Map<Long, SourceItem> seen = new TreeMap<>(data.seen.getOrDefault(folder, new TreeMap<>()));
                seen.keySet().retainAll(Set.copyOf(uids));
                return seen;
            });
        }

        @Override
        public Map<Long, Facts> facts(FolderKey folder, Collection<Long> uids) {
            return call("items.facts", () -> {
                Map<Long, Facts> facts = new TreeMap<>();
                for (long uid : uids) {
                    Done done = data.done.getOrDefault(folder, new TreeMap<>()).get(uid);
                    List<Failed> failures = List.copyOf(data.failed.getOrDefault(folder, new TreeMap<>()).getOrDefault(uid, Map.of()).values());
                    if (done != null || !failures.isEmpty()) {
                        facts.put(uid, new Facts(done, failures));
                    }
                }
                return facts;
            });
        }

        @Override
        public void done(FolderKey folder, List<Done> items) {
            write("items.done", () -> items.forEach(item -> data.done.computeIfAbsent(folder, f -> new TreeMap<>()).putIfAbsent(item.uid(), item)));
        }

        @Override
        public void forEachDone(FolderKey folder, Consumer<Done> items) {
            call("items.forEachDone", () -> List.copyOf(data.done.getOrDefault(folder, new TreeMap<>()).values())).forEach(items);
        }

        @Override
        public void summarise(FolderKey folder, PassId pass, PrimitiveIterator.OfLong uids) {
            TreeSet<Long> all = new TreeSet<>();
            uids.forEachRemaining((LongConsumer) all::add);
            write("items.summarise", () -> data.summaries.put(folder, new Summary(pass, all)));
        }

        @Override
        public void forEachSummarised(FolderKey folder, PassId but, LongConsumer uids) {
            call("items.forEachSummarised", () -> {
                Summary summary = data.summaries.get(folder);
                return summary == null || summary.pass().equals(but) ? List.<Long>of() : List.copyOf(summary.uids());
            }).forEach(uids::accept);
        }

        @Override
        public Set<Long> summarised(FolderKey folder, Collection<Long> uids) {
            return call("items.summarised", () -> {
                Set<Long> known = new HashSet<>(uids);
                known.retainAll(data.summaries.containsKey(folder) ? data.summaries.get(folder).uids() : Set.of());
                return known;
            });
        }

        @Override
        public void failed(FolderKey folder, List<Failed> items) {
            write("items.failed", () -> items.forEach(item -> data.failed.computeIfAbsent(folder, f -> new TreeMap<>())
                    .computeIfAbsent(item.uid(), uid -> new TreeMap<>(Comparator.comparing(PassId::migration).thenComparing(PassId::number))).merge(item.pass(), item, (first, next) -> first.reason() != Reason.AMBIGUOUS && next.reason() == Reason.AMBIGUOUS ? next : first)));
        }

        @Override
        public void forEachFailed(FolderKey folder, Consumer<Failed> items) {
            call("items.forEachFailed", () -> data.failed.getOrDefault(folder, new TreeMap<>()).values().stream().flatMap(attempts -> attempts.values().stream()).toList()).forEach(items);
        }

        @Override
        public void forgive(FolderKey folder, List<Failed> attempts) {
            write("items.forgive", () -> attempts.forEach(attempt -> data.failed.getOrDefault(folder, new TreeMap<>()).getOrDefault(attempt.uid(), Map.of())
                    .computeIfPresent(attempt.pass(), (pass, failed) -> new Failed(failed.uid(), pass, failed.reason(), failed.detail(), true, failed.messageId(), failed.sizeBytes()))));
        }

        @Override
        public void messageIds(FolderKey folder, Map<Long, String> ids) {
            write("items.messageIds", () -> data.messageIds.computeIfAbsent(folder, f -> new TreeMap<>()).putAll(ids));
        }

        @Override
        public void forEachMessageId(FolderKey folder, BiConsumer<Long, String> ids) {
            call("items.forEachMessageId", () -> new TreeMap<>(data.messageIds.getOrDefault(folder, new TreeMap<>()))).forEach(ids);
        }

        @Override
        public void flags(FolderKey folder, long epoch, int step, List<FollowedFlags> items) {
            write("items.flags", () -> items.forEach(item -> data.flags.computeIfAbsent(folder, f -> new TreeMap<>())
                    .merge(item.uid(), new FlagsRow(epoch, step, item), (there, next) -> next.isAbove(there) ? next : there)));
        }

        @Override
        public Map<Long, FollowedFlags> flags(FolderKey folder, Collection<Long> uids) {
            return call("items.flagsOf", () -> {
                Map<Long, FollowedFlags> found = new TreeMap<>();
                uids.forEach(uid -> Optional.ofNullable(data.flags.getOrDefault(folder, new TreeMap<>()).get(uid)).ifPresent(row -> found.put(uid, row.flags())));
                return found;
            });
        }

        @Override
        public void claim(TargetFolder target, long uidValidity, Map<Long, ItemKey> items) {
            write("items.claim", () -> items.forEach(data.claims.computeIfAbsent(new Claims(target, uidValidity), c -> new TreeMap<>())::putIfAbsent));
        }

        @Override
        public Map<Long, ItemKey> claimed(TargetFolder target, long uidValidity, long fromUid) {
            return call("items.claimed", () -> new TreeMap<>(data.claims.getOrDefault(new Claims(target, uidValidity), new TreeMap<>()).tailMap(fromUid)));
        }

        @Override
        public OptionalLong newestClaim(TargetFolder target, long uidValidity) {
            return call("items.newestClaim", () -> {
                TreeMap<Long, ItemKey> claims = data.claims.getOrDefault(new Claims(target, uidValidity), new TreeMap<>());
                return claims.isEmpty() ? OptionalLong.empty() : OptionalLong.of(claims.lastKey());
            });
        }
    }

    private final class FakeLeases implements Leases {
        @Override
        public Optional<Lease> read(TargetFolder folder) {
            return call("leases.read", () -> Optional.ofNullable(data.leases.get(folder)));
        }

        @Override
        public Taken take(TargetFolder folder, Lease seen, String token) {
            return call("leases.take", () -> {
                Lease now = data.leases.get(folder);
                if (now != null && now.token().equals(token)) {
                    return new Taken(true, now);
                }
                if (!Objects.equals(now, seen)) {
                    return new Taken(false, now);
                }
                Lease taken = now == null ? new Lease(token, 1, 0) : new Lease(token, now.epoch() + 1, now.settledEpoch());
                data.leases.put(folder, taken);
                return new Taken(true, taken);
            });
        }

        @Override
        public boolean renew(TargetFolder folder, String oldToken, String newToken) {
            return call("leases.renew", () -> held(folder, newToken) || held(folder, oldToken) && replace(folder, newToken, data.leases.get(folder).settledEpoch()));
        }

        @Override
        public boolean settled(TargetFolder folder, String token, long epoch) {
            return call("leases.settled", () -> held(folder, token) && replace(folder, token, epoch));
        }

        @Override
        public void release(TargetFolder folder, String token, long settledEpoch) {
            write("leases.release", () -> {
                if (held(folder, token)) {
                    replace(folder, "", settledEpoch);
                }
            });
        }

        private boolean held(TargetFolder folder, String token) {
            Lease now = data.leases.get(folder);
            return now != null && now.token().equals(token);
        }

        private boolean replace(TargetFolder folder, String token, long settledEpoch) {
            data.leases.put(folder, new Lease(token, data.leases.get(folder).epoch(), settledEpoch));
            return true;
        }
    }

    private final class FakeIntents implements Intents {
        @Override
        public void open(Intent intent) {
            write("intents.open", () -> data.intents.putIfAbsent(new IntentId(intent.target(), intent.epoch(), intent.group()), intent));
        }

        @Override
        public void close(TargetFolder target, long epoch, int group) {
            write("intents.close", () -> data.closedIntents.add(new IntentId(target, epoch, group)));
        }

        @Override
        public List<Intent> open(TargetFolder target, long fromEpoch, long toEpoch) {
            return call("intents.list", () -> {
                List<Intent> open = new ArrayList<>();
                data.intents.forEach((id, intent) -> {
                    if (id.target().equals(target) && id.epoch() >= fromEpoch && id.epoch() <= toEpoch && !data.closedIntents.contains(id)) {
                        open.add(intent);
                    }
                });
                open.sort(Comparator.comparingLong(Intent::epoch).thenComparingInt(Intent::group));
                return open;
            });
        }
    }
}
