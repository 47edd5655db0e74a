package io.carryall.imap;

import static io.carryall.imap.Boxes.outgoing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.TargetSession;
import io.carryall.core.port.TargetSession.Appended;
import io.carryall.core.port.TargetSession.InDoubt;
import io.carryall.core.port.TargetSession.NotSent;
import io.carryall.core.port.TargetSession.OneByOne;
import io.carryall.core.port.TargetSession.Outgoing;
import io.carryall.core.port.TargetSession.Stored;
import io.carryall.imap.Boxes.Received;
import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.PlainImap;
import io.carryall.testkit.net.FaultProxy;
import io.carryall.testkit.net.FaultProxy.Action;
import io.carryall.testkit.net.FaultProxy.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class ImapFaultsTest {
    private static final ImapMailSystem IMPATIENT = new ImapMailSystem(new Timeouts(20_000, 5_000, 2_000));

    private Dovecot server;
    private FaultProxy proxy;

    @BeforeEach
    void start() {
        server = Dovecot.started();
        proxy = new FaultProxy(server.port());
    }

    @AfterEach
    void stop() {
        proxy.close();
        server.close();
    }

    @Test
    void a_connection_cut_at_any_byte_is_not_sent_or_in_doubt_and_never_half_stored() throws MailException {
        long total = bytesOfOneAppend();
        for (long cut = 0; cut < total - 3; cut += cut < 90 || cut > total - 350 ? 7 : 61) assertCut("ann" + cut, cut, total);
        for (long cut = total - 3; cut <= total; cut++) assertCut("zoe" + cut, cut, total);
    }

    private long bytesOfOneAppend() throws MailException {
        try (TargetSession target = through("measure")) {
            warm(target);
            long before = proxy.bytes(Direction.TO_SERVER);
            assertThat(target.append("INBOX", group(), () -> true)).isInstanceOf(Stored.class);
            return proxy.bytes(Direction.TO_SERVER) - before;
        }
    }

    private void assertCut(String user, long cut, long total) throws MailException {
        try (TargetSession target = through(user)) {
            warm(target);
            proxy.trapBytes(Direction.TO_SERVER, cut, Action.CUT);
            Appended appended = target.append("INBOX", group(), () -> true);
            proxy.disarm();
            int there = messages(user) - 1;
            assertThat(there).as("cut at %d of %d: %s", cut, total, appended).isIn(0, 3);
            if (appended instanceof NotSent) assertThat(there).as("cut at " + cut).isZero();
            else assertThat(appended).as("cut at " + cut).isInstanceOfAny(InDoubt.class, Stored.class);
            if (cut < total) assertThat(there).as("cut at %d of %d", cut, total).isZero();
        }
    }

    private TargetSession through(String user) throws MailException {
        return Boxes.MAIL.openTarget(Boxes.login(Boxes.plain(proxy.port()), user));
    }

    /** The first message of a session waits for the server's leave; the ones behind it are the usual case. */
    private static void warm(TargetSession target) {
        assertThat(target.append("INBOX", List.of(outgoing(Mail.of("warm"))), () -> true)).isInstanceOf(Stored.class);
    }

    private static List<Outgoing> group() {
        return List.of(outgoing(Mail.of("one")), outgoing(Mail.of("two")), outgoing(Mail.of("three")));
    }

    private int messages(String user) {
        try (PlainImap imap = PlainImap.login(server, user)) {
            return imap.examine("INBOX").messages();
        }
    }

    @Test
    void a_lost_answer_leaves_the_group_in_doubt() throws MailException {
        for (Action action : List.of(Action.CUT, Action.RESET, Action.HOLD)) {
            String user = "bob" + action;
            try (TargetSession target = IMPATIENT.openTarget(Boxes.login(Boxes.plain(proxy.port()), user))) {
                warm(target);
                proxy.trapBeforeText(Direction.TO_CLIENT, " OK [APPENDUID", action);
                assertThat(target.append("INBOX", group(), () -> true)).isInstanceOf(InDoubt.class);
                assertThat(target.isAlive()).isFalse();
                assertThat(messages(user)).isEqualTo(4);
            } finally {
                proxy.release();
            }
        }
    }

    @Test
    void nothing_that_commits_has_left_when_the_caller_is_asked() throws MailException {
        try (TargetSession target = through("cia")) {
            warm(target);
            Appended appended = target.append("INBOX", group(), () -> {
                proxy.cutAll();
                return true;
            });
            assertThat(appended).isInstanceOf(InDoubt.class);
            assertThat(messages("cia")).isEqualTo(1);
        }
    }

    @Test
    void a_server_that_takes_no_more_bytes_is_given_up_before_anything_commits() throws MailException {
        try (TargetSession target = IMPATIENT.openTarget(Boxes.login(Boxes.plain(proxy.port()), "dan"))) {
            warm(target);
            proxy.stall(Direction.TO_SERVER);
            byte[] large = new byte[40_000_000];
            assertThat(target.append("INBOX", List.of(outgoing(large)), () -> true)).isInstanceOf(NotSent.class);
        }
    }

    @Test
    void pipelined_messages_each_have_the_answer_that_is_true() throws Exception {
        try (Dovecot single = Dovecot.started("MULTIAPPEND"); FaultProxy cutting = new FaultProxy(single.port())) {
            for (int cut = 200; cut < 12_000; cut += 977) {
                String user = "eve" + cut;
                try (TargetSession target = Boxes.MAIL.openTarget(Boxes.login(Boxes.plain(cutting.port()), user))) {
                    warm(target);
                    List<Outgoing> messages = new ArrayList<>();
                    for (int i = 0; i < 40; i++) messages.add(outgoing(Mail.of("m" + i)));
                    cutting.trapBytes(Direction.TO_SERVER, cut, Action.CUT);
                    List<Appended> each = ((OneByOne) target.append("INBOX", messages, () -> true)).each();
                    cutting.disarm();
                    assertThat(each).hasSize(40);
                    long stored = each.stream().filter(Stored.class::isInstance).count();
                    long doubtful = each.stream().filter(InDoubt.class::isInstance).count();
                    try (PlainImap imap = PlainImap.login(single, user)) {
                        long there = imap.examine("INBOX").messages() - 1;
                        assertThat(there).as("cut at " + cut).isBetween(stored, stored + doubtful);
                    }
                }
            }
        }
    }

    @Test
    void a_fetch_that_breaks_off_is_told_and_closes_what_it_began() throws MailException {
        try (PlainImap imap = PlainImap.login(server, "fay")) {
            imap.append("INBOX", Mail.of(new byte[500_000]));
        }
        for (Action action : List.of(Action.CUT, Action.HOLD)) {
            try (SourceSession source = IMPATIENT.openSource(Boxes.login(Boxes.plain(proxy.port()), "fay"))) {
                long uidValidity = source.statuses(List.of("INBOX")).get("INBOX").uidValidity();
                proxy.trapBytes(Direction.TO_CLIENT, 300_000, action);
                long begun = System.nanoTime();
                MailException told = catchThrowableOfType(MailException.class, () -> source.fetch("INBOX", uidValidity, List.of(1L), new Received()));
                assertThat(told.kind()).isEqualTo(action == Action.CUT ? Kind.UNREACHABLE : Kind.TIMEOUT);
                assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun)).isLessThan(60);
                assertThat(source.isAlive()).isFalse();
            }
        }
    }
}
