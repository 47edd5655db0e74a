package io.carryall.copier;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.copy.CopyLimits;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.migration.Limits;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailSystem;
import io.carryall.core.port.MailboxLogin;
import io.carryall.core.port.Pages.Page;
import io.carryall.core.port.Queue;
import io.carryall.core.port.QueueException;
import io.carryall.core.port.Secret;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.TargetSession;
import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.record.Topic;
import io.carryall.imap.ImapMailSystem;
import io.carryall.runtime.StepMetrics;
import io.carryall.runtime.SystemClock;
import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.fake.FakeLedger;
import io.carryall.testkit.fake.FakeQueue;
import io.carryall.testkit.fake.Faults;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.PlainImap;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The copier against two real servers; queue and ledger are fakes. */
@Tag("integration")
class CopierTest {
    private static final PassId PASS = new PassId("m", 1);
    private static Dovecot oldServer;
    private static Dovecot newServer;

    @TempDir
    Path directory;
    private final FakeLedger ledger = new FakeLedger();
    private final FakeQueue queue = new FakeQueue();
    private final MailSystem mail = new ImapMailSystem();

    @BeforeAll
    static void start() {
        oldServer = Dovecot.builder().start();
        newServer = Dovecot.builder().start();
    }

    @AfterAll
    static void stop() {
        oldServer.close();
        newServer.close();
    }

    @Test
    void every_item_of_every_page_arrives_once_in_order_and_its_page_is_settled() throws Exception {
        List<CopyPage> pages = fill("ann", "INBOX", 700);
        try (Running copier = run()) {
            pages.forEach(queue::publish);
            await(() -> pages.stream().allMatch(this::isSettled));
        }

        assertThat(subjects("ann", "INBOX")).isEqualTo(IntStream.range(0, 700).mapToObj(i -> "message " + i).collect(Collectors.toList()));
        assertThat(ledger.leases().read(pages.get(0).target()).orElseThrow().isFree()).isTrue();
    }

    @Test
    void pages_that_come_twice_are_copied_once() throws Exception {
        List<CopyPage> pages = fill("bea", "INBOX", 300);
        try (Running copier = run()) {
            pages.forEach(queue::publish);
            pages.forEach(queue::publish);
            await(() -> pages.stream().allMatch(this::isSettled));
            pages.forEach(queue::publish);
        }

        assertThat(subjects("bea", "INBOX")).hasSize(300);
    }

    @Test
    void two_copiers_of_the_same_folder_write_it_one_after_the_other() throws Exception {
        List<CopyPage> pages = fill("cem", "INBOX", 600);
        try (Running first = run(); Running second = run()) {
            pages.forEach(queue::publish);
            pages.forEach(queue::publish);
            await(() -> pages.stream().allMatch(this::isSettled));
        }

        assertThat(subjects("cem", "INBOX")).hasSize(600).doesNotHaveDuplicates();
    }

    @Test
    void a_ledger_that_fails_to_tell_the_servers_of_a_folder_delays_it_and_does_not_end_the_copier() throws Exception {
        List<CopyPage> pages = fill("hal", "INBOX", 10);
        placesFail = 1;
        try (Running copier = run()) {
            pages.forEach(queue::publish);
            await(() -> pages.stream().allMatch(this::isSettled));
        }

        assertThat(subjects("hal", "INBOX")).hasSize(10);
    }

    @Test
    void a_full_mailbox_parks_its_pages_and_delays_nobody_else() throws Exception {
        newServer.quota("dan", 20_000);
        List<CopyPage> full = fill("dan", "INBOX", 300);
        List<CopyPage> other = fill("eva", "INBOX", 300);
        try (Running copier = run()) {
            full.forEach(queue::publish);
            other.forEach(queue::publish);
            await(() -> other.stream().allMatch(this::isSettled) && full.stream().allMatch(this::isParked));
        }

        assertThat(subjects("eva", "INBOX")).hasSize(300);
        assertThat(full).allSatisfy(page -> assertThat(row(page).parked().reason()).isEqualTo(Reason.QUOTA));
    }

    @Test
    void an_item_that_vanished_is_recorded_as_such_and_all_others_arrive() throws Exception {
        List<CopyPage> pages = fill("fay", "INBOX", 50);
        try (PlainImap imap = PlainImap.login(oldServer, "fay")) {
            imap.select("INBOX");
            imap.expunge("7,9");
        }
        try (Running copier = run()) {
            pages.forEach(queue::publish);
            await(() -> pages.stream().allMatch(this::isSettled));
        }

        List<Failed> failed = new ArrayList<>();
        ledger.items().forEachFailed(pages.get(0).folder(), failed::add);
        assertThat(subjects("fay", "INBOX")).hasSize(48);
        assertThat(failed).extracting(Failed::uid, Failed::reason).containsExactlyInAnyOrder(
                org.assertj.core.groups.Tuple.tuple(7L, Reason.VANISHED), org.assertj.core.groups.Tuple.tuple(9L, Reason.VANISHED));
    }

    @Test
    void items_of_a_folder_that_was_made_anew_since_the_scan_are_not_copied_under_their_old_uids_and_left_to_the_next_pass() throws Exception {
        List<CopyPage> pages = fill("uma", "INBOX", 3);
        CopyPage stale = stale(pages.get(0));
        ledger.pages().put(stale);
        try (Running copier = run()) {
            queue.publish(stale);
            await(() -> isSettled(stale));
        }

        List<Failed> failed = new ArrayList<>();
        ledger.items().forEachFailed(stale.folder(), failed::add);
        assertThat(failed).hasSize(3).allMatch(attempt -> attempt.reason() == Reason.VANISHED && attempt.retryable());
        assertThat(subjects("uma", "INBOX")).isEmpty();
    }

    /** As a scan found them before UIDs were used again: the ledger knows the folder in a newer state. */
    private CopyPage stale(CopyPage page) {
        FolderKey now = page.folder();
        Folder row = ledger.folders().of(now.pair(), 1).get(0);
        ledger.folders().put(now.pair(), 1, row.rekeyed(now.uidValidity()));
        return new CopyPage(page.pass(), now, "stale", 0, page.target(), page.items());
    }

    @Test
    void a_copier_that_is_closed_lets_go_of_its_leases_and_the_next_one_goes_on_at_once() throws Exception {
        List<CopyPage> pages = fill("gus", "INBOX", 2_000);
        try (Running copier = run()) {
            pages.forEach(queue::publish);
            await(() -> !subjects("gus", "INBOX").isEmpty());
        }
        assertThat(ledger.leases().read(pages.get(0).target()).orElseThrow().isFree()).isTrue();
        try (Running copier = run()) {
            await(() -> pages.stream().allMatch(this::isSettled));
        }

        assertThat(subjects("gus", "INBOX")).hasSize(2_000).doesNotHaveDuplicates();
    }

    // ---- the world around the copier

    private final class Running implements AutoCloseable {
        private final Copier copier;
        private final CompletableFuture<Void> running;

        Running(Copier copier) {
            this.copier = copier;
            running = CompletableFuture.runAsync(copier::run);
        }

        @Override
        public void close() throws Exception {
            copier.close();
            running.get(120, TimeUnit.SECONDS);
        }
    }

    private int copiers;
    @Test
    void a_queue_that_fails_for_a_moment_does_not_end_the_copier() throws Exception {
        List<CopyPage> pages = fill("ida", "INBOX", 10);
        try (Running copier = run(new FailsFirst())) {
            pages.forEach(queue::publish);
            await(() -> pages.stream().allMatch(this::isSettled));
        }

        assertThat(subjects("ida", "INBOX")).hasSize(10);
    }

    @Test
    void flags_are_carried_and_a_page_of_them_that_comes_again_leaves_alone_what_the_user_did_meanwhile() throws Exception {
        CopyPage flags = copiedThenFlagged("kim", 4, "1:2", "\\Seen", "Work");
        try (Running copier = run()) {
            queue.publish(flags);
            await(() -> isSettled(flags));
            assertThat(flags("kim")).isEqualTo(List.of(Set.of("\\Seen", "Work"), Set.of("\\Seen", "Work"), Set.of(), Set.of()));
            assertThat(ledger.items().flags(flags.folder(), flags.flagged())).as("of each it is told that it was looked at").hasSize(4);
            change(newServer, "kim", imap -> imap.removeFlags("1", "\\Seen"));
            change(newServer, "kim", imap -> imap.addFlags("3", "\\Flagged"));
            queue.publish(flags);
            CopyPage again = new CopyPage(PASS, flags.folder(), "flags-2", 0, flags.target(), List.of(), flags.flagged());
            ledger.pages().put(again);
            queue.publish(again);
            await(() -> ledger.pages().of(PASS, again.folder(), "flags-2").get(0).settled());
        }

        assertThat(flags("kim")).isEqualTo(List.of(Set.of("Work"), Set.of("\\Seen", "Work"), Set.of("\\Flagged"), Set.of()));
    }

    @Test
    void flags_that_were_stored_when_the_ledger_was_away_are_ours_and_follow_the_source_back() throws Exception {
        CopyPage flags = copiedThenFlagged("lea", 2, "1", "\\Seen");
        AtomicInteger writes = new AtomicInteger();
        // The first says what is to be stored, the second what came of it.
        ledger.faults().plan(call -> call.equals("items.flags") && writes.incrementAndGet() == 2 ? Faults.Fate.LOST_BEFORE : Faults.Fate.WORKS);
        try (Running copier = run()) {
            queue.publish(flags);
            await(() -> isSettled(flags));
            assertThat(flags("lea")).isEqualTo(List.of(Set.of("\\Seen"), Set.of()));
            change(oldServer, "lea", imap -> imap.removeFlags("1", "\\Seen"));
            CopyPage back = new CopyPage(PASS, flags.folder(), "flags-2", 0, flags.target(), List.of(), List.of(1L));
            ledger.pages().put(back);
            queue.publish(back);
            await(() -> ledger.pages().of(PASS, back.folder(), "flags-2").get(0).settled());
        }

        assertThat(writes).hasValueGreaterThan(2);
        assertThat(flags("lea")).isEqualTo(List.of(Set.of(), Set.of()));
    }

    /** So many messages, copied; then some of them get flags on the source, and a page says that each may have. */
    private CopyPage copiedThenFlagged(String user, int count, String uids, String... flags) throws Exception {
        CopyPage mail = fill(user, "INBOX", count).get(0);
        try (Running copier = run()) {
            queue.publish(mail);
            await(() -> isSettled(mail));
        }
        change(oldServer, user, imap -> imap.addFlags(uids, flags));
        CopyPage page = new CopyPage(PASS, mail.folder(), "scan", 1, mail.target(), List.of(), mail.items().stream().map(SourceItem::uid).collect(Collectors.toList()));
        ledger.pages().put(page);
        return page;
    }

    private static void change(Dovecot server, String user, Consumer<PlainImap> how) {
        try (PlainImap imap = PlainImap.login(server, user)) {
            imap.select("INBOX");
            how.accept(imap);
        }
    }

    private static List<Set<String>> flags(String user) {
        List<Set<String>> flags = new ArrayList<>();
        change(newServer, user, imap -> imap.fetch("1:*", message -> flags.add(message.flags().stream().filter(flag -> !flag.equals("\\Recent")).collect(Collectors.toSet()))));
        return flags;
    }

    /** A queue whose first subscription cannot be read. */
    private final class FailsFirst implements Queue {
        private boolean failed;

        @Override
        public CompletableFuture<Void> publish(PipelineRecord record) {
            return queue.publish(record);
        }

        @Override
        public Consumer subscribe(Topic topic, String group, int inFlightMax) {
            if (!failed) {
                failed = true;
                throw new QueueException("away", null);
            }
            return queue.subscribe(topic, group, inFlightMax);
        }

        @Override
        public void close() {
        }
    }

    private volatile int placesFail;

    private Running run() {
        return run(queue);
    }

    private Running run(Queue from) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        ContentStore contents = new ContentStore(directory, 16_000_000, 1_000_000);
        Copier.Settings settings = new Copier.Settings(8, 100, 10_000, CopyLimits.usual(256, 4_000_000, 60_000, 20_000));
        return new Running(new Copier(ledger, from, new Direct(), contents, new SystemClock(), new StepEvents(queue, new StepMetrics(registry), registry), pass -> true, settings,
                "copier-" + ++copiers));
    }

    /** Opens a session whenever one is asked for. The pair's id is the user's name. */
    private final class Direct implements Mailboxes {
        @Override
        public Lent<SourceSession> source(PassId pass, PairId pair) throws MailException {
            SourceSession session = mail.openSource(login(oldServer, pair.value()));
            return lent(session, session::close);
        }

        @Override
        public Lent<TargetSession> target(PassId pass, PairId pair) throws MailException {
            TargetSession session = mail.openTarget(login(newServer, pair.value()));
            return lent(session, session::close);
        }

        @Override
        public Places places(PassId pass, PairId pair) {
            if (placesFail-- > 0) {
                throw new LedgerException("away", null);
            }
            return new Places("old", "old/" + pair, "new", "new/" + pair, Limits.DEFAULT);
        }

        private <S> Lent<S> lent(S session, Runnable close) {
            return new Lent<>() {
                @Override
                public S session() {
                    return session;
                }

                @Override
                public long spend(long bytes) {
                    return 0;
                }

                @Override
                public void broken(MailException failure) {
                    close.run();
                }

                @Override
                public void close() {
                    close.run();
                }
            };
        }
    }

    private static MailboxLogin login(Dovecot server, String user) {
        return new MailboxLogin(new ServerAddress("127.0.0.1", server.port(), ServerAddress.Security.NONE, null), user, user, null, null, new Secret(Dovecot.PASSWORD));
    }

    private List<CopyPage> fill(String user, String folder, int count) {
        long uidValidity;
        List<Long> uids;
        try (PlainImap imap = PlainImap.login(oldServer, user)) {
            List<Mail> mails = IntStream.range(0, count)
                    .mapToObj(i -> Mail.of(("Subject: message " + i + "\r\nMessage-ID: <" + i + "@" + user + ">\r\n\r\n" + "x".repeat(200) + "\r\n").getBytes(StandardCharsets.US_ASCII)))
                    .collect(Collectors.toList());
            uids = imap.append(folder, mails);
            uidValidity = imap.examine(folder).uidValidity();
        }
        PairId pair = new PairId(user);
        TargetFolder target = new TargetFolder("new/" + user, folder);
        ledger.folders().put(pair, 1, new Folder(new FolderId("f"), folder, folder, folder, target, uidValidity));
        FolderKey key = new FolderKey(pair, 1, new FolderId("f"), uidValidity);
        List<CopyPage> pages = new ArrayList<>();
        for (int from = 0; from < count; from += 256) {
            List<SourceItem> items = uids.subList(from, Math.min(count, from + 256)).stream().map(uid -> new SourceItem(uid, 300, 1)).collect(Collectors.toList());
            CopyPage page = new CopyPage(PASS, key, "scan", pages.size(), target, items);
            ledger.pages().put(page);
            pages.add(page);
        }
        return pages;
    }

    private Page row(CopyPage page) {
        return ledger.pages().of(PASS, page.folder(), page.scan()).get(page.seq());
    }

    private boolean isSettled(CopyPage page) {
        return row(page).settled();
    }

    private boolean isParked(CopyPage page) {
        return row(page).parked() != null;
    }

    private static List<String> subjects(String user, String folder) {
        List<String> subjects = new ArrayList<>();
        try (PlainImap imap = PlainImap.login(newServer, user)) {
            imap.examine(folder);
            imap.fetch("1:*", message -> subjects.add(new String(message.content(), StandardCharsets.US_ASCII).lines().findFirst().orElse("").substring("Subject: ".length())));
        }
        return subjects;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(180).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }
}
