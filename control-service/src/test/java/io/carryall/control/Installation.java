package io.carryall.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.migration.MailServer;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.MailException;
import io.carryall.core.port.Pairs.Pair;
import io.carryall.core.port.ServerAddress;
import io.carryall.runtime.SystemClock;
import io.carryall.testkit.fake.FakeLedger;
import io.carryall.testkit.fake.FakeQueue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A ledger, what carries mail by it, and its control; or several, one after another. The migration is called wave. */
final class Installation implements AutoCloseable {
    static final ControlSettings SETTINGS = new ControlSettings(1_000, 500, 60_000, 100, 4, 8, 100, 200, true);
    static final String ANN = "ann@old.example";
    static final String BOB = "bob@old.example";

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final FakeLedger ledger = new FakeLedger();
    final FakeQueue queue = new FakeQueue();
    final FakePipeline pipeline = new FakePipeline(ledger, queue);
    private final List<Control> controls = new ArrayList<>();
    final Control control = control();

    /** One more, beside those that there are. */
    Control control() {
        return control(SETTINGS);
    }

    Control control(ControlSettings settings) {
        Control made = new Control(ledger, queue, new SystemClock(), (spec, pair) -> {
            throw new MailException(MailException.Kind.UNREACHABLE, "no dry run here");
        }, meters, settings);
        controls.add(made);
        return made;
    }

    Pair pair(String source) {
        return ledger.pairs().find(spec(source).nameOf(spec(source).mailboxes().get(0))).orElseThrow();
    }

    /** In the generation in which the pair is now. */
    FolderKey inbox(String source) {
        return new FolderKey(pair(source).id(), pair(source).generation(), new FolderId("inbox"), 7);
    }

    /** Runs a pass over these mailboxes to its end. The answer is its result. */
    JsonNode run(int number, String... sources) throws Exception {
        control.start(spec(sources), List.of(), false);
        return ended(control, number).get("result");
    }

    /** UIDs of what is done in the mailbox's INBOX. */
    Set<Long> done(String source) {
        Set<Long> uids = new TreeSet<>();
        ledger.items().forEachDone(inbox(source), fact -> uids.add(fact.uid()));
        return uids;
    }

    Path exported(Path directory) throws IOException {
        return exported(directory, null);
    }

    Path exported(Path directory, String mailbox) throws IOException {
        Path file = Files.createTempFile(directory, "journal", "");
        try (OutputStream out = Files.newOutputStream(file)) {
            control.journal().export(mailbox, out);
        }
        return file;
    }

    /** Takes in a journal. */
    Map<String, Object> take(Path file) throws Exception {
        control.journal().verify(file);
        return control.journal().take(file, (pairs, items) -> { }).orElseThrow();
    }

    @Override
    public void close() throws InterruptedException {
        controls.forEach(Control::close);
        pipeline.close();
    }

    static MigrationSpec spec(String... sources) {
        MailServer old = new MailServer("old", new ServerAddress("old.example", 993, ServerAddress.Security.TLS, null), false, MailServer.Login.EACH_USER);
        MailServer next = new MailServer("new", new ServerAddress("new.example", 993, ServerAddress.Security.TLS, null), false, MailServer.Login.EACH_USER);
        List<MailboxPair> pairs = Arrays.stream(sources).map(source -> new MailboxPair(source, source.replace("old.", "new."), null, null, "run:source/" + source, "run:target/" + source)).toList();
        return new MigrationSpec("wave", old, next, null, null, null, null, null, false, null, pairs);
    }

    /** What is told of a pass. */
    static JsonNode json(Control control, int number) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        control.pass(new PassId("wave", number)).orElseThrow().write(out);
        return new ObjectMapper().readTree(out.toByteArray());
    }

    /** The same, when it runs no longer. */
    static JsonNode ended(Control control, int number) throws Exception {
        until(() -> !json(control, number).get("state").asText().equals("running"));
        return json(control, number);
    }

    static JsonNode withoutSeconds(JsonNode result) {
        ((ObjectNode) result).remove("seconds");
        return result;
    }

    /** The law. */
    static String counts(JsonNode result) {
        List<String> right = List.of("migrated", "alreadyThere", "excluded", "failed", "pending").stream().map(name -> result.get(name).asText()).toList();
        return result.get("found").asText() + " = " + String.join(" + ", right);
    }

    interface Condition {
        boolean holds() throws Exception;
    }

    static void until(Condition condition) throws Exception {
        long deadline = System.nanoTime() + 180_000_000_000L;
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("the time is up").isLessThan(deadline);
            Thread.sleep(10);
        }
    }
}
