package io.carryall.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.PassId;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.MailException;
import io.carryall.core.port.Passes.PassState;
import io.carryall.runtime.SystemClock;
import io.carryall.testkit.fake.FakeLedger;
import io.carryall.testkit.fake.FakeQueue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A large tenant in one pass: what driving it costs must not grow with the square of its pairs. */
class ManyPairsTest {
    private static final int PAIRS = 20_000;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void a_pass_of_twenty_thousand_pairs_comes_to_its_end_and_so_does_the_next() throws Exception {
        FakeLedger ledger = new FakeLedger();
        FakeQueue queue = new FakeQueue();
        try (FakePipeline pipeline = new FakePipeline(ledger, queue);
                Control control = new Control(ledger, queue, new SystemClock(), (spec, pair) -> {
                    throw new MailException(MailException.Kind.UNREACHABLE, "no dry run here");
                }, new SimpleMeterRegistry(), ControlSettings.DEFAULT)) {
            MigrationSpec spec = Installation.spec(IntStream.range(0, PAIRS).mapToObj(i -> "user" + i + "@old.example").toArray(String[]::new));
            spec.mailboxes().forEach(pair -> pipeline.mailbox(pair.source()).with(1));
            for (int pass = 1; pass <= 2; pass++) {
                control.start(spec, List.of(), false);
                PassId id = new PassId("wave", pass);
                Control.Told told = control.pass(id).orElseThrow();
                for (long revision = 0; ledger.passes().get(id).orElseThrow().state() == PassState.RUNNING; revision++) {
                    told.awaitNewerThan(revision, 1_000);
                }
                assertThat(control.pass(id).orElseThrow().head()).containsEntry("found", (long) PAIRS).containsEntry("pairsEnded", PAIRS);
            }
        }
    }
}
