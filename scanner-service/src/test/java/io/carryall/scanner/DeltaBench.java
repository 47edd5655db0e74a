package io.carryall.scanner;

import io.carryall.core.fold.FolderCounts;
import io.carryall.core.fold.FolderFold;
import io.carryall.core.item.Fingerprinter;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PairName;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.migration.Filter;
import io.carryall.core.migration.FolderMap;
import io.carryall.core.migration.MailServer;
import io.carryall.core.migration.MailServer.Login;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.migration.MigrationSpec.RenamesPolicy;
import io.carryall.core.migration.MigrationSpec.RevisedPolicy;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.FollowedFlags;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailSystem;
import io.carryall.core.port.MailboxLogin;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.Secret;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.SourceSession;
import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ItemsPage;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.ScanRequest;
import io.carryall.core.record.PipelineRecord.Warning;
import io.carryall.core.record.Topic;
import io.carryall.core.register.Register;
import io.carryall.json.MigrationJson;
import io.carryall.runtime.Connections;
import io.carryall.runtime.ConnectionsConfig;
import io.carryall.runtime.ConnectionsListener;
import io.carryall.runtime.Logins;
import io.carryall.runtime.PassContexts;
import io.carryall.runtime.PassGate;
import io.carryall.runtime.Secrets;
import io.carryall.runtime.StepMetrics;
import io.carryall.runtime.SystemClock;
import io.carryall.testkit.fake.FakeLedger;
import io.carryall.testkit.fake.FakeQueue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Passes over one mailbox with a real scanner. What comes of them is registered and copied in the simplest way: a copied item is a fact in the ledger, and its subject told. */
final class DeltaBench implements AutoCloseable {
    private static final Pattern SUBJECT = Pattern.compile("(?m)^Subject: (.*?)\r?$");

    private final MailSystem mail;
    private final ServerAddress address;
    private final String password;
    private final String source;
    private final String target;
    private final SystemClock clock = new SystemClock();
    private final FakeQueue queue = new FakeQueue();
    private final Connections connections;
    private PairId pair;
    private String system = "old";
    final FakeLedger ledger = new FakeLedger();
    RenamesPolicy renames = RenamesPolicy.FOLLOW;
    RevisedPolicy revised = RevisedPolicy.LEAVE;
    FolderMap map = FolderMap.NONE;
    boolean adopt;
    private int generation = 1;
    private int passes;
    private long targetUids;

    DeltaBench(MailSystem mail, ServerAddress address, String password, String source, String target) {
        this.mail = mail;
        this.address = address;
        this.password = password;
        this.source = source;
        this.target = target;
        connections = new Connections(mail, new Logins(new Secrets(Path.of("/nowhere"), name -> password)), clock, ConnectionsConfig.DEFAULT, ConnectionsListener.NONE);
        pair = ledger.pairs().named(new PairName("old", source, "new", target)).id();
    }

    /** @param copied subjects, each behind the target folder that it went to */
    record Outcome(ScanEnd scan, List<String> copied, FolderCounts counts) {
        List<String> warned() {
            return scan.warnings().stream().map(Warning::what).toList();
        }
    }

    private record Tuning() implements ScannerSettings {
        @Override
        public int workers() {
            return 1;
        }

        @Override
        public int pageItems() {
            return 4;
        }

        @Override
        public int attempts() {
            return 3;
        }

        @Override
        public long giveUpMillis() {
            return 60_000;
        }

        @Override
        public long busyMillisMax() {
            return 10_000;
        }

        @Override
        public long graceMillis() {
            return 1_000;
        }
    }

    /** The source is met as one of that system from now on. */
    void system(String name) {
        system = name;
        PairName named = new PairName(name, source, "new", target);
        pair = ledger.pairs().named(named).id();
        generation = ledger.pairs().named(named).generation();
    }

    /** One whole pass. */
    Outcome pass() throws Exception {
        PassId pass = begin();
        scan(pass);
        return complete(pass);
    }

    PassId begin() {
        PassId pass = new PassId("acme", ++passes);
        MailServer server = new MailServer(system, address, true, Login.EACH_USER);
        MigrationSpec spec = new MigrationSpec("acme", server, new MailServer("new", address, true, Login.EACH_USER), Filter.EVERYTHING, map, null, revised, renames, false, null, null);
        ledger.passes().create(pass, new MigrationJson().write(spec).replaceFirst("^\\{", "{\"adopt\":" + adopt + ","), true, Instant.now());
        ledger.passes().putPairs(pass, List.of(new PassPair(pair, generation, true, source, target, null, null, "env:A", "env:B")));
        return pass;
    }

    /** Only the scan: as if everything after it were away. */
    void scan(PassId pass) throws InterruptedException {
        Scanner.Parts parts = new Scanner.Parts(ledger, queue, connections, new PassContexts(ledger), new PassGate(ledger, clock), clock, new StepMetrics(new SimpleMeterRegistry()), new Tuning());
        new Scanner(parts).handle(new ScanRequest(pass, pair, generation));
    }

    Outcome complete(PassId pass) throws MailException {
        ScanEnd scan = published(pass, ScanEnd.class).stream().reduce((a, b) -> b).orElseThrow();
        List<String> copied = new ArrayList<>();
        for (ItemsPage page : published(pass, ItemsPage.class)) {
            List<SourceItem> open = Register.of(page.items(), ledger.items().facts(page.folder(), page.items().stream().map(SourceItem::uid).toList()), Filter.EVERYTHING.onItems(), pass).toCopy().items();
            ledger.items().seen(page.folder(), page.scan(), page.items());
            copy(page, open, copied);
        }
        FolderCounts counts = FolderCounts.NONE;
        for (FolderEnd end : published(pass, FolderEnd.class)) {
            Watermark before = ledger.folders().watermarks(pair, generation).stream().filter(mark -> mark.folder().equals(end.folder().folder())).findFirst().orElse(null);
            ledger.folders().putWatermark(pair, generation, before, new Watermark(end.folder().folder(), end.status(), Filter.EVERYTHING.onItems().hash(), end.scan(), 0, 0, 0, 0, 0));
            counts = counts.plus(fold(pass, end));
        }
        return new Outcome(scan, copied.stream().sorted().toList(), counts);
    }

    private FolderCounts fold(PassId pass, FolderEnd end) {
        FolderFold fold = new FolderFold(pass, Filter.EVERYTHING.onItems(), 100);
        ledger.items().forEachDone(end.folder(), fold::done);
        for (long state : row(end.folder().folder()).former()) {
            ledger.items().forEachDone(new FolderKey(pair, generation, end.folder().folder(), state), fold::former);
        }
        ledger.items().forEachSeen(end.folder(), fold::seen);
        return fold.finish(null, 0, 0).counts();
    }

    private void copy(ItemsPage page, List<SourceItem> open, List<String> copied) throws MailException {
        MailboxLogin login = new MailboxLogin(address, source, source, null, null, new Secret(password));
        try (SourceSession session = mail.openSource(login)) {
            Copying copying = new Copying(page, copied);
            session.fetch(row(page.folder().folder()).rawName(), page.folder().serverUidValidity(), open.stream().map(SourceItem::uid).toList(), copying);
        }
    }

    private final class Copying implements SourceSession.Receiver {
        private final ItemsPage page;
        private final List<String> copied;
        private ByteArrayOutputStream bytes;

        Copying(ItemsPage page, List<String> copied) {
            this.page = page;
            this.copied = copied;
        }

        @Override
        public OutputStream content(long uid) {
            bytes = new ByteArrayOutputStream();
            return bytes;
        }

        @Override
        public void fetched(long uid, Set<String> flags, OffsetDateTime date) {
            Fingerprinter fingerprinter = new Fingerprinter();
            fingerprinter.update(bytes.toByteArray(), 0, bytes.size());
            ledger.items().done(page.folder(), List.of(new Done(uid, page.pass(), How.COPIED, fingerprinter.finish(date.toEpochSecond()).fingerprint(), page.target(), 9, ++targetUids, flags, Set.of())));
            Matcher subject = SUBJECT.matcher(bytes.toString(StandardCharsets.UTF_8));
            copied.add(page.target().folder() + ": " + (subject.find() ? subject.group(1) : ""));
        }

        @Override
        public void unreadable(long uid, String detail) {
            throw new AssertionError(detail);
        }
    }

    void reset() {
        ledger.pairs().nextGeneration(pair, generation++);
    }

    FolderKey key(Folder folder) {
        return new FolderKey(pair, generation, folder.id(), folder.uidValidity());
    }

    /** Failed items of that folder are to be tried again. */
    void again(String path) {
        Watermark mark = ledger.folders().watermarks(pair, generation).stream().filter(candidate -> candidate.folder().equals(row(path).orElseThrow().id())).findFirst().orElseThrow();
        ledger.folders().putWatermark(pair, generation, mark, new Watermark(mark.folder(), mark.status(), mark.filterHash(), mark.scan(), 0, 0, 0, 0, 1));
    }

    Folder row(FolderId id) {
        return ledger.folders().of(pair, generation).stream().filter(folder -> folder.id().equals(id)).findFirst().orElseThrow();
    }

    Optional<Folder> row(String path) {
        return ledger.folders().of(pair, generation).stream().filter(folder -> folder.path().equals(path)).findFirst();
    }

    /** How the items of that folder are done, in its present state. */
    Map<How, Long> hows(String path) {
        Folder folder = row(path).orElseThrow();
        Map<How, Long> hows = new EnumMap<>(How.class);
        ledger.items().forEachDone(new FolderKey(pair, generation, folder.id(), folder.uidValidity()), fact -> hows.merge(fact.how(), 1L, Long::sum));
        return hows;
    }

    /** What is known of the flags of items of that folder, in its present state. */
    List<FollowedFlags> followed(String path) {
        Folder folder = row(path).orElseThrow();
        FolderKey key = new FolderKey(pair, generation, folder.id(), folder.uidValidity());
        List<Long> uids = new ArrayList<>();
        ledger.items().forEachDone(key, fact -> uids.add(fact.uid()));
        return List.copyOf(ledger.items().flags(key, uids).values());
    }

    /** Which messages of the target the items of that folder, in its present state, came from or went to. */
    Set<Long> targetUids(String path) {
        Folder folder = row(path).orElseThrow();
        Set<Long> uids = new TreeSet<>();
        ledger.items().forEachDone(new FolderKey(pair, generation, folder.id(), folder.uidValidity()), fact -> uids.add(fact.targetUid()));
        return uids;
    }

    <R extends PipelineRecord> List<R> published(PassId pass, Class<R> type) {
        return queue.published(Topic.ITEMS).stream().filter(type::isInstance).map(type::cast).filter(record -> record.pass().equals(pass)).toList();
    }

    /** Waits for the first record that copiers get in this pass. */
    CopyPage firstOnItsWay(PassId pass) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (System.nanoTime() < deadlineNanos) {
            Optional<CopyPage> first = queue.published(Topic.COPIES).stream().map(CopyPage.class::cast).filter(page -> page.pass().equals(pass)).findFirst();
            if (first.isPresent()) {
                return first.get();
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        throw new AssertionError("nothing was published for the copiers");
    }

    @Override
    public void close() {
        connections.close();
    }
}
