package io.carryall.copier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.migration.MailServer;
import io.carryall.core.migration.MailServer.Login;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.MailException;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.ServerAddress.Security;
import io.carryall.core.port.SourceSession;
import io.carryall.json.MigrationJson;
import io.carryall.runtime.Connections;
import io.carryall.runtime.ConnectionsConfig;
import io.carryall.runtime.ConnectionsListener;
import io.carryall.runtime.Logins;
import io.carryall.runtime.PassContexts;
import io.carryall.runtime.Secrets;
import io.carryall.runtime.SystemClock;
import io.carryall.testkit.fake.FakeLedger;
import io.carryall.testkit.fake.FakeMailServer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pass that stood still, and goes on in a process that had its pairs before. */
final class PooledMailboxesTest {
    private static final PassId PASS = new PassId("wave", 1);
    private static final PairId PAIR = new PairId("p");

    private final FakeMailServer server = new FakeMailServer();
    private final FakeLedger ledger = new FakeLedger();
    private final Map<String, String> environment = new HashMap<>(Map.of("FORMER", FakeMailServer.PASSWORD));
    private final Connections connections = new Connections(server, new Logins(new Secrets(Path.of("/nowhere"), environment::get)), new SystemClock(), new ConnectionsConfig(0, 1), ConnectionsListener.NONE);
    private final PooledMailboxes mailboxes = new PooledMailboxes(connections, new PassContexts(ledger), ledger);

    @BeforeEach
    void begin() throws MailException {
        MailServer mail = new MailServer("old", new ServerAddress("mail.example", 143, Security.NONE, null), true, Login.EACH_USER);
        ledger.passes().create(PASS, new MigrationJson().write(new MigrationSpec("wave", mail, mail, null, null, null, null, null, false, null, List.of())), true, Instant.now());
        server.mailbox("maiden@old.example");
        server.mailbox("married@old.example");
        server.mailbox("ann@new.example");
        pair("maiden@old.example", "env:FORMER");
        mailboxes.source(PASS, PAIR).close();
    }

    @AfterEach
    void close() {
        connections.close();
    }

    @Test
    void a_pair_that_was_renamed_meanwhile_is_opened_under_its_new_name() throws MailException {
        server.refuseLogin("maiden@old.example");
        pair("married@old.example", "env:FORMER");

        try (Mailboxes.Lent<SourceSession> lent = mailboxes.source(PASS, PAIR)) {
            assertThat(lent.session().folders()).isNotEmpty();
        }
        assertThat(mailboxes.places(PASS, PAIR).toString()).contains("married@old.example").doesNotContain("maiden@old.example");
    }

    @Test
    void a_secret_that_the_next_run_named_anew_is_taken() throws MailException {
        environment.remove("FORMER");
        environment.put("NEXT", FakeMailServer.PASSWORD);
        pair("maiden@old.example", "env:NEXT");

        try (Mailboxes.Lent<SourceSession> lent = mailboxes.source(PASS, PAIR)) {
            assertThat(lent.session().folders()).isNotEmpty();
        }
    }

    @Test
    void a_login_that_is_refused_under_the_name_that_the_pair_still_has_is_tried_once() {
        server.refuseLogin("maiden@old.example");
        int logins = server.logins();

        assertThatThrownBy(() -> mailboxes.source(PASS, PAIR)).isInstanceOfSatisfying(MailException.class, refused -> assertThat(refused.kind()).isEqualTo(MailException.Kind.LOGIN_REFUSED));
        assertThat(server.logins()).isEqualTo(logins + 1);
    }

    private void pair(String source, String secret) {
        ledger.passes().putPairs(PASS, List.of(new PassPair(PAIR, 1, true, source, "ann@new.example", null, null, secret, "env:FORMER")));
    }
}
