package io.carryall.copier;

import io.carryall.copier.Mailboxes.Places;
import io.carryall.core.copy.CopyEffect;
import io.carryall.core.copy.CopyEffect.Lane;
import io.carryall.core.copy.CopyInput;
import io.carryall.core.copy.EffectLanes;
import io.carryall.core.copy.FolderCopy;
import io.carryall.core.item.PassId;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.Queue.Delivery;
import io.carryall.core.record.PageRef;
import io.carryall.core.record.PipelineRecord.CopyPage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Carries out what {@link FolderCopy} decides for one target folder. Thread-safe: decisions are made one at a time under this object's lock, effects run outside of it, those of one
 * lane one after another.
 */
final class FolderCopier {
    /** Enough that the next groups are always at hand, few enough that a large folder lets others have a turn. */
    private static final int PAGES_IN_HAND_MAX = 8;
    private static final long IDLE_MILLIS = 3_000;
    private static final long PLACES_AGAIN_MILLIS = 1_000;

    private final Copier copier;
    private final FolderCopy machine;
    private final EffectRunner runner;
    private final EffectLanes lanes = new EffectLanes();
    private final Deque<Delivery> queued = new ArrayDeque<>();
    private final Map<PageRef, List<Delivery>> inHand = new HashMap<>();
    private Places slotPlaces;
    private boolean slotAsked;
    private boolean stopped;
    private ScheduledFuture<?> idle;

    FolderCopier(Copier copier, FolderCopy machine, Function<FolderCopier, EffectRunner> runner) {
        this.copier = copier;
        this.machine = machine;
        this.runner = runner.apply(this);
    }

    synchronized void page(Delivery delivery) {
        queued.add(delivery);
        proceed();
    }

    /** Pages of this pass that are at hand or waiting are set aside. */
    synchronized void halted(PassId pass, String detail) {
        List<Delivery> waiting = queued.stream().filter(delivery -> delivery.record().pass().equals(pass)).collect(java.util.stream.Collectors.toList());
        queued.removeAll(waiting);
        waiting.forEach(copier::setAside);
        decide(new CopyInput.PassHalted(pass, detail));
    }

    synchronized void stop() {
        stopped = true;
        queued.clear();
        inHand.clear();
        if (slotAsked && copier.slots().withdraw(this)) {
            slotAsked = false;
        }
        decide(new CopyInput.Stop());
    }

    /** Nothing is left to do, and no lease is held. */
    synchronized boolean isFree() {
        return machine.isFree() && queued.isEmpty() && lanes.areIdle();
    }

    synchronized List<PassId> passes() {
        return java.util.stream.Stream.concat(queued.stream().map(delivery -> delivery.record().pass()), inHand.keySet().stream().map(PageRef::pass)).distinct()
                .collect(java.util.stream.Collectors.toList());
    }

    synchronized void tell(CopyInput input) {
        if (input instanceof CopyInput.LedgerFailed || input instanceof CopyInput.LeaseLost) {
            takeBackUnwritten();
        }
        decide(input);
    }

    /** The page is settled or parked: its records may be let go of. */
    void acknowledge(PageRef page) {
        List<Delivery> deliveries;
        synchronized (this) {
            deliveries = inHand.remove(page);
        }
        if (deliveries != null) {
            deliveries.forEach(Delivery::acknowledge);
        }
    }

    private void decide(CopyInput input) {
        for (CopyEffect effect : machine.on(input)) {
            if (effect instanceof CopyEffect.AbandonLease) {
                runner.abandonLease();
            } else if (effect instanceof CopyEffect.Wait wait) {
                copier.timer().schedule(() -> tell(new CopyInput.WaitOver(wait.timer())), wait.millis(), TimeUnit.MILLISECONDS);
            } else {
                lanes.add(effect);
            }
        }
        proceed();
    }

    private void proceed() {
        while (slotPlaces != null && !queued.isEmpty() && machine.openPages() < PAGES_IN_HAND_MAX && !stopped) {
            feed(queued.poll());
        }
        askForSlot();
        kick(Lane.LEDGER);
        kick(Lane.SOURCE);
        kick(Lane.TARGET);
        giveSlotBack();
        watchIdle();
    }

    private void feed(Delivery delivery) {
        CopyPage page = (CopyPage) delivery.record();
        inHand.computeIfAbsent(page.ref(), ref -> new ArrayList<>()).add(delivery);
        runner.remember(page);
        decide(new CopyInput.PageArrived(page));
    }

    // ---- lanes

    private void kick(Lane lane) {
        boolean may = lane == Lane.LEDGER || slotPlaces != null || lanes.peek(lane) instanceof CopyEffect.Forget;
        CopyEffect effect = may ? lanes.begin(lane) : null;
        if (effect != null) {
            copier.workers().execute(() -> run(lane, effect));
        }
    }

    private void run(Lane lane, CopyEffect effect) {
        CopyInput answer = null;
        try {
            answer = runner.carryOut(effect);
        } catch (LedgerException e) {
            copier.ledgerFailed(e);
            answer = new CopyInput.LedgerFailed();
        } catch (RuntimeException | Error e) {
            copier.bug(effect, e);
            answer = new CopyInput.LedgerFailed();
        }
        synchronized (this) {
            lanes.ended(lane);
            if (answer != null) {
                tell(answer);
            } else {
                proceed();
            }
        }
    }

    /** What the ledger was still to be told is void; the pages that were to be settled or parked come again. */
    private void takeBackUnwritten() {
        lanes.dropUnwritten();
        List<Delivery> again = new ArrayList<>();
        inHand.values().forEach(again::addAll);
        inHand.clear();
        again.forEach(queued::addFirst);
    }

    // ---- slots

    private boolean wantsSlot() {
        boolean demand = machine.isBusy() || mailEffectsWait(Lane.SOURCE) || mailEffectsWait(Lane.TARGET);
        return demand || (!queued.isEmpty() && machine.openPages() == 0 && !stopped);
    }

    private boolean mailEffectsWait(Lane lane) {
        return lanes.isRunning(lane) || lanes.waits(lane, effect -> !(effect instanceof CopyEffect.Forget));
    }

    private void askForSlot() {
        if (slotPlaces != null || slotAsked || !wantsSlot()) {
            return;
        }
        slotAsked = true;
        try {
            Places places = queued.isEmpty() ? runner.places() : runner.places((CopyPage) queued.peek().record());
            copier.slots().request(this, places, () -> granted(places));
        } catch (RuntimeException e) {
            copier.placesUnknown(e);
            copier.timer().schedule(this::askAgain, PLACES_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void askAgain() {
        slotAsked = false;
        proceed();
    }

    private void granted(Places places) {
        copier.workers().execute(() -> {
            synchronized (this) {
                slotAsked = false;
                slotPlaces = places;
                proceed();
            }
        });
    }

    private void giveSlotBack() {
        boolean inUse = lanes.isRunning(Lane.SOURCE) || lanes.isRunning(Lane.TARGET);
        if (slotPlaces == null || inUse || wantsSlot()) {
            return;
        }
        Places places = slotPlaces;
        slotPlaces = null;
        runner.giveSessionsBack();
        copier.slots().release(places);
    }

    // ---- idleness

    private void watchIdle() {
        boolean nothingToDo = machine.openPages() == 0 && queued.isEmpty() && !machine.isFree();
        if (!nothingToDo && idle != null) {
            idle.cancel(false);
            idle = null;
        } else if (nothingToDo && idle == null) {
            idle = copier.timer().schedule(this::isIdle, IDLE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private synchronized void isIdle() {
        idle = null;
        decide(new CopyInput.Idle());
    }
}
