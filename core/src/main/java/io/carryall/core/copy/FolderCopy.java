package io.carryall.core.copy;

import io.carryall.core.copy.CopyEffect.LetGo;
import io.carryall.core.copy.CopyEffect.ParkPage;
import io.carryall.core.copy.CopyEffect.SettlePage;
import io.carryall.core.copy.CopyInput.*;
import io.carryall.core.copy.Group.Stage;
import io.carryall.core.item.Reason;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.TargetSession.Position;
import io.carryall.core.record.PipelineRecord.CopyPage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Decides how one target folder is written: a deterministic machine without clock, network or thread of its own. It is told {@link CopyInput inputs} and answers each with
 * {@link CopyEffect effects}; the same inputs always give the same effects. Not thread-safe: one caller at a time.
 *
 * <p>It is made of parts, each of which may be read by itself:
 * <ul>
 *   <li>{@link Backlog}: the pages taken in, and what of them goes next
 *   <li>{@link Tenure}: the lease, and the settling of what is in doubt before anything is written under it
 *   <li>{@link Convoy}: the groups under way: fetched, announced, sent one after another, recorded
 *   <li>{@link Outcomes}: what the servers' answers mean for a group
 * </ul>
 * Here they are joined: inputs find their part, and what concerns the folder as a whole is carried out.
 */
public final class FolderCopy {
    private final Patience patience;
    private final Backlog backlog;
    private final Tenure tenure;
    private final Convoy convoy;
    private final Outcomes outcomes;
    private boolean stopping;
    private List<CopyEffect> effects = new ArrayList<>();

    public FolderCopy(TargetFolder target, CopyLimits limits) {
        patience = new Patience(limits);
        backlog = new Backlog(limits);
        tenure = new Tenure(target, limits, this::want);
        convoy = new Convoy(target, limits, backlog, this::want);
        outcomes = new Outcomes(target, limits, backlog, convoy, patience, this::want);
    }

    private void want(CopyEffect effect) {
        effects.add(effect);
    }

    /** Nothing is under way and no lease is held: it may be forgotten. */
    public boolean isFree() {
        return tenure.isFree() && backlog.isEmpty() && convoy.isEmpty();
    }

    /** Groups are under way and nothing is being waited for: connections had better be kept. */
    public boolean isBusy() {
        return !tenure.isWaiting() && !convoy.isEmpty();
    }

    /** Pages that were taken in and are neither settled nor parked. */
    public int openPages() {
        return backlog.pages();
    }

    public List<CopyEffect> on(CopyInput input) {
        effects = new ArrayList<>();
        dispatch(input);
        advance();
        return List.copyOf(effects);
    }

    private void dispatch(CopyInput input) {
        if (input instanceof PageArrived it) {
            pageArrived(it.page());
        } else if (input instanceof PassHalted it) {
            setAside(page -> page.pass().equals(it.pass()), Reason.INTERRUPTED, it.detail());
        } else if (input instanceof LeaseRead it && tenure.awaits(it.turn())) {
            tenure.leaseRead(it);
        } else if (input instanceof LeaseTried it) {
            leaseTried(it);
        } else if (input instanceof LeaseLost) {
            beginAnew();
            tenure.lost(!backlog.isEmpty());
        } else if (input instanceof LedgerFailed) {
            beginAnew();
            tenure.ledgerFailed(!backlog.isEmpty());
        } else if (input instanceof IntentsRead it && tenure.awaits(it.turn())) {
            tenure.intentsRead(it.open());
        } else if (input instanceof PositionRead it && tenure.awaits(it.turn())) {
            positionRead(it);
        } else if (input instanceof Looked it && tenure.awaits(it.turn())) {
            looked(it.window());
        } else if (input instanceof FolderCreated it && tenure.awaits(it.turn())) {
            tenure.resume();
        } else if (input instanceof TargetFailed it && tenure.awaits(it.turn())) {
            targetFailed(it);
        } else if (input instanceof Prepared it) {
            convoy.find(it.group(), Stage.PREPARING).ifPresent(group -> convoy.prepared(group, it.items()));
        } else if (input instanceof SourceFailed it) {
            convoy.find(it.group(), Stage.PREPARING).ifPresent(group -> carryOut(outcomes.sourceFailed(group, it)));
        } else if (input instanceof FlagsRead it) {
            convoy.find(it.group(), Stage.PREPARING).ifPresent(group -> outcomes.flagsRead(group, it.flags()));
        } else if (input instanceof FlagsCarried it) {
            convoy.find(it.group(), Stage.APPENDING).ifPresent(outcomes::flagsCarried);
        } else if (input instanceof FlagsNotCarried it) {
            convoy.find(it.group(), Stage.APPENDING).ifPresent(group -> carryOut(outcomes.flagsNotCarried(group, it)));
        } else if (input instanceof IntentOpened it) {
            convoy.find(it.group(), Stage.OPENING).ifPresent(Group::opened);
        } else if (input instanceof AppendAnswered it) {
            convoy.find(it.group(), Stage.APPENDING).ifPresent(group -> carryOut(outcomes.answered(group, it.answer())));
        } else if (input instanceof Confirmed it) {
            convoy.find(it.group(), Stage.CONFIRMING).ifPresent(convoy::confirmed);
        } else if (input instanceof WaitOver it) {
            tenure.waitOver(it.timer());
        } else if (input instanceof Idle && backlog.isEmpty() && convoy.isEmpty()) {
            tenure.release();
        } else if (input instanceof Stop) {
            stop();
        }
    }

    private void pageArrived(CopyPage page) {
        if (!stopping && backlog.add(page) && tenure.isFree()) {
            tenure.begin();
        }
    }

    private void stop() {
        stopping = true;
        backlog.clear();
        convoy.dropUnsent();
    }

    /** Whatever input came: goes as far as it gets. */
    private void advance() {
        backlog.takeSettled().forEach(page -> want(new SettlePage(page)));
        if (tenure.isWriting() && !tenure.isWaiting()) {
            convoy.choose();
            if (convoy.announce(tenure.epoch())) {
                tenure.askForPosition();
            }
            convoy.send(tenure.epoch());
            endEpoch();
        }
        boolean pointless = backlog.isEmpty() && convoy.isEmpty() && !tenure.isWriting();
        if (!tenure.isFree() && (stopping && convoy.isEmpty() || pointless)) {
            tenure.release();
        }
    }

    /** Intents of one epoch are one small partition of the ledger, and what waits for its end had better not wait long. */
    private void endEpoch() {
        if (!convoy.isEpochOver() || !convoy.isEmpty() || backlog.isEmpty()) {
            return;
        }
        tenure.release();
        for (CopyPage page : backlog.which(CopyPage::onlyAsksToSettle)) {
            backlog.remove(page.ref());
            want(new LetGo(page.ref()));
        }
        if (!backlog.isEmpty()) {
            tenure.begin();
        }
    }

    // ---- the lease

    private void leaseTried(LeaseTried tried) {
        if (tenure.leaseTried(tried)) {
            convoy.beginEpoch();
        }
    }

    /** Nothing that was under way is relied upon any more; what may have been sent is settled by whoever takes the lease next. */
    private void beginAnew() {
        convoy.forgetAll();
        backlog.beginAnew();
    }

    // ---- the target

    private void positionRead(PositionRead it) {
        tenure.positionAnswered();
        convoy.standsAt(it.position(), it.capabilities());
        tenure.write();
    }

    private void looked(Window window) {
        patience.renew();
        tenure.looked(window);
    }

    private void targetFailed(TargetFailed failure) {
        tenure.positionAnswered();
        boolean gone = failure.kind() == Kind.FOLDER_CHANGED;
        if (gone && tenure.isOpening() && backlog.isOfFlagsOnly()) {
            // A folder is made to put mail into it; that flags find none is told of their items.
            tenure.write();
        } else if (gone && tenure.isSettling()) {
            looked(new Window(new Position(0, 0), Map.of(), Map.of(), Map.of()));
        } else if (failure.kind() == Kind.LOGIN_REFUSED || failure.kind() == Kind.REFUSED) {
            setAside(page -> true, failure.kind().reason(), failure.detail());
        } else if (gone && !patience.failedAgain()) {
            tenure.createFolder();
        } else {
            tryLater(page -> true, failure.kind().reason(), failure.detail(), failure.backoffMillis());
        }
    }

    // ---- the folder as a whole

    private void carryOut(Verdict verdict) {
        if (verdict instanceof Verdict.SetAside it) {
            setAside(it.pages(), it.reason(), it.detail());
        } else if (verdict instanceof Verdict.TryLater it) {
            tryLater(it.pages(), it.reason(), it.detail(), it.askedMillis());
        } else if (verdict instanceof Verdict.MakeFolder) {
            patience.failedAgain();
            convoy.forgetPosition();
            tenure.createFolder();
        } else if (verdict instanceof Verdict.Settle) {
            convoy.forgetPosition();
            tenure.doubt();
        }
    }

    private void tryLater(Predicate<CopyPage> pages, Reason reason, String detail, long askedMillis) {
        if (patience.failedAgain()) {
            setAside(pages, reason == Reason.REFUSED ? Reason.UNREACHABLE : reason, detail);
        } else {
            tenure.waitFor(patience.backoffMillis(askedMillis));
        }
    }

    private void setAside(Predicate<CopyPage> pages, Reason reason, String detail) {
        List<CopyPage> parked = backlog.which(pages);
        if (parked.isEmpty()) {
            return;
        }
        convoy.dropUnsent();
        for (CopyPage page : parked) {
            backlog.remove(page.ref());
            want(page.onlyAsksToSettle() ? new LetGo(page.ref()) : new ParkPage(page.ref(), reason, detail));
        }
        patience.renew();
    }
}
