package io.carryall.scanner;

import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Leases.Lease;
import io.carryall.core.record.PipelineRecord.CopyPage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Waits until everything that was on its way from a folder in its former state has come to its end. What arrived and is not recorded yet (its copier died) would else be recorded when the folder has been recognised without it, and
 * the message be copied again under its new UID. The lease of the target folder tells; where it does not, a copier is asked to see to it. What copiers fetch later than that, they fetch from the folder as it is now, and notice
 * that it changed. For one thread.
 */
final class EndOfTheFormer {
    private static final long LOOK_MILLIS = 500;
    /** A record may be let go of by a copier that cannot reach the target now. */
    private static final long ASK_AGAIN_MILLIS = 30_000;
    /** A takeover, the quarantine and its looks, and as much again. */
    private static final long WAIT_MILLIS_MAX = 300_000;

    private final Scanner.Parts parts;
    private final PassId pass;
    private final FolderKey former;
    private final String scan;

    EndOfTheFormer(Scanner.Parts parts, PassId pass, FolderKey former, String scan) {
        this.parts = parts;
        this.pass = pass;
        this.former = former;
        this.scan = scan;
    }

    void await(TargetFolder target) throws CannotScanException, InterruptedException {
        Optional<Lease> before = parts.ledger().leases().read(target);
        if (before.isEmpty() || before.get().isQuiet()) {
            return;
        }
        long beganMillis = parts.clock().monotonicMillis();
        long askMillis = beganMillis;
        // By the clock and not by the number of looks: a look at a ledger that is slow to answer takes long too.
        for (long nowMillis = beganMillis; nowMillis - beganMillis < WAIT_MILLIS_MAX; nowMillis = parts.clock().monotonicMillis()) {
            if (!parts.gate().isOpen(pass)) {
                throw new PassStoppedException();
            }
            if (nowMillis >= askMillis) {
                parts.queue().publish(new CopyPage(pass, former, scan, 0, target, List.of())).join();
                askMillis = nowMillis + ASK_AGAIN_MILLIS;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            if (parts.ledger().leases().read(target).filter(now -> now.isSettled(before.get().epoch())).isPresent()) {
                return;
            }
        }
        throw new CannotScanException(Reason.TIMEOUT, "messages are still in doubt in " + target.folder() + " on the target, and the source folder they came from has new UIDs: it is recognised when they are settled", 0, 0);
    }
}
