package io.carryall.testkit.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.LedgerException;
import io.carryall.testkit.contract.LedgerContract;

class FakeLedgerTest implements LedgerContract {
    private final FakeLedger ledger = new FakeLedger();
    private final FakeLedger another = ledger.again();

    @Override
    public Ledger ledger() {
        return ledger;
    }

    @Override
    public Ledger anotherLedger() {
        return another;
    }

    @Test
    void a_call_whose_reply_is_lost_has_happened_and_one_that_is_lost_on_its_way_has_not() {
        TargetFolder folder = new TargetFolder("new/ann", "INBOX");
        ledger.faults().once("leases.take", Faults.Fate.LOST_BEFORE);
        assertThatThrownBy(() -> ledger.leases().take(folder, null, "a")).isInstanceOf(LedgerException.class);
        assertThat(ledger.leases().read(folder)).isEmpty();

        ledger.faults().once("leases.take", Faults.Fate.LOST_AFTER);
        assertThatThrownBy(() -> ledger.leases().take(folder, null, "a")).isInstanceOf(LedgerException.class);
        assertThat(ledger.leases().read(folder)).isPresent();
    }
}
