package io.carryall.scanner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carryall.core.item.PairId;
import io.carryall.core.item.PairName;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.migration.Filter;
import io.carryall.core.migration.FolderMap;
import io.carryall.core.migration.MailServer;
import io.carryall.core.migration.MailServer.Login;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailSystem;
import io.carryall.core.port.MailboxLogin;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.ServerAddress.Security;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.TargetSession;
import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.PipelineRecord.ExcludedFolder;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ItemsPage;
import io.carryall.core.record.PipelineRecord.LookRequest;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.ScanRequest;
import io.carryall.core.record.PipelineRecord.StandingFolder;
import io.carryall.core.record.PipelineRecord.Warning;
import io.carryall.core.record.Topic;
import io.carryall.json.MigrationJson;
import io.carryall.runtime.Acquired;
import io.carryall.runtime.Connections;
import io.carryall.runtime.ConnectionsConfig;
import io.carryall.runtime.ConnectionsListener;
import io.carryall.runtime.Logins;
import io.carryall.runtime.PassContext;
import io.carryall.runtime.PassContexts;
import io.carryall.runtime.PassGate;
import io.carryall.runtime.Secrets;
import io.carryall.runtime.StepMetrics;
import io.carryall.runtime.SystemClock;
import io.carryall.testkit.fake.FakeLedger;
import io.carryall.testkit.fake.FakeMailServer;
import io.carryall.testkit.fake.FakeQueue;
import io.carryall.testkit.fake.Faults;
import io.carryall.testkit.mail.Mail;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ScannerTest {
    private static final PassId PASS = new PassId("acme", 1);
    private static final String SOURCE = "Ann@old.example";
    private static final String TARGET = "Ann@new.example";

    private final FakeMailServer mail = new FakeMailServer();
    private final FakeLedger ledger = new FakeLedger();
    private final FakeQueue queue = new FakeQueue();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final SystemClock clock = new SystemClock();
    private final Set<String> unreadable = new HashSet<>();
    private final Set<String> neverAnswered = new HashSet<>();
    private final Connections connections = new Connections(new Hiding(mail, unreadable, neverAnswered), new Logins(new Secrets(Path.of("/nowhere"), name -> FakeMailServer.PASSWORD)), clock, ConnectionsConfig.DEFAULT, ConnectionsListener.NONE);

    private PairId pair;

    /** Lists these folders and does not tell what is in them; to those that it never answers it says nothing at all. */
    private record Hiding(MailSystem mail, Set<String> folders, Set<String> neverAnswered) implements MailSystem {
        @Override
        public SourceSession openSource(MailboxLogin login) throws MailException {
            SourceSession session = mail.openSource(login);
            return (SourceSession) Proxy.newProxyInstance(SourceSession.class.getClassLoader(), new Class<?>[] {SourceSession.class}, (proxy, method, arguments) -> {
                if (method.getName().equals("listing") && neverAnswered.contains(login.mailbox())) {
                    throw new MailException(MailException.Kind.TIMEOUT, "the server did not answer in time");
                }
                Object answer = method.invoke(session, arguments);
                if (answer instanceof SourceSession.Listing listing) {
                    listing.statuses().keySet().removeAll(folders);
                }
                return answer;
            });
        }

        @Override
        public TargetSession openTarget(MailboxLogin login) throws MailException {
            return mail.openTarget(login);
        }
    }

    /** Small pages and no patience. */
    record Impatient() implements ScannerSettings {
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
            return 2;
        }

        @Override
        public long giveUpMillis() {
            return 60_000;
        }

        @Override
        public long busyMillisMax() {
            return 1_000;
        }

        @Override
        public long graceMillis() {
            return 1_000;
        }
    }

    @BeforeEach
    void startPass() {
        pair = ledger.pairs().named(new PairName("old", SOURCE, "new", TARGET)).id();
        mail.mailbox(SOURCE).create("Work");
        mail.mailbox(SOURCE).subscribe("Work");
        start(PASS, Filter.EVERYTHING, FolderMap.NONE);
    }

    @AfterEach
    void close() {
        connections.close();
    }

    private void start(PassId pass, Filter filter, FolderMap map) {
        ServerAddress address = new ServerAddress("mail.example", 143, Security.NONE, null);
        MigrationSpec spec = new MigrationSpec("acme", new MailServer("old", address, true, Login.EACH_USER), new MailServer("new", address, true, Login.EACH_USER), filter, map, null, null, null, false, null, null);
        ledger.passes().create(pass, new MigrationJson().write(spec), true, Instant.now());
        ledger.passes().putPairs(pass, List.of(new PassPair(pair, 1, true, SOURCE, TARGET, null, null, "env:A", "env:B")));
    }

    @Test
    void a_mailbox_is_published_in_pages_folder_by_folder() throws Exception {
        fill("INBOX", 10);
        fill("Work", 3);
        scan(PASS);

        List<ItemsPage> pages = published(ItemsPage.class);
        assertThat(pages).extracting(page -> page.items().size()).containsExactlyInAnyOrder(4, 4, 2, 3);
        Folder inbox = row("INBOX");
        List<ItemsPage> ofInbox = pages.stream().filter(page -> page.folder().folder().equals(inbox.id())).toList();
        assertThat(ofInbox).extracting(ItemsPage::seq).containsExactly(0, 1, 2);
        assertThat(ofInbox.stream().flatMap(page -> page.items().stream())).extracting(SourceItem::uid).containsExactlyElementsOf(IntStream.rangeClosed(1, 10).mapToObj(Long::valueOf).toList());
        assertThat(ofInbox.get(0).target()).isEqualTo(new TargetFolder("new/ann@new.example", "INBOX"));

        FolderEnd end = published(FolderEnd.class).stream().filter(one -> one.folder().folder().equals(inbox.id())).findFirst().orElseThrow();
        assertThat(end.pages()).isEqualTo(3);
        assertThat(end.status().messages()).isEqualTo(10);
        assertThat(end.status().uidNext()).isEqualTo(11);
        ScanEnd scanEnd = only();
        assertThat(scanEnd.failure()).isNull();
        assertThat(scanEnd.enumerated()).containsExactlyInAnyOrder(inbox.id(), row("Work").id());
        assertThat(registry.get("carryall.step.items").tag("step", "scan").counter().count()).isEqualTo(13);
    }

    @Test
    void folders_are_made_and_subscribed_on_the_target_empty_ones_too() throws Exception {
        scan(PASS);
        assertThat(mail.mailbox(TARGET).snapshot().folders()).containsKey("Work");
        assertThat(mail.mailbox(TARGET).snapshot().subscribed()).contains("Work");
        assertThat(published(ItemsPage.class)).isEmpty();
        assertThat(published(FolderEnd.class)).extracting(FolderEnd::pages).containsExactly(0, 0);
    }

    @Test
    void where_the_ledger_knows_the_way_the_target_is_left_alone() throws Exception {
        scan(PASS);
        int logins = mail.logins();
        PassId next = new PassId("acme", 2);
        start(next, Filter.EVERYTHING, FolderMap.NONE);
        mail.refuseLogin(TARGET);
        scan(next);
        assertThat(published(ScanEnd.class)).extracting(ScanEnd::failure).containsOnlyNulls();
        assertThat(mail.logins()).isEqualTo(logins + 1);
    }

    @Test
    void what_stands_where_its_watermark_stands_is_skipped_and_what_grew_is_enumerated_from_there() throws Exception {
        fill("INBOX", 5);
        fill("Work", 5);
        scan(PASS);
        for (FolderEnd end : published(FolderEnd.class)) {
            ledger.folders().putWatermark(pair, 1, null, new Watermark(end.folder().folder(), end.status(), Filter.EVERYTHING.onItems().hash(), end.scan(), 5, 5, 0, 0, 0));
        }
        fill("Work", 1);
        PassId next = new PassId("acme", 2);
        start(next, Filter.EVERYTHING, FolderMap.NONE);
        scan(next);
        List<ItemsPage> pages = published(ItemsPage.class).stream().filter(page -> page.pass().equals(next)).toList();
        assertThat(pages).singleElement().satisfies(page -> assertThat(page.items()).extracting(SourceItem::uid).containsExactly(6L));
        ScanEnd end = published(ScanEnd.class).stream().filter(one -> one.pass().equals(next)).findFirst().orElseThrow();
        assertThat(end.skipped()).containsExactly(row("INBOX").id());
        assertThat(end.enumerated()).containsExactly(row("Work").id());
    }

    @Test
    void that_nothing_changed_in_a_pair_is_written_down_at_once_and_says_how_it_ended() throws Exception {
        fill("INBOX", 5);
        scan(PASS);
        for (FolderEnd end : published(FolderEnd.class)) {
            long messages = end.status().messages();
            ledger.folders().putWatermark(pair, 1, null, new Watermark(end.folder().folder(), end.status(), Filter.EVERYTHING.onItems().hash(), end.scan(), messages, messages, 0, 0, 0));
        }
        PassId again = new PassId("acme", 2);
        start(again, Filter.EVERYTHING, FolderMap.NONE);
        scan(again);
        assertThat(published(ScanEnd.class)).as("a pair that has not completed a pass is folded by control").extracting(ScanEnd::pass).containsExactly(PASS, again);
        assertThat(published(ScanEnd.class).get(1).standing()).isEmpty();

        PassId next = new PassId("acme", 3);
        start(next, Filter.EVERYTHING, FolderMap.NONE);
        ledger.passes().putPairs(next, List.of(new PassPair(pair, 1, false, SOURCE, TARGET, null, null, "env:A", "env:B")));
        scan(next);
        assertThat(published(ScanEnd.class)).extracting(ScanEnd::pass).containsExactly(PASS, again);
        assertThat(ledger.folders().scanEnds(next, pair, 1)).singleElement().satisfies(end -> {
            assertThat(end.standing()).containsExactly(new StandingFolder("INBOX", "INBOX", 5, 5, 0), new StandingFolder("Work", "Work", 0, 0, 0));
            assertThat(end.skipped()).hasSize(2);
        });
    }

    @Test
    void of_pairs_that_are_looked_at_together_those_that_stand_are_done_with_and_the_others_are_to_be_scanned() throws Exception {
        fill("INBOX", 5);
        scan(PASS);
        for (FolderEnd end : published(FolderEnd.class)) {
            long messages = end.status().messages();
            ledger.folders().putWatermark(pair, 1, null, new Watermark(end.folder().folder(), end.status(), Filter.EVERYTHING.onItems().hash(), end.scan(), messages, messages, 0, 0, 0));
        }
        PairId unknown = ledger.pairs().named(new PairName("old", "Ben@old.example", "new", "Ben@new.example")).id();
        PairId away = ledger.pairs().named(new PairName("old", "Cleo@old.example", "new", "Cleo@new.example")).id();
        mail.mailbox("Ben@old.example");
        PassId next = new PassId("acme", 3);
        start(next, Filter.EVERYTHING, FolderMap.NONE);
        ledger.passes().putPairs(next, List.of(new PassPair(pair, 1, false, SOURCE, TARGET, null, null, "env:A", "env:B"),
                new PassPair(unknown, 1, false, "Ben@old.example", "Ben@new.example", null, null, "env:A", "env:B"), new PassPair(away, 1, false, "Cleo@old.example", "Cleo@new.example", null, null, "env:A", "env:B")));
        look(next, away, pair, unknown);

        assertThat(ledger.folders().scanEnds(next, pair, 1)).singleElement().satisfies(end -> {
            assertThat(end.standing()).containsExactly(new StandingFolder("INBOX", "INBOX", 5, 5, 0), new StandingFolder("Work", "Work", 0, 0, 0));
            assertThat(end.skipped()).containsExactlyInAnyOrder(row("INBOX").id(), row("Work").id());
        });
        assertThat(queue.published(Topic.SCANS)).containsExactlyInAnyOrder(new ScanRequest(next, away, 1), new ScanRequest(next, unknown, 1));

        fill("Work", 1);
        PassId last = new PassId("acme", 4);
        start(last, Filter.EVERYTHING, FolderMap.NONE);
        ledger.passes().putPairs(last, List.of(new PassPair(pair, 1, false, SOURCE, TARGET, null, null, "env:A", "env:B")));
        look(last, pair);
        assertThat(ledger.folders().scanEnds(last, pair, 1)).isEmpty();
        assertThat(queue.published(Topic.SCANS)).contains(new ScanRequest(last, pair, 1));
    }

    @Test
    void a_server_that_says_nothing_is_waited_for_once_in_a_run_of_looks_and_the_pairs_behind_are_left_to_scans() throws Exception {
        List<PassPair> pairs = new ArrayList<>();
        for (String name : List.of("Ann", "Ben", "Cleo")) {
            PairName named = new PairName("old", name + "@old.example", "new", name + "@new.example");
            mail.mailbox(named.sourceMailbox());
            pairs.add(new PassPair(ledger.pairs().named(named).id(), 1, true, named.sourceMailbox(), named.targetMailbox(), null, null, "env:A", "env:B"));
        }
        ledger.passes().putPairs(PASS, pairs);
        for (PassPair each : pairs) {
            handle(new ScanRequest(PASS, each.pair(), 1));
        }
        for (FolderEnd end : published(FolderEnd.class)) {
            ledger.folders().putWatermark(end.folder().pair(), 1, null, new Watermark(end.folder().folder(), end.status(), Filter.EVERYTHING.onItems().hash(), end.scan(), 0, 0, 0, 0, 0));
        }
        PassId next = new PassId("acme", 2);
        start(next, Filter.EVERYTHING, FolderMap.NONE);
        ledger.passes().putPairs(next, pairs.stream().map(each -> new PassPair(each.pair(), 1, false, each.source(), each.target(), null, null, "env:A", "env:B")).toList());
        neverAnswered.addAll(pairs.stream().map(PassPair::source).toList());
        int logins = mail.logins();
        look(next, pairs.get(0).pair(), pairs.get(1).pair(), pairs.get(2).pair());
        assertThat(mail.logins()).as("a timeout costs two minutes").isEqualTo(logins + 1);
        assertThat(queue.published(Topic.SCANS)).containsExactlyInAnyOrderElementsOf(pairs.stream().map(each -> new ScanRequest(next, each.pair(), 1)).toList());
    }

    @Test
    void folders_go_where_the_operator_sends_them_and_excluded_ones_are_listed() throws Exception {
        fill("Work", 2);
        PassId pass = new PassId("acme", 2);
        start(pass, new Filter(null, null, null, List.of("INBOX"), null), new FolderMap(Map.of("Work", "Old/W|k")));
        scan(pass);
        assertThat(published(ItemsPage.class)).singleElement().satisfies(page -> assertThat(page.target().folder()).isEqualTo("Old|W=7Ck"));
        assertThat(only().excluded()).containsExactly(new ExcludedFolder("INBOX", 0));
        assertThat(only().warnings()).extracting(Warning::what).containsExactly("folder-renamed");
    }

    @Test
    void a_refused_login_ends_the_scan_at_once_and_is_not_tried_again() throws Exception {
        mail.refuseLogin(SOURCE);
        scan(PASS);
        assertThat(only().failure().reason()).isEqualTo(Reason.LOGIN_REFUSED);
        assertThat(mail.logins()).isEqualTo(1);
        scan(PASS);
        assertThat(mail.logins()).isEqualTo(1);
    }

    @Test
    void a_refused_login_at_the_target_ends_it_too() throws Exception {
        mail.refuseLogin(TARGET);
        scan(PASS);
        assertThat(only().failure().reason()).isEqualTo(Reason.LOGIN_REFUSED);
        assertThat(only().failure().detail()).startsWith("target: ");
    }

    @Test
    void a_server_out_of_reach_ends_the_scan_after_some_attempts() throws Exception {
        mail.outOfReach(true);
        scan(PASS);
        assertThat(only().failure().reason()).isEqualTo(Reason.UNREACHABLE);
    }

    @Test
    void a_folder_that_cannot_be_looked_into_keeps_the_pair_from_being_finished_and_the_others_are_scanned() throws Exception {
        fill("INBOX", 1);
        unreadable.add("Work");
        scan(PASS);
        assertThat(only().failure().reason()).isEqualTo(Reason.REFUSED);
        assertThat(only().failure().detail()).contains("Work");
        assertThat(published(ItemsPage.class)).hasSize(1);
    }

    @Test
    void a_folder_that_cannot_be_looked_into_and_is_excluded_is_no_matter() throws Exception {
        unreadable.add("Work");
        PassId pass = new PassId("acme", 2);
        start(pass, new Filter(null, null, null, List.of("Work"), null), FolderMap.NONE);
        scan(pass);
        assertThat(only().failure()).isNull();
    }

    @Test
    void while_others_of_us_hold_all_connections_a_scan_waits_as_long_as_it_takes() throws Exception {
        PassContext context = new PassContexts(ledger).get(PASS).orElseThrow();
        PassPair row = ledger.passes().pair(PASS, pair).orElseThrow();
        Acquired.Open<SourceSession> first = (Acquired.Open<SourceSession>) connections.source(context, row, Duration.ZERO);
        Acquired.Open<SourceSession> second = (Acquired.Open<SourceSession>) connections.source(context, row, Duration.ZERO);
        CompletableFuture<Void> scan = CompletableFuture.runAsync(() -> {
            try {
                scan(PASS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        long impatient = 2 * new Impatient().busyMillisMax() + 3_000;
        assertThatThrownBy(() -> scan.get(impatient, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        first.connection().close();
        second.connection().close();
        scan.get(120, TimeUnit.SECONDS);
        assertThat(only().failure()).isNull();
    }

    @Test
    void a_pass_that_is_not_running_is_not_scanned() throws Exception {
        ledger.passes().move(PASS, PassState.RUNNING, PassState.PAUSED);
        scan(PASS);
        assertThat(queue.published(Topic.ITEMS)).isEmpty();
        assertThat(mail.logins()).isZero();
    }

    @Test
    void while_the_queue_is_away_the_request_is_kept() {
        fill("INBOX", 1);
        queue.faults().plan(call -> Faults.Fate.LOST_BEFORE);
        assertThatThrownBy(() -> scan(PASS)).isInstanceOf(CompletionException.class);
    }

    @Test
    void two_scans_of_the_same_pair_never_mix() throws Exception {
        fill("INBOX", 1);
        scan(PASS);
        scan(PASS);
        assertThat(published(ItemsPage.class)).extracting(ItemsPage::scan).doesNotHaveDuplicates().hasSize(2);
    }

    private void scan(PassId pass) throws InterruptedException {
        handle(new ScanRequest(pass, pair, 1));
    }

    private void look(PassId pass, PairId... pairs) throws InterruptedException {
        handle(new LookRequest(pass, List.of(pairs)));
    }

    private void handle(PipelineRecord record) throws InterruptedException {
        Scanner.Parts parts = new Scanner.Parts(ledger, queue, connections, new PassContexts(ledger), new PassGate(ledger, clock), clock, new StepMetrics(registry), new Impatient());
        new Scanner(parts).handle(record);
    }

    private void fill(String folder, int count) {
        for (int i = 0; i < count; i++) {
            mail.mailbox(SOURCE).append(folder, Mail.of(folder + " " + i));
        }
    }

    private Folder row(String path) {
        return ledger.folders().of(pair, 1).stream().filter(folder -> folder.path().equals(path)).findFirst().orElseThrow();
    }

    private ScanEnd only() {
        assertThat(published(ScanEnd.class)).hasSize(1);
        return published(ScanEnd.class).get(0);
    }

    private <R extends PipelineRecord> List<R> published(Class<R> type) {
        List<R> records = new ArrayList<>();
        for (PipelineRecord record : queue.published(Topic.ITEMS)) {
            if (type.isInstance(record)) {
                records.add(type.cast(record));
            }
        }
        return records;
    }
}
