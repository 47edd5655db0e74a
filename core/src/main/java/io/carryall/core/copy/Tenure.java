package io.carryall.core.copy;

import io.carryall.core.copy.CopyEffect.AbandonLease;
import io.carryall.core.copy.CopyEffect.Claim;
import io.carryall.core.copy.CopyEffect.CloseIntent;
import io.carryall.core.copy.CopyEffect.CreateFolder;
import io.carryall.core.copy.CopyEffect.Look;
import io.carryall.core.copy.CopyEffect.MarkSettled;
import io.carryall.core.copy.CopyEffect.ReadIntents;
import io.carryall.core.copy.CopyEffect.ReadLease;
import io.carryall.core.copy.CopyEffect.ReadPosition;
import io.carryall.core.copy.CopyEffect.RecordDone;
import io.carryall.core.copy.CopyEffect.RecordFailed;
import io.carryall.core.copy.CopyEffect.ReleaseLease;
import io.carryall.core.copy.CopyEffect.TryLease;
import io.carryall.core.copy.CopyEffect.Wait;
import io.carryall.core.copy.CopyInput.LeaseRead;
import io.carryall.core.copy.CopyInput.LeaseTried;
import io.carryall.core.copy.CopyInput.Window;
import io.carryall.core.copy.Settlement.Doubt;
import io.carryall.core.copy.Settlement.Unclear;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.Reason;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Intents;
import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.Items.How;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * How the right to write into a folder is got, kept free of doubts, and given back. Nothing is written before every intent that is open in the ledger has been settled, whoever left it.
 *
 * <pre>
 *   Free ──begin──► Challenging ──lease──► Opening ──no open intent──► Writing ──release──► Free
 *                      ▲                    │    ▲                        │
 *                      │                    ▼    └── in doubt ────────────┤
 *                      │                 Settling ──all settled──► Opening│
 *                      └───────────── lease lost, ledger failed ◄─────────┘
 * </pre>
 */
final class Tenure {
    private sealed interface Phase {}

    private record Free() implements Phase {}

    private record Challenging(LeaseChallenge challenge) implements Phase {}

    /** The lease is held; what is open in the ledger or where the folder stands is not known yet. Intents up to {@code settled} are known to be closed. */
    private record Opening(long epoch, long settled, boolean intentsRead) implements Phase {}

    /** @param absent what the look before this one did not find, or null where there was none */
    private record Settling(long epoch, long settled, List<Intent> open, Set<ItemKey> absent, int looks) implements Phase {}

    private record Writing(long epoch) implements Phase {}

    private final TargetFolder target;
    private final CopyLimits limits;
    private final Consumer<CopyEffect> wanted;
    private Phase phase = new Free();
    /** Names the question whose answer is waited for; answers to earlier ones are passed over. */
    private int turn;
    private boolean positionAsked;
    /** Of the wait that is going on, or 0. */
    private int timer;
    private int lastTimer;
    private int ledgerFailuresInARow;

    Tenure(TargetFolder target, CopyLimits limits, Consumer<CopyEffect> wanted) {
        this.target = target;
        this.limits = limits;
        this.wanted = wanted;
    }

    boolean isFree() {
        return phase instanceof Free;
    }

    boolean isOpening() {
        return phase instanceof Opening;
    }

    boolean isSettling() {
        return phase instanceof Settling;
    }

    boolean isWriting() {
        return phase instanceof Writing;
    }

    boolean isWaiting() {
        return timer != 0;
    }

    /** Of the lease under which is being written. */
    long epoch() {
        return ((Writing) phase).epoch();
    }

    boolean awaits(int turn) {
        return turn == this.turn;
    }

    // ---- waiting

    void waitFor(long millis) {
        timer = ++lastTimer;
        wanted.accept(new Wait(timer, millis));
    }

    void waitOver(int timer) {
        if (timer == this.timer) {
            this.timer = 0;
            resume();
        }
    }

    /** Asks what this phase waits for. */
    void resume() {
        if (phase instanceof Challenging challenging) {
            challenge(challenging.challenge());
        } else if (phase instanceof Settling settling) {
            long low = settling.open().stream().mapToLong(Intent::uidNextLow).min().orElse(1);
            wanted.accept(new Look(++turn, low, settling.open()));
        } else if (phase instanceof Opening opening) {
            wanted.accept(opening.intentsRead() ? new ReadPosition(++turn) : new ReadIntents(++turn, opening.settled() + 1, opening.epoch()));
        }
    }

    // ---- the lease

    void begin() {
        challenge(null);
    }

    private void challenge(LeaseChallenge challenge) {
        phase = new Challenging(challenge);
        wanted.accept(new ReadLease(++turn));
    }

    void leaseRead(LeaseRead read) {
        LeaseChallenge before = ((Challenging) phase).challenge();
        LeaseChallenge.Move move = LeaseChallenge.decide(before, read.lease(), read.nowMillis(), limits.leaseMillis());
        if (move instanceof LeaseChallenge.LookAgain again) {
            phase = new Challenging(again.challenge());
            waitFor(again.afterMillis());
        } else {
            wanted.accept(new TryLease(++turn, read.lease()));
        }
    }

    /** @return whether an epoch has begun */
    boolean leaseTried(LeaseTried tried) {
        if (!awaits(tried.turn())) {
            if (tried.taken()) {
                wanted.accept(new ReleaseLease(tried.lease().settledEpoch()));
            }
            return false;
        }
        if (!tried.taken()) {
            challenge(((Challenging) phase).challenge());
            return false;
        }
        ledgerFailuresInARow = 0;
        long epoch = tried.lease().epoch();
        long settled = tried.lease().settledEpoch();
        phase = new Opening(epoch, settled, settled >= epoch - 1);
        resume();
        return true;
    }

    /** Lets go of the lease, if it is held, and says up to which epoch all is settled. */
    void release() {
        if (phase instanceof Writing writing) {
            wanted.accept(new ReleaseLease(writing.epoch()));
        } else if (phase instanceof Opening opening) {
            wanted.accept(new ReleaseLease(opening.settled()));
        } else if (phase instanceof Settling settling) {
            wanted.accept(new ReleaseLease(settling.settled()));
        }
        phase = new Free();
        timer = 0;
        turn++;
    }

    /** @param again whether there still is something to write */
    void lost(boolean again) {
        abandon(again, 0);
    }

    /** What was to be written may or may not stand there: whoever takes the lease next asks. */
    void ledgerFailed(boolean again) {
        abandon(again, limits.backoff(++ledgerFailuresInARow, 0));
    }

    private void abandon(boolean again, long afterMillis) {
        timer = 0;
        // Also where it was let go of: the effect that was to do so may be among those that are not carried out any more.
        wanted.accept(new AbandonLease());
        positionAsked = false;
        turn++;
        if (!again) {
            phase = new Free();
        } else if (afterMillis > 0) {
            phase = new Challenging(null);
            waitFor(afterMillis);
        } else {
            challenge(null);
        }
    }

    // ---- the target folder

    /** To go on writing. */
    void askForPosition() {
        if (!positionAsked) {
            positionAsked = true;
            wanted.accept(new ReadPosition(++turn));
        }
    }

    /** The target answered, or failed to. */
    void positionAnswered() {
        positionAsked = false;
    }

    void createFolder() {
        wanted.accept(new CreateFolder(++turn));
    }

    void write() {
        if (phase instanceof Opening opening) {
            phase = new Writing(opening.epoch());
        }
    }

    // ---- what is in doubt

    /** An intent of this very epoch is open, and nobody knows what came of it. */
    void doubt() {
        phase = new Opening(epoch(), epoch() - 1, false);
        resume();
    }

    void intentsRead(List<Intent> open) {
        Opening opening = (Opening) phase;
        if (open.isEmpty()) {
            long before = opening.epoch() - 1;
            if (opening.settled() < before) {
                wanted.accept(new MarkSettled(before));
            }
            phase = new Opening(opening.epoch(), before, true);
        } else {
            phase = new Settling(opening.epoch(), opening.settled(), open, null, 0);
        }
        resume();
    }

    void looked(Window window) {
        Settling now = (Settling) phase;
        Settlement settlement = Settlement.decide(now.open(), window);
        recordFound(settlement, window.position().uidValidity());
        Set<ItemKey> absent = settlement.absent().stream().map(Doubt::key).collect(Collectors.toSet());
        boolean nothingLeft = absent.isEmpty() && settlement.unclear().isEmpty();
        if (nothingLeft || absent.equals(now.absent())) {
            conclude(now, settlement.unclear());
        } else if (now.looks() + 1 >= limits.looksMax()) {
            List<Unclear> unclear = new ArrayList<>(settlement.unclear());
            settlement.absent().forEach(doubt -> unclear.add(new Unclear(doubt, "the target folder kept changing while it was looked at")));
            conclude(now, unclear);
        } else {
            phase = new Settling(now.epoch(), now.settled(), now.open(), absent, now.looks() + 1);
            waitFor(limits.quarantineMillis());
        }
    }

    private void recordFound(Settlement settlement, long uidValidity) {
        for (Intent intent : settlement.found().stream().map(found -> found.doubt().intent()).distinct().collect(Collectors.toList())) {
            List<Done> done = new ArrayList<>();
            Map<Long, ItemKey> claims = new HashMap<>();
            for (Settlement.Found found : settlement.found()) {
                if (found.doubt().intent().equals(intent)) {
                    Intents.Item item = found.doubt().item();
                    claims.put(found.targetUid(), found.doubt().key());
                    done.add(new Done(item.uid(), intent.pass(), How.SETTLED, item.fingerprint(), target, uidValidity, found.targetUid(), item.flags(), Set.of()));
                }
            }
            wanted.accept(new Claim(uidValidity, claims));
            wanted.accept(new RecordDone(intent.source(), done));
        }
    }

    private void conclude(Settling now, List<Unclear> unclear) {
        for (Unclear it : unclear) {
            Intents.Item item = it.doubt().item();
            Intent intent = it.doubt().intent();
            Failed failed = new Failed(item.uid(), intent.pass(), Reason.AMBIGUOUS, it.detail(), Reason.AMBIGUOUS.retryable(), null, item.fingerprint().sizeBytes());
            wanted.accept(new RecordFailed(intent.source(), List.of(failed)));
        }
        now.open().forEach(intent -> wanted.accept(new CloseIntent(intent.epoch(), intent.group())));
        // Asked behind these in the same lane: nothing is fetched before it is durable what was found here.
        phase = new Opening(now.epoch(), now.settled(), false);
        resume();
    }
}
