package io.carryall.core.copy;

import io.carryall.core.copy.CopyInput.Lost;
import io.carryall.core.copy.CopyInput.PreparedItem;
import io.carryall.core.copy.CopyInput.Ready;
import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Intents;
import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.TargetSession.Capabilities;
import io.carryall.core.port.TargetSession.Position;
import io.carryall.core.record.PipelineRecord.CopyPage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Items of one page that go together: fetched by one effect, announced by one intent, appended by one command, recorded by one write. A group of a page of flags is only read and carried: to carry flags twice does no harm,
 * so it has no intent, and nothing of it is ever in doubt.
 */
final class Group {
    /** What is being waited for, or was reached; each is left for the next one or for none. */
    enum Stage {
        PREPARING, PREPARED, OPENING, OPENED, APPENDING, CONFIRMING
    }

    private final int number;
    private final CopyPage page;
    private final int step;
    private final Set<Long> settled = new HashSet<>();
    private final List<Ready> ready = new ArrayList<>();
    private List<SourceItem> items;
    private Map<Long, FlagSet> flags = Map.of();
    private Intent intent;
    private Stage stage = Stage.PREPARING;

    /**
     * @param number names it in effects and inputs
     * @param step   its place among the groups of its epoch
     */
    Group(int number, CopyPage page, List<SourceItem> items, int step) {
        this.number = number;
        this.page = page;
        this.items = items;
        this.step = step;
    }

    int number() {
        return number;
    }

    CopyPage page() {
        return page;
    }

    List<SourceItem> items() {
        return items;
    }

    /** Those that were fetched, in the order of the folder. */
    List<Ready> ready() {
        return ready;
    }

    Intent intent() {
        return intent;
    }

    Stage stage() {
        return stage;
    }

    boolean isOfFlags() {
        return page.isOfFlags();
    }

    boolean isUnsent() {
        return stage.compareTo(Stage.APPENDING) < 0;
    }

    /** Its intent is written, or being written, and it is not known yet what came of it. */
    boolean isOnItsWay() {
        return stage == Stage.OPENING || stage == Stage.OPENED || stage == Stage.APPENDING;
    }

    boolean mayBeSent() {
        return stage == (isOfFlags() ? Stage.PREPARED : Stage.OPENED);
    }

    Set<String> contents() {
        return ready.stream().map(item -> item.fingerprint().content()).collect(Collectors.toSet());
    }

    List<Long> uids() {
        return items.stream().map(SourceItem::uid).collect(Collectors.toList());
    }

    /** Those that have an outcome, or will have one when what was asked of the ledger is written. */
    Set<Long> settled() {
        return settled;
    }

    List<Long> unsettled() {
        return items.stream().map(SourceItem::uid).filter(uid -> !settled.contains(uid)).collect(Collectors.toList());
    }

    void settle(long uid) {
        settled.add(uid);
    }

    void settleAll() {
        settled.addAll(uids());
    }

    CopyEffect fetch() {
        return isOfFlags() ? new CopyEffect.ReadFlags(number, page.pass(), page.folder(), uids()) : new CopyEffect.Prepare(number, page.pass(), page.folder(), items);
    }

    /**
     * What came of fetching it.
     *
     * @param can null where it is not known yet
     * @return the items that cannot be copied, which are settled by that
     */
    List<Failed> prepared(List<PreparedItem> answers, Capabilities can) {
        Map<Long, PreparedItem> byUid = answers.stream().collect(Collectors.toMap(PreparedItem::uid, item -> item, (first, second) -> first));
        List<Failed> failed = new ArrayList<>();
        for (SourceItem item : items) {
            PreparedItem answer = byUid.getOrDefault(item.uid(), new Lost(item.uid(), Reason.VANISHED, "the source did not answer for it"));
            if (answer instanceof Ready whole && fits(whole, can)) {
                ready.add(whole);
                continue;
            }
            settle(item.uid());
            if (answer instanceof Ready tooLarge) {
                failed.add(failed(tooLarge, Reason.TOO_LARGE, tooLarge.fingerprint().sizeBytes() + " bytes, and the target takes " + can.appendLimitBytes() + " at most (APPENDLIMIT)"));
            } else if (answer instanceof Lost lost) {
                failed.add(failed(item, lost.reason(), lost.detail(), lost.reason().retryable()));
            }
        }
        stage = Stage.PREPARED;
        return failed;
    }

    private static boolean fits(Ready item, Capabilities can) {
        return can == null || can.appendLimitBytes() < 0 || item.fingerprint().sizeBytes() <= can.appendLimitBytes();
    }

    void prepared(Map<Long, FlagSet> flags) {
        this.flags = flags;
        stage = Stage.PREPARED;
    }

    /** Keeps what stands before the first message whose content it has already. Returns the UIDs of the others, which are not this group's any more. */
    List<Long> cutBeforeTheSameAgain() {
        Set<String> contents = new HashSet<>();
        int first = 0;
        while (first < ready.size() && contents.add(ready.get(first).fingerprint().content())) {
            first++;
        }
        List<Ready> rest = ready.subList(first, ready.size());
        List<Long> uids = rest.stream().map(Ready::uid).collect(Collectors.toList());
        rest.clear();
        Set<Long> cut = new HashSet<>(uids);
        items = items.stream().filter(item -> !cut.contains(item.uid())).collect(Collectors.toList());
        return uids;
    }

    /** @param bound whatever is stored for it gets a UID from here on */
    CopyEffect open(TargetFolder target, long epoch, Position bound) {
        List<Intents.Item> announced = ready.stream().map(item -> new Intents.Item(item.uid(), item.fingerprint(), item.flags())).collect(Collectors.toList());
        intent = new Intent(target, epoch, step, page.pass(), page.folder(), bound.uidValidity(), bound.uidNext(), announced);
        stage = Stage.OPENING;
        return new CopyEffect.OpenIntent(number, intent);
    }

    void opened() {
        stage = Stage.OPENED;
    }

    CopyEffect send(long epoch) {
        stage = Stage.APPENDING;
        return isOfFlags() ? new CopyEffect.CarryFlags(number, epoch, step, page.pass(), page.folder(), flags) : new CopyEffect.Append(number, intent);
    }

    CopyEffect closeIntent() {
        return new CopyEffect.CloseIntent(intent.epoch(), intent.group());
    }

    CopyEffect confirm() {
        stage = Stage.CONFIRMING;
        return new CopyEffect.Confirm(number);
    }

    Failed failed(Ready item, Reason reason, String detail) {
        return new Failed(item.uid(), page.pass(), reason, detail, reason.retryable(), item.messageId(), item.fingerprint().sizeBytes());
    }

    Failed failed(SourceItem item, Reason reason, String detail, boolean retryable) {
        return new Failed(item.uid(), page.pass(), reason, detail, retryable, null, item.sizeBytes());
    }
}
