package io.carryall.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.migration.Filter;
import io.carryall.core.migration.MailServer;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.migration.SpecChanges.Change;
import io.carryall.core.port.MailException;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.SourceSession;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.Topic;
import io.carryall.runtime.SystemClock;
import io.carryall.testkit.fake.FakeLedger;
import io.carryall.testkit.fake.FakeQueue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class DryRunTest {
    private final FakeLedger ledger = new FakeLedger();
    private final FakeQueue queue = new FakeQueue();

    @Test
    void tells_what_would_be_copied_and_writes_nothing() throws Exception {
        JsonNode answer = run((spec, pair) -> new Mailbox());
        assertThat(answer.get("state").asText()).isEqualTo("finished");
        JsonNode result = answer.get("result");
        assertThat(result.get("dryRun").asBoolean()).isTrue();
        assertThat(result.get("found").asLong()).isEqualTo(3);
        assertThat(result.get("migrated").asLong()).isEqualTo(2);
        assertThat(result.get("excluded").asLong()).isEqualTo(1);
        assertThat(result.get("bytes").asLong()).isEqualTo(300);
        assertThat(result.get("pairs").get(0).get("excludedFolders").toString()).isEqualTo("[{\"source\":\"Trash\",\"messages\":3}]");
        assertThat(ledger.passes().newest("wave")).isEmpty();
        assertThat(ledger.pairs().find(spec().nameOf(spec().mailboxes().get(0)))).isEmpty();
        assertThat(queue.published(Topic.SCANS)).isEmpty();
    }

    @Test
    void a_mailbox_that_cannot_be_opened_fails_with_its_reason() throws Exception {
        JsonNode answer = run((spec, pair) -> {
            throw new MailException(MailException.Kind.LOGIN_REFUSED, "wrong password");
        });
        assertThat(answer.get("state").asText()).isEqualTo("failed");
        assertThat(answer.get("result").get("pairs").get(0).get("error").toString()).isEqualTo("{\"reason\":\"login-refused\",\"detail\":\"wrong password\"}");
    }

    @Test
    void says_what_changed_in_the_migration_since_the_pass_before_as_that_pass_would() throws Exception {
        PassId first = new PassId("wave", 1);
        MigrationSpec before = spec();
        KeptSpec.History history = new Changes(ledger.passes(), new KeptSpec()).since(Optional.empty(), 1, before, true);
        ledger.passes().create(first, new KeptSpec().write(before, false, history), true, Instant.now());
        ledger.passes().putPairs(first, List.of(new PassPair(new PairId("p"), 1, true, "ann@old.example", "ann@new.example", null, null, "run:a", "run:b")));
        ledger.passes().move(first, PassState.RUNNING, PassState.ENDED);
        MigrationSpec now = new MigrationSpec("wave", before.source(), before.target(), new Filter(null, null, null, List.of("Trash"), 700L), null, null, null, null, false, null,
                List.of(before.mailboxes().get(0), new MailboxPair("bob@old.example", "bob@new.example", null, null, "run:a", "run:b")));
        PassId next = new PassId("wave", 2);
        List<Change> changes = List.of(new Change("filter.max-size", "500", "700"), new Change("mailbox", null, "bob@old.example to bob@new.example"));
        try (Control control = new Control(ledger, queue, new SystemClock(), (spec, pair) -> new Mailbox(), new SimpleMeterRegistry(), ControlSettings.DEFAULT)) {
            assertThat(control.start(now, List.of("ann@old.example"), true)).isEqualTo(new Started.Pass(next, false, false, changes));
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            control.pass(next).orElseThrow().write(out);
            assertThat(new ObjectMapper().readTree(out.toByteArray()).at("/result/changes").toString())
                    .isEqualTo("[{\"what\":\"filter.max-size\",\"before\":\"500\",\"after\":\"700\"},{\"what\":\"mailbox\",\"before\":null,\"after\":\"bob@old.example to bob@new.example\"}]");
        }
        assertThat(ledger.passes().newest("wave").orElseThrow().id()).isEqualTo(first);
    }

    private JsonNode run(SourceLogins sources) throws Exception {
        try (Control control = new Control(ledger, queue, new SystemClock(), sources, new SimpleMeterRegistry(), ControlSettings.DEFAULT)) {
            assertThat(control.start(spec(), List.of(), true)).isEqualTo(new Started.Pass(new PassId("wave", 1), true, false));
            JsonNode answer = json(control, 0);
            while (answer.get("state").asText().equals("running")) {
                answer = json(control, answer.get("revision").asLong());
            }
            return answer;
        }
    }

    private static JsonNode json(Control control, long since) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        control.pass(new PassId("wave", 1)).orElseThrow().awaitNewerThan(since, 10_000).write(out);
        return new ObjectMapper().readTree(out.toByteArray());
    }

    private static MigrationSpec spec() {
        MailServer server = new MailServer("old", new ServerAddress("old.example", 993, ServerAddress.Security.TLS, null), false, MailServer.Login.EACH_USER);
        return new MigrationSpec("wave", server, server, new Filter(null, null, null, List.of("Trash"), 500L), null, null, null, null, false, null,
                List.of(new MailboxPair("ann@old.example", "ann@new.example", null, null, "run:a", "run:b")));
    }

    /** INBOX and Trash with three messages each, one of them large. */
    private static final class Mailbox implements SourceSession {
        @Override
        public List<MailFolder> folders() {
            return List.of(new MailFolder("INBOX", "INBOX", null, true, true), new MailFolder("Trash", "Trash", null, true, true), new MailFolder("Parent", "Parent", null, false, true));
        }

        @Override
        public Map<String, FolderStatus> statuses(List<String> rawNames) {
            Map<String, FolderStatus> statuses = new HashMap<>();
            rawNames.forEach(name -> statuses.put(name, new FolderStatus(1, 4, 0, 3)));
            return statuses;
        }

        @Override
        public void enumerate(String rawName, long uidValidity, long fromUid, Consumer<SourceItem> items) {
            items.accept(new SourceItem(1, 100, 0));
            items.accept(new SourceItem(2, 200, 0));
            items.accept(new SourceItem(3, 600, 0));
        }

        @Override
        public void enumerateHeaders(String rawName, long uidValidity, long fromUid, Headers items) {
            throw new AssertionError("a dry run reads no headers");
        }

        @Override
        public void headers(String rawName, long uidValidity, List<Long> uids, Headers items) {
            throw new AssertionError("a dry run reads no headers");
        }

        @Override
        public void fetch(String rawName, long uidValidity, List<Long> uids, Receiver receiver) {
            throw new AssertionError("a dry run reads no messages");
        }

        @Override
        public void flags(String rawName, long uidValidity, long sinceModSeq, Flags flags) {
            throw new AssertionError("a dry run reads no flags");
        }

        @Override
        public void flags(String rawName, long uidValidity, List<Long> uids, Flags flags) {
            throw new AssertionError("a dry run reads no flags");
        }

        @Override
        public boolean isAlive() {
            return true;
        }

        @Override
        public void close() {
            // nothing is open
        }
    }
}
