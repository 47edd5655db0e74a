package io.carryall.testkit.simulator;

import io.carryall.core.copy.CopyEffect;
import io.carryall.core.copy.CopyEffect.Lane;
import io.carryall.core.copy.CopyInput;
import io.carryall.core.copy.EffectLanes;
import io.carryall.core.copy.FolderCopy;
import io.carryall.core.item.PassId;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.record.PageRef;
import io.carryall.core.record.PipelineRecord.CopyPage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Carries out what the real {@link FolderCopy} decides for one target folder, lane by lane. */
final class CopierFolder {
    private static final int PAGES_IN_HAND_MAX = 4;
    private static final long IDLE_MILLIS = 3_000;

    private final Copier copier;
    private final TargetFolder target;
    private final FolderCopy decisions;
    private final EffectLanes lanes = new EffectLanes();
    private final Effects effects;
    private final Deque<Topics.Delivery> queued = new ArrayDeque<>();
    private final Map<PageRef, List<Topics.Delivery>> inHand = new HashMap<>();
    private int idleWatch;
    private boolean watchesIdle;
    private boolean stopped;

    CopierFolder(Copier copier, TargetFolder target) {
        this.copier = copier;
        this.target = target;
        this.decisions = new FolderCopy(target, copier.limits);
        this.effects = new Effects(copier, this, target, new LeaseHolder(copier, target, this::leaseLost));
    }

    void page(Topics.Delivery delivery) {
        queued.add(delivery);
        proceed();
    }

    void halted(PassId pass) {
        List<Topics.Delivery> waiting = queued.stream().filter(delivery -> delivery.record().pass().equals(pass)).toList();
        queued.removeAll(waiting);
        waiting.forEach(copier::setAside);
        decide(new CopyInput.PassHalted(pass, "halted"));
    }

    void stop() {
        stopped = true;
        queued.clear();
        inHand.clear();
        decide(new CopyInput.Stop());
    }

    List<PassId> passes() {
        return Stream.concat(queued.stream().map(delivery -> delivery.record().pass()), inHand.keySet().stream().map(PageRef::pass)).distinct().toList();
    }

    boolean isFree() {
        return decisions.isFree() && queued.isEmpty() && lanes.areIdle();
    }

    void acknowledge(PageRef page) {
        List<Topics.Delivery> deliveries = inHand.remove(page);
        if (deliveries != null) {
            copier.books.acknowledged(page);
            deliveries.forEach(Topics.Delivery::acknowledge);
        }
    }

    void letGo(PageRef page) {
        List<Topics.Delivery> deliveries = inHand.remove(page);
        if (deliveries != null) {
            deliveries.forEach(Topics.Delivery::acknowledge);
        }
    }

    private void leaseLost() {
        takeBackUnwritten();
        decide(new CopyInput.LeaseLost());
    }

    void decide(CopyInput input) {
        copier.world.note(() -> copier.machine.name() + " " + target.folder() + " <- " + Words.of(input));
        for (CopyEffect effect : decisions.on(input)) {
            if (effect instanceof CopyEffect.AbandonLease) {
                effects.abandonLease();
            } else if (effect instanceof CopyEffect.Wait wait) {
                copier.machine.in(wait.millis(), () -> decide(new CopyInput.WaitOver(wait.timer())));
            } else {
                lanes.add(effect);
            }
        }
        proceed();
    }

    private void proceed() {
        while (!stopped && !queued.isEmpty() && decisions.openPages() < PAGES_IN_HAND_MAX) {
            Topics.Delivery delivery = queued.poll();
            CopyPage page = (CopyPage) delivery.record();
            inHand.computeIfAbsent(page.ref(), ref -> new ArrayList<>()).add(delivery);
            decide(new CopyInput.PageArrived(page));
        }
        kick(Lane.LEDGER);
        kick(Lane.SOURCE);
        kick(Lane.TARGET);
        watchIdle();
    }

    private void kick(Lane lane) {
        CopyEffect effect = lanes.begin(lane);
        if (effect != null) {
            copier.world.note(() -> copier.machine.name() + " " + target.folder() + " -> " + Words.of(effect));
            effects.carryOut(effect, answer -> answered(lane, answer));
        }
    }

    /** @param answer null where the effect has none */
    private void answered(Lane lane, CopyInput answer) {
        lanes.ended(lane);
        if (answer instanceof CopyInput.LedgerFailed || answer instanceof CopyInput.LeaseLost) {
            takeBackUnwritten();
        }
        if (answer != null) {
            decide(answer);
        } else {
            proceed();
        }
    }

    private void takeBackUnwritten() {
        lanes.dropUnwritten();
        List<Topics.Delivery> again = new ArrayList<>();
        inHand.values().forEach(again::addAll);
        inHand.clear();
        again.forEach(queued::addFirst);
    }

    private void watchIdle() {
        boolean idle = decisions.openPages() == 0 && queued.isEmpty() && !decisions.isFree();
        if (!idle) {
            watchesIdle = false;
            idleWatch++;
        } else if (!watchesIdle) {
            watchesIdle = true;
            int mine = ++idleWatch;
            copier.machine.in(IDLE_MILLIS, () -> {
                if (mine == idleWatch) {
                    watchesIdle = false;
                    decide(new CopyInput.Idle());
                }
            });
        }
    }
}
