package io.carryall.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.PassId;
import io.carryall.core.port.Passes.PassState;
import io.carryall.testkit.fake.FakeLedger;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PassGateTest {
    private static final PassId PASS = new PassId("wave", 1);

    private final FakeLedger ledger = new FakeLedger();
    private final PassGate gate = new PassGate(ledger, new SystemClock());

    @Test
    void a_pass_that_was_just_resumed_may_go_on_at_once() {
        ledger.passes().create(PASS, "{}", true, Instant.EPOCH);
        ledger.passes().move(PASS, PassState.RUNNING, PassState.INTERRUPTED);
        assertThat(gate.isOpen(PASS)).isFalse();
        ledger.passes().move(PASS, PassState.INTERRUPTED, PassState.RUNNING);
        assertThat(gate.isOpen(PASS)).isTrue();
    }

    @Test
    void a_pass_that_nobody_knows_may_not_go_on() {
        assertThat(gate.isOpen(PASS)).isFalse();
    }
}
