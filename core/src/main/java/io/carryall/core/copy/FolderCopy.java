package io.carryall.core.copy;

import io.carryall.core.copy.CopyEffect.*;
import io.carryall.core.copy.CopyInput.*;
import io.carryall.core.copy.Settlement.Doubt;
import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Intents;
import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.MailException;
import io.carryall.core.port.TargetSession.Appended;
import io.carryall.core.port.TargetSession.Capabilities;
import io.carryall.core.port.TargetSession.InDoubt;
import io.carryall.core.port.TargetSession.NotSent;
import io.carryall.core.port.TargetSession.OneByOne;
import io.carryall.core.port.TargetSession.Position;
import io.carryall.core.port.TargetSession.Refused;
import io.carryall.core.port.TargetSession.Stored;
import io.carryall.core.record.PageRef;
import io.carryall.core.record.PipelineRecord.CopyPage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Decides how one target folder is written: a deterministic machine without clock, network or thread of its own. It is told {@link CopyInput inputs} and answers each with
 * {@link CopyEffect effects}; the same inputs always give the same effects. Not thread-safe: one caller at a time.
 *
 * <pre>
 *   Free ──page──► Challenging ──lease──► Opening ──no open intent──► Writing ──idle──► Free
 *                      ▲                   │    ▲                        │
 *                      │                   ▼    └── in doubt ────────────┤
 *                      │                Settling ──all settled──► Opening│
 *                      └──────────────── lease lost, ledger failed ◄─────┘
 * </pre>
 *
 * A group's way: PREPARING (fetch) → PREPARED → OPENING (intent) → OPENED → APPENDING → CONFIRMING (claim, record, close). At most one group is appended at a time, so the order of a
 * folder is kept; the next one is fetched meanwhile.
 *
 * <p>Of messages with the same content only one is on its way at a time: the next one's intent is written when the one before is recorded or certainly not stored. Else a holder that was stopped before it recorded, and
 * its successor, which finds one message on the target and cannot know whose it is, could take it for one item each, and one of them would be missing. So what a late record says of an item is what the successor found
 * for that very item, and no write of the ledger needs a condition on the lease.
 *
 * <p>Groups of pages of flags go the same way without an intent: to carry flags twice does no harm, so there is nothing to settle.
 */
public final class FolderCopy {
    private static final int AHEAD_MAX = 2;
    private static final int GROUPS_MAX = 4;

    private sealed interface Phase {}

    private record Free() implements Phase {}

    private record Challenging(LeaseChallenge challenge) implements Phase {}

    /** The lease is held; what is open in the ledger or where the folder stands is not known yet. Intents up to {@code settled} are known to be closed. */
    private record Opening(long epoch, long settled, boolean intentsRead) implements Phase {}

    /** @param absent what the look before this one did not find, or null where there was none */
    private record Settling(long epoch, long settled, List<Intent> open, Set<ItemKey> absent, int looks) implements Phase {}

    private record Writing(long epoch) implements Phase {}

    private enum Stage { PREPARING, PREPARED, OPENING, OPENED, APPENDING, CONFIRMING }

    private static final class Group {
        final int number;
        final CopyPage page;
        List<SourceItem> items;
        final Set<Long> settled = new HashSet<>();
        final int step;
        Map<Long, FlagSet> flags = Map.of();
        final List<Ready> ready = new ArrayList<>();
        Intent intent;
        Stage stage = Stage.PREPARING;

        /** @param step its place among the groups of its epoch */
        Group(int number, CopyPage page, List<SourceItem> items, int step) {
            this.number = number;
            this.page = page;
            this.items = items;
            this.step = step;
        }

        boolean isOfFlags() {
            return page.isOfFlags();
        }

        boolean isOnItsWay() {
            return stage == Stage.OPENING || stage == Stage.OPENED || stage == Stage.APPENDING;
        }

        Set<String> contents() {
            return ready.stream().map(item -> item.fingerprint().content()).collect(Collectors.toSet());
        }
    }

    private record Work(CopyPage page, LinkedHashMap<Long, SourceItem> open) {
        /** It waits for the end of an epoch, not for items. */
        boolean waitsForTheEpoch() {
            return page.onlyAsksToSettle();
        }
    }

    private record Retry(PageRef page, List<Long> uids) {}

    private final TargetFolder target;
    private final CopyLimits limits;
    private final Map<PageRef, Work> pages = new LinkedHashMap<>();
    private final List<Group> groups = new ArrayList<>();
    private final Deque<Retry> retries = new ArrayDeque<>();
    private Phase phase = new Free();
    private Position position;
    private Capabilities capabilities;
    private boolean positionAsked;
    private boolean stopping;
    private int turn;
    private int lastGroup;
    private int groupsOfEpoch;
    private int lastTimer;
    private int timer;
    private int failuresInARow;
    private int ledgerFailuresInARow;
    private List<CopyEffect> effects = new ArrayList<>();

    public FolderCopy(TargetFolder target, CopyLimits limits) {
        this.target = target;
        this.limits = limits;
    }

    /** Nothing is under way and no lease is held: it may be forgotten. */
    public boolean isFree() {
        return phase instanceof Free && pages.isEmpty() && groups.isEmpty();
    }

    /** Groups are under way and nothing is being waited for: connections had better be kept. */
    public boolean isBusy() {
        return timer == 0 && !groups.isEmpty();
    }

    /** Pages that were taken in and are neither settled nor parked. */
    public int openPages() {
        return pages.size();
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
            park(page -> page.pass().equals(it.pass()), Reason.INTERRUPTED, it.detail());
        } else if (input instanceof LeaseRead it && it.turn() == turn) {
            leaseRead(it);
        } else if (input instanceof LeaseTried it) {
            leaseTried(it);
        } else if (input instanceof LeaseLost) {
            startOver(0);
        } else if (input instanceof LedgerFailed) {
            startOver(limits.backoff(++ledgerFailuresInARow, 0));
        } else if (input instanceof IntentsRead it && it.turn() == turn) {
            intentsRead(it.open());
        } else if (input instanceof PositionRead it && it.turn() == turn) {
            positionRead(it.position(), it.capabilities());
        } else if (input instanceof Looked it && it.turn() == turn) {
            looked(it.window());
        } else if (input instanceof FolderCreated it && it.turn() == turn) {
            resume();
        } else if (input instanceof TargetFailed it && it.turn() == turn) {
            targetFailed(it);
        } else if (input instanceof Prepared it) {
            group(it.group(), Stage.PREPARING).ifPresent(group -> prepared(group, it.items()));
        } else if (input instanceof SourceFailed it) {
            group(it.group(), Stage.PREPARING).ifPresent(group -> sourceFailed(group, it));
        } else if (input instanceof FlagsRead it) {
            group(it.group(), Stage.PREPARING).ifPresent(group -> flagsRead(group, it.flags()));
        } else if (input instanceof FlagsCarried it) {
            group(it.group(), Stage.APPENDING).ifPresent(this::flagsCarried);
        } else if (input instanceof FlagsNotCarried it) {
            group(it.group(), Stage.APPENDING).ifPresent(group -> flagsNotCarried(group, it));
        } else if (input instanceof IntentOpened it) {
            group(it.group(), Stage.OPENING).ifPresent(group -> group.stage = Stage.OPENED);
        } else if (input instanceof AppendAnswered it) {
            group(it.group(), Stage.APPENDING).ifPresent(group -> answered(group, it.answer()));
        } else if (input instanceof Confirmed it) {
            group(it.group(), Stage.CONFIRMING).ifPresent(this::confirmed);
        } else if (input instanceof WaitOver it && it.timer() == timer) {
            timer = 0;
            resume();
        } else if (input instanceof Idle && pages.isEmpty() && groups.isEmpty()) {
            release();
        } else if (input instanceof Stop) {
            stop();
        }
    }

    // ---- pages

    private void pageArrived(CopyPage page) {
        if (!stopping && pages.putIfAbsent(page.ref(), new Work(page, items(page))) == null && phase instanceof Free) {
            challenge(null);
        }
    }

    private static LinkedHashMap<Long, SourceItem> items(CopyPage page) {
        LinkedHashMap<Long, SourceItem> items = new LinkedHashMap<>();
        page.items().forEach(item -> items.put(item.uid(), item));
        page.flagged().forEach(uid -> items.put(uid, new SourceItem(uid, 0, SourceItem.NO_DATE)));
        return items;
    }

    private void park(Predicate<CopyPage> which, Reason reason, String detail) {
        List<CopyPage> parked = pages.values().stream().map(Work::page).filter(which).collect(Collectors.toList());
        if (parked.isEmpty()) {
            return;
        }
        dropUnsent();
        for (CopyPage page : parked) {
            pages.remove(page.ref());
            retries.removeIf(retry -> retry.page().equals(page.ref()));
            effects.add(page.onlyAsksToSettle() ? new LetGo(page.ref()) : new ParkPage(page.ref(), reason, detail));
        }
        failuresInARow = 0;
    }

    private void settlePages() {
        List<PageRef> settled = pages.values().stream().filter(work -> work.open().isEmpty() && !work.waitsForTheEpoch()).map(work -> work.page().ref()).collect(Collectors.toList());
        for (PageRef page : settled) {
            pages.remove(page);
            retries.removeIf(retry -> retry.page().equals(page));
            effects.add(new SettlePage(page));
        }
    }

    // ---- the lease

    private void challenge(LeaseChallenge challenge) {
        phase = new Challenging(challenge);
        effects.add(new ReadLease(++turn));
    }

    private void leaseRead(LeaseRead read) {
        LeaseChallenge before = ((Challenging) phase).challenge();
        LeaseChallenge.Move move = LeaseChallenge.decide(before, read.lease(), read.nowMillis(), limits.leaseMillis());
        if (move instanceof LeaseChallenge.LookAgain again) {
            phase = new Challenging(again.challenge());
            waitFor(again.afterMillis());
        } else {
            effects.add(new TryLease(++turn, read.lease()));
        }
    }

    private void leaseTried(LeaseTried tried) {
        if (tried.turn() != turn) {
            if (tried.taken()) {
                effects.add(new ReleaseLease(tried.lease().settledEpoch()));
            }
            return;
        }
        if (!tried.taken()) {
            challenge(((Challenging) phase).challenge());
            return;
        }
        ledgerFailuresInARow = 0;
        groupsOfEpoch = 0;
        long epoch = tried.lease().epoch();
        open(epoch, tried.lease().settledEpoch(), epoch - 1);
    }

    private void open(long epoch, long settled, long toEpoch) {
        position = null;
        phase = new Opening(epoch, settled, settled >= toEpoch);
        resume();
    }

    /** Nothing that was under way is relied upon any more; what may have been sent is settled by whoever takes the lease next. */
    private void startOver(long afterMillis) {
        groups.forEach(group -> effects.add(new Forget(group.number)));
        groups.clear();
        retries.clear();
        // What was thought settled may never have been written: the ledger is asked again.
        pages.replaceAll((ref, work) -> new Work(work.page(), items(work.page())));
        timer = 0;
        // Also where it was let go of: the effect that was to do so may be among those that are not carried out any more.
        effects.add(new AbandonLease());
        positionAsked = false;
        turn++;
        if (pages.isEmpty() || stopping) {
            phase = new Free();
        } else if (afterMillis > 0) {
            phase = new Challenging(null);
            waitFor(afterMillis);
        } else {
            challenge(null);
        }
    }

    private void release() {
        if (phase instanceof Writing writing) {
            effects.add(new ReleaseLease(writing.epoch()));
        } else if (phase instanceof Opening opening) {
            effects.add(new ReleaseLease(opening.settled()));
        } else if (phase instanceof Settling settling) {
            effects.add(new ReleaseLease(settling.settled()));
        }
        phase = new Free();
        timer = 0;
        turn++;
    }

    private void stop() {
        stopping = true;
        pages.clear();
        retries.clear();
        dropUnsent();
    }

    // ---- opening and settling

    private void intentsRead(List<Intent> open) {
        Opening opening = (Opening) phase;
        if (open.isEmpty()) {
            closeEpochs(opening.epoch(), opening.settled());
            return;
        }
        phase = new Settling(opening.epoch(), opening.settled(), open, null, 0);
        resume();
    }

    private void closeEpochs(long epoch, long settled) {
        if (settled < epoch - 1) {
            effects.add(new MarkSettled(epoch - 1));
        }
        phase = new Opening(epoch, epoch - 1, true);
        resume();
    }

    private void positionRead(Position now, Capabilities can) {
        positionAsked = false;
        position = now;
        capabilities = can;
        if (phase instanceof Opening opening) {
            phase = new Writing(opening.epoch());
        }
    }

    private void looked(Window window) {
        Settling now = (Settling) phase;
        failuresInARow = 0;
        Settlement settlement = Settlement.decide(now.open(), window);
        recordFound(settlement, window.position().uidValidity());
        Set<ItemKey> absent = settlement.absent().stream().map(Doubt::key).collect(Collectors.toSet());
        boolean nothingLeft = absent.isEmpty() && settlement.unclear().isEmpty();
        boolean agrees = now.absent() != null && absent.equals(now.absent());
        if (nothingLeft || agrees) {
            conclude(now, settlement, settlement.unclear());
        } else if (now.looks() + 1 >= limits.looksMax()) {
            List<Settlement.Unclear> unclear = new ArrayList<>(settlement.unclear());
            settlement.absent().forEach(doubt -> unclear.add(new Settlement.Unclear(doubt, "the target folder kept changing while it was looked at")));
            conclude(now, settlement, unclear);
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
            effects.add(new Claim(uidValidity, claims));
            effects.add(new RecordDone(intent.source(), done));
        }
    }

    private void conclude(Settling now, Settlement settlement, List<Settlement.Unclear> unclear) {
        for (Settlement.Unclear it : unclear) {
            Intents.Item item = it.doubt().item();
            Intent intent = it.doubt().intent();
            effects.add(new RecordFailed(intent.source(), List.of(failed(item.uid(), intent.pass(), Reason.AMBIGUOUS, it.detail(), null, item.fingerprint().sizeBytes()))));
        }
        now.open().forEach(intent -> effects.add(new CloseIntent(intent.epoch(), intent.group())));
        // Asked behind these in the same lane: nothing is fetched before it is durable what was found here.
        phase = new Opening(now.epoch(), now.settled(), false);
        resume();
    }

    // ---- the target

    private void targetFailed(TargetFailed failure) {
        positionAsked = false;
        boolean gone = failure.kind() == MailException.Kind.FOLDER_CHANGED;
        if (gone && phase instanceof Opening opening && !pages.isEmpty() && pages.values().stream().allMatch(work -> work.page().isOfFlags())) {
            // A folder is made to put mail into it; that flags find none is told of their items.
            phase = new Writing(opening.epoch());
        } else if (gone && phase instanceof Settling) {
            looked(new Window(new Position(0, 0), Map.of(), Map.of(), Map.of()));
        } else if (failure.kind() == MailException.Kind.LOGIN_REFUSED || failure.kind() == MailException.Kind.REFUSED) {
            park(page -> true, failure.kind().reason(), failure.detail());
        } else if (gone && ++failuresInARow < limits.attemptsMax()) {
            effects.add(new CreateFolder(++turn));
        } else {
            tryLater(failure.kind().reason(), failure.detail(), failure.backoffMillis(), page -> true);
        }
    }

    private void tryLater(Reason reason, String detail, long askedMillis, Predicate<CopyPage> concerned) {
        if (++failuresInARow >= limits.attemptsMax()) {
            park(concerned, reason == Reason.REFUSED ? Reason.UNREACHABLE : reason, detail);
        } else {
            waitFor(limits.backoff(failuresInARow, askedMillis));
        }
    }

    private void waitFor(long millis) {
        timer = ++lastTimer;
        effects.add(new Wait(timer, millis));
    }

    private void resume() {
        if (phase instanceof Challenging challenging) {
            challenge(challenging.challenge());
        } else if (phase instanceof Settling settling) {
            long low = settling.open().stream().mapToLong(Intent::uidNextLow).min().orElse(1);
            effects.add(new Look(++turn, low, settling.open()));
        } else if (phase instanceof Opening opening) {
            effects.add(opening.intentsRead() ? new ReadPosition(++turn) : new ReadIntents(++turn, opening.settled() + 1, opening.epoch()));
        }
    }

    // ---- groups

    private java.util.Optional<Group> group(int number, Stage stage) {
        return groups.stream().filter(group -> group.number == number && group.stage == stage).findFirst();
    }

    private void advance() {
        settlePages();
        if (phase instanceof Writing writing && timer == 0) {
            choose(writing);
            openIntents(writing);
            append();
            rotate(writing);
        }
        boolean pointless = pages.isEmpty() && groups.isEmpty() && !(phase instanceof Writing) && !(phase instanceof Free);
        if ((stopping && groups.isEmpty() && !(phase instanceof Free)) || pointless) {
            release();
        }
    }

    private void rotate(Writing writing) {
        if (!isEpochOver() || !groups.isEmpty() || pages.isEmpty()) {
            return;
        }
        effects.add(new ReleaseLease(writing.epoch()));
        List<PageRef> waited = pages.values().stream().filter(Work::waitsForTheEpoch).map(work -> work.page().ref()).collect(Collectors.toList());
        waited.forEach(page -> effects.add(new LetGo(page)));
        pages.keySet().removeAll(waited);
        if (pages.isEmpty()) {
            phase = new Free();
            turn++;
        } else {
            challenge(null);
        }
    }

    private boolean isEpochOver() {
        return groupsOfEpoch >= limits.epochGroupsMax() || pages.values().stream().anyMatch(Work::waitsForTheEpoch);
    }

    private void choose(Writing writing) {
        while (ahead() < AHEAD_MAX && groups.size() < GROUPS_MAX && !stopping && !isEpochOver()) {
            Group group = next();
            if (group == null) {
                return;
            }
            groups.add(group);
            groupsOfEpoch++;
            effects.add(group.isOfFlags() ? new ReadFlags(group.number, group.page.pass(), group.page.folder(), group.items.stream().map(SourceItem::uid).collect(Collectors.toList()))
                    : new Prepare(group.number, group.page.pass(), group.page.folder(), group.items));
        }
    }

    private long ahead() {
        return groups.stream().filter(group -> group.stage.compareTo(Stage.APPENDING) < 0).count();
    }

    private Group next() {
        while (!retries.isEmpty()) {
            Retry retry = retries.poll();
            Work work = pages.get(retry.page());
            List<SourceItem> items = work == null ? List.of() : retry.uids().stream().map(work.open()::get).filter(java.util.Objects::nonNull).collect(Collectors.toList());
            if (!items.isEmpty()) {
                return new Group(++lastGroup, work.page(), items, groupsOfEpoch);
            }
        }
        for (Work work : pages.values()) {
            List<SourceItem> items = fill(work);
            if (!items.isEmpty()) {
                return new Group(++lastGroup, work.page(), items, groupsOfEpoch);
            }
        }
        return null;
    }

    private List<SourceItem> fill(Work work) {
        List<SourceItem> items = new ArrayList<>();
        Set<Long> underWay = underWay(work.page());
        long bytes = 0;
        for (SourceItem item : work.open().values()) {
            if (underWay.contains(item.uid())) {
                continue;
            }
            bytes += item.sizeBytes();
            boolean full = items.size() >= limits.groupItemsMax() || bytes > limits.groupBytesMax();
            if (full && !items.isEmpty()) {
                break;
            }
            items.add(item);
        }
        return items;
    }

    /** An item may stand in several pages: a scan that was repeated found it again. */
    private Set<Long> underWay(CopyPage page) {
        Set<Long> uids = new HashSet<>();
        if (page.isOfFlags()) {
            groups.stream().filter(group -> group.page.ref().equals(page.ref())).forEach(group -> group.items.forEach(item -> uids.add(item.uid())));
            return uids;
        }
        groups.stream().filter(group -> !group.isOfFlags() && group.page.folder().equals(page.folder())).forEach(group -> group.items.forEach(item -> uids.add(item.uid())));
        retries.stream().filter(retry -> retry.page().folder().equals(page.folder())).forEach(retry -> uids.addAll(retry.uids()));
        return uids;
    }

    private void prepared(Group group, List<PreparedItem> answers) {
        Map<Long, PreparedItem> byUid = answers.stream().collect(Collectors.toMap(PreparedItem::uid, item -> item, (first, second) -> first));
        List<Failed> failed = new ArrayList<>();
        for (SourceItem item : group.items) {
            PreparedItem answer = byUid.getOrDefault(item.uid(), new Lost(item.uid(), Reason.VANISHED, "the source did not answer for it"));
            if (answer instanceof Ready ready && fits(ready)) {
                group.ready.add(ready);
                continue;
            }
            group.settled.add(item.uid());
            if (answer instanceof Ready tooLarge) {
                String detail = tooLarge.fingerprint().sizeBytes() + " bytes, and the target takes " + capabilities.appendLimitBytes() + " at most (APPENDLIMIT)";
                failed.add(failed(item.uid(), group.page.pass(), Reason.TOO_LARGE, detail, tooLarge.messageId(), tooLarge.fingerprint().sizeBytes()));
            } else if (answer instanceof Lost lost) {
                failed.add(failed(item.uid(), group.page.pass(), lost.reason(), lost.detail(), null, item.sizeBytes()));
            }
        }
        recordFailed(group, failed);
        if (group.ready.isEmpty()) {
            confirm(group);
        } else {
            group.stage = Stage.PREPARED;
            cutBeforeTheSameAgain(group);
        }
    }

    /** What comes after goes in groups of its own, in two halves, so that a folder of nothing but the same message is not fetched over and over. */
    private void cutBeforeTheSameAgain(Group group) {
        Set<String> contents = new HashSet<>();
        int first = 0;
        while (first < group.ready.size() && contents.add(group.ready.get(first).fingerprint().content())) {
            first++;
        }
        if (first == group.ready.size()) {
            return;
        }
        List<Ready> rest = group.ready.subList(first, group.ready.size());
        Set<Long> uids = rest.stream().map(Ready::uid).collect(Collectors.toCollection(LinkedHashSet::new));
        rest.clear();
        group.items = group.items.stream().filter(item -> !uids.contains(item.uid())).collect(Collectors.toList());
        List<Group> later = groups.subList(groups.indexOf(group) + 1, groups.size());
        drop(Set.copyOf(later)::contains);
        tryInHalves(group.page.ref(), List.copyOf(uids));
    }

    private boolean fits(Ready ready) {
        return capabilities == null || capabilities.appendLimitBytes() < 0 || ready.fingerprint().sizeBytes() <= capabilities.appendLimitBytes();
    }

    private static Failed failed(long uid, PassId pass, Reason reason, String detail, String messageId, long sizeBytes) {
        return new Failed(uid, pass, reason, detail, reason.retryable(), messageId, sizeBytes);
    }

    private void recordFailed(Group group, List<Failed> failed) {
        if (!failed.isEmpty()) {
            effects.add(new RecordFailed(group.page.folder(), failed));
        }
    }

    private void sourceFailed(Group group, SourceFailed failure) {
        discard(group);
        if (group.isOfFlags() && (failure.kind() == MailException.Kind.FOLDER_CHANGED || failure.kind() == MailException.Kind.REFUSED)) {
            // What the folder is now, the next scan finds; flags that the source does not tell are left as they are.
            groups.add(group);
            flagsCarried(group);
            return;
        }
        FolderKey source = group.page.folder();
        Predicate<CopyPage> samePair = page -> page.folder().pair().equals(source.pair());
        switch (failure.kind()) {
            case LOGIN_REFUSED -> park(samePair, Reason.LOGIN_REFUSED, failure.detail());
            case FOLDER_CHANGED -> pages.values().stream().filter(work -> work.page().folder().equals(source)).collect(Collectors.toList())
                    .forEach(work -> giveUp(work, failure.detail()));
            case REFUSED -> {
                if (group.items.size() > 1) {
                    split(group);
                } else {
                    group.settled.add(group.items.get(0).uid());
                    groups.add(group);
                    recordFailed(group, List.of(failed(group.items.get(0).uid(), group.page.pass(), Reason.UNREADABLE, failure.detail(), null, group.items.get(0).sizeBytes())));
                    confirm(group);
                }
            }
            default -> tryLater(failure.kind().reason(), failure.detail(), failure.backoffMillis(), samePair);
        }
    }

    /** The folder is not the one that was scanned any more: its items are gone under these UIDs. The next scan finds what they are now; should it find them as they were (the folder was only renamed), they are tried again. */
    private void giveUp(Work work, String detail) {
        Set<Long> underWay = underWay(work.page());
        List<SourceItem> items = work.open().values().stream().filter(item -> !underWay.contains(item.uid())).collect(Collectors.toList());
        if (items.isEmpty() || work.page().isOfFlags()) {
            return;
        }
        Group group = new Group(++lastGroup, work.page(), items, groupsOfEpoch);
        groups.add(group);
        List<Failed> failed = items.stream().map(item -> new Failed(item.uid(), work.page().pass(), Reason.VANISHED, detail, true, null, item.sizeBytes())).collect(Collectors.toList());
        items.forEach(item -> group.settled.add(item.uid()));
        recordFailed(group, failed);
        confirm(group);
    }

    // ---- flags

    private void flagsRead(Group group, Map<Long, FlagSet> flags) {
        group.flags = flags;
        if (flags.isEmpty()) {
            flagsCarried(group);
        } else {
            group.stage = Stage.PREPARED;
        }
    }

    private void flagsCarried(Group group) {
        failuresInARow = 0;
        group.items.forEach(item -> group.settled.add(item.uid()));
        confirm(group);
    }

    private void flagsNotCarried(Group group, FlagsNotCarried failure) {
        discard(group);
        dropUnsent();
        if (failure.kind() == MailException.Kind.LOGIN_REFUSED || failure.kind() == MailException.Kind.REFUSED) {
            park(page -> page.isOfFlags() || failure.kind() == MailException.Kind.LOGIN_REFUSED, failure.kind().reason(), failure.detail());
        } else {
            tryLater(failure.kind().reason(), failure.detail(), failure.backoffMillis(), page -> true);
        }
    }

    // ---- intents

    private void openIntents(Writing writing) {
        for (Group group : groups) {
            if (group.stage != Stage.PREPARED || group.isOfFlags()) {
                continue;
            }
            if (position == null || !capabilities.uidPlus() && groups.stream().anyMatch(Group::isOnItsWay)) {
                askForPosition();
                return;
            }
            Set<String> contents = group.contents();
            if (groups.stream().anyMatch(other -> other.isOnItsWay() && !Collections.disjoint(other.contents(), contents))) {
                return;
            }
            List<Intents.Item> items = group.ready.stream().map(ready -> new Intents.Item(ready.uid(), ready.fingerprint(), ready.flags())).collect(Collectors.toList());
            group.intent = new Intent(target, writing.epoch(), group.step, group.page.pass(), group.page.folder(), position.uidValidity(), position.uidNext(), items);
            group.stage = Stage.OPENING;
            effects.add(new OpenIntent(group.number, group.intent));
        }
    }

    /** Where the server tells no UIDs, only asking again moves the lower bound past what is stored already. */
    private void askForPosition() {
        boolean busy = groups.stream().anyMatch(Group::isOnItsWay);
        if (!positionAsked && position == null && !busy) {
            positionAsked = true;
            effects.add(new ReadPosition(++turn));
        }
    }

    private void append() {
        boolean busy = groups.stream().anyMatch(group -> group.stage == Stage.APPENDING);
        groups.stream().filter(group -> group.stage.compareTo(Stage.APPENDING) < 0).findFirst()
                .filter(group -> !busy && group.stage == (group.isOfFlags() ? Stage.PREPARED : Stage.OPENED))
                .ifPresent(group -> {
                    group.stage = Stage.APPENDING;
                    effects.add(group.isOfFlags() ? new CarryFlags(group.number, ((Writing) phase).epoch(), group.step, group.page.pass(), group.page.folder(), group.flags) : new Append(group.number, group.intent));
                });
    }

    private void answered(Group group, Appended answer) {
        if (answer instanceof Stored stored) {
            stored(group, group.ready, stored);
            closeIntent(group);
            confirm(group);
        } else if (answer instanceof OneByOne each) {
            answeredOneByOne(group, each.each());
        } else if (answer instanceof Refused refused) {
            closeIntent(group);
            refused(group, refused);
        } else if (answer instanceof NotSent notSent) {
            closeIntent(group);
            discard(group);
            dropUnsent();
            takeFirst(List.of(group));
            tryLater(Reason.UNREACHABLE, notSent.detail(), 0, page -> true);
        } else if (answer instanceof InDoubt) {
            inDoubt(group);
        }
    }

    private void stored(Group group, List<Ready> ready, Stored stored) {
        failuresInARow = 0;
        boolean told = stored.uids().size() == ready.size();
        List<Done> done = new ArrayList<>();
        Map<Long, ItemKey> claims = new HashMap<>();
        for (int i = 0; i < ready.size(); i++) {
            Ready item = ready.get(i);
            long uid = told ? stored.uids().get(i) : 0;
            Set<String> dropped = stored.dropped().size() == ready.size() ? stored.dropped().get(i) : Set.of();
            done.add(new Done(item.uid(), group.page.pass(), How.COPIED, item.fingerprint(), target, told ? stored.uidValidity() : 0, uid, item.flags(), dropped));
            if (told) {
                claims.put(uid, group.page.folder().item(item.uid()));
            }
            group.settled.add(item.uid());
        }
        if (told) {
            effects.add(new Claim(stored.uidValidity(), claims));
            moveOn(stored);
        } else {
            // An intent that is open already would take this message for one of its own: its lower bound lies below it.
            position = null;
            dropIntended();
        }
        effects.add(new RecordDone(group.page.folder(), done));
    }

    private void moveOn(Stored stored) {
        long next = stored.uids().stream().mapToLong(Long::longValue).max().orElse(0) + 1;
        boolean same = position != null && position.uidValidity() == stored.uidValidity();
        position = new Position(stored.uidValidity(), same ? Math.max(position.uidNext(), next) : next);
    }

    private void answeredOneByOne(Group group, List<Appended> each) {
        if (each.stream().anyMatch(InDoubt.class::isInstance) || each.size() != group.ready.size()) {
            recordStored(group, each);
            inDoubt(group);
            return;
        }
        recordStored(group, each);
        closeIntent(group);
        List<Failed> failed = new ArrayList<>();
        Appended first = null;
        for (int i = 0; i < each.size(); i++) {
            Ready item = group.ready.get(i);
            if (each.get(i) instanceof Refused refused && Refusal.decide(refused, 1, failuresInARow + 1, limits.attemptsMax()) instanceof Refusal.Fail fail) {
                failed.add(failed(item.uid(), group.page.pass(), fail.reason(), refused.text(), item.messageId(), item.fingerprint().sizeBytes()));
                group.settled.add(item.uid());
            } else if (!(each.get(i) instanceof Stored) && first == null) {
                first = each.get(i);
            }
        }
        recordFailed(group, failed);
        confirm(group);
        if (first instanceof Refused refused) {
            dropUnsent();
            refusedForAll(group, Refusal.decide(refused, 1, failuresInARow + 1, limits.attemptsMax()), refused.text());
        } else if (first instanceof NotSent notSent) {
            dropUnsent();
            tryLater(Reason.UNREACHABLE, notSent.detail(), 0, page -> true);
        }
    }

    private void recordStored(Group group, List<Appended> each) {
        for (int i = 0; i < Math.min(each.size(), group.ready.size()); i++) {
            if (each.get(i) instanceof Stored stored) {
                stored(group, List.of(group.ready.get(i)), stored);
            }
        }
    }

    private void refused(Group group, Refused refused) {
        Refusal.Move move = Refusal.decide(refused, group.ready.size(), failuresInARow + 1, limits.attemptsMax());
        if (move instanceof Refusal.Fail fail) {
            Ready item = group.ready.get(0);
            group.settled.add(item.uid());
            recordFailed(group, List.of(failed(item.uid(), group.page.pass(), fail.reason(), refused.text(), item.messageId(), item.fingerprint().sizeBytes())));
            confirm(group);
            return;
        }
        discard(group);
        dropUnsent();
        if (move instanceof Refusal.Split) {
            split(group);
        } else {
            refusedForAll(group, move, refused.text());
        }
    }

    private void refusedForAll(Group group, Refusal.Move move, String text) {
        if (move instanceof Refusal.Park park) {
            park(page -> true, park.reason(), text);
        } else if (move instanceof Refusal.TryLater later) {
            tryLater(Reason.UNREACHABLE, text, later.backoffMillis(), page -> true);
        } else if (move instanceof Refusal.MakeFolder) {
            failuresInARow++;
            position = null;
            effects.add(new CreateFolder(++turn));
        }
    }

    /** Each half gets an intent of its own. */
    private void split(Group group) {
        List<Long> uids = group.items.stream().map(SourceItem::uid).filter(uid -> !group.settled.contains(uid)).collect(Collectors.toList());
        tryInHalves(group.page.ref(), uids);
        settleInPages(group);
    }

    private void tryInHalves(PageRef page, List<Long> uids) {
        int half = uids.size() / 2;
        retries.addFirst(new Retry(page, uids.subList(half, uids.size())));
        if (half > 0) {
            retries.addFirst(new Retry(page, uids.subList(0, half)));
        }
    }

    /** Committing bytes may have left: nothing more goes to this folder before it is known what became of them. */
    private void inDoubt(Group group) {
        Writing writing = (Writing) phase;
        discard(group);
        dropUnsent();
        takeFirst(List.of(group));
        settleInPages(group);
        position = null;
        phase = new Opening(writing.epoch(), writing.epoch() - 1, false);
        resume();
    }

    private void closeIntent(Group group) {
        effects.add(new CloseIntent(group.intent.epoch(), group.intent.group()));
    }

    private void confirm(Group group) {
        group.stage = Stage.CONFIRMING;
        effects.add(new Forget(group.number));
        effects.add(new Confirm(group.number));
    }

    private void confirmed(Group group) {
        groups.remove(group);
        settleInPages(group);
    }

    /** Only for its own pass: another one may try again what failed in this one. */
    private void settleInPages(Group group) {
        for (Work work : pages.values()) {
            if (group.isOfFlags() ? work.page().ref().equals(group.page.ref()) : isOfSameItems(work.page(), group.page)) {
                work.open().keySet().removeAll(group.settled);
            }
        }
    }

    /** Two pages of flags are never of the same: between two scans they may have changed again. */
    private static boolean isOfSameItems(CopyPage page, CopyPage other) {
        return !page.isOfFlags() && page.folder().equals(other.folder()) && page.pass().equals(other.pass());
    }

    private void discard(Group group) {
        groups.remove(group);
        effects.add(new Forget(group.number));
    }

    /** Lets go of every group of which nothing has been sent, so that what comes before them stays before them. Their intents can be closed: nobody ever acted on them. */
    private void dropUnsent() {
        drop(group -> group.stage.compareTo(Stage.APPENDING) < 0);
    }

    private void dropIntended() {
        drop(group -> group.stage == Stage.OPENING || group.stage == Stage.OPENED);
    }

    private void drop(Predicate<Group> which) {
        List<Group> unsent = groups.stream().filter(which).collect(Collectors.toList());
        for (Group group : unsent) {
            if (group.intent != null) {
                closeIntent(group);
            }
            discard(group);
            settleInPages(group);
        }
        takeFirst(unsent);
    }

    /** What was put off stands behind these in the folder: they go before it. */
    private void takeFirst(List<Group> discarded) {
        for (int i = discarded.size() - 1; i >= 0; i--) {
            Group group = discarded.get(i);
            // Pages of flags have no order.
            if (!group.isOfFlags()) {
                retries.addFirst(new Retry(group.page.ref(), group.items.stream().map(SourceItem::uid).filter(uid -> !group.settled.contains(uid)).collect(Collectors.toList())));
            }
        }
    }
}
