package io.carryall.core.copy;

import io.carryall.core.copy.CopyEffect.Forget;
import io.carryall.core.copy.Group.Stage;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.TargetSession.Capabilities;
import io.carryall.core.port.TargetSession.Position;
import io.carryall.core.record.PipelineRecord.CopyPage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The groups that are under way, in the order in which they go: {@code PREPARING} (fetch) → {@code PREPARED} → {@code OPENING} (intent) → {@code OPENED} → {@code APPENDING} → {@code CONFIRMING} (claim, record, close). At most one
 * is appended at a time, so the order of a folder is kept; the next ones are fetched and announced meanwhile.
 *
 * <p>Of messages with the same content only one is on its way at a time: the next one's intent is written when the one before is recorded or certainly not stored. Else a holder that was stopped before it recorded, and
 * its successor, which finds one message on the target and cannot know whose it is, could take it for one item each, and one of them would be missing. So what a late record says of an item is what the successor found
 * for that very item, and no write of the ledger needs a condition on the lease.
 */
final class Convoy {
    private static final int AHEAD_MAX = 2;
    private static final int GROUPS_MAX = 4;

    private final TargetFolder target;
    private final CopyLimits limits;
    private final Backlog backlog;
    private final Consumer<CopyEffect> wanted;
    private final List<Group> groups = new ArrayList<>();
    private Position position;
    private Capabilities capabilities;
    private int lastGroup;
    private int groupsOfEpoch;

    Convoy(TargetFolder target, CopyLimits limits, Backlog backlog, Consumer<CopyEffect> wanted) {
        this.target = target;
        this.limits = limits;
        this.backlog = backlog;
        this.wanted = wanted;
    }

    boolean isEmpty() {
        return groups.isEmpty();
    }

    List<Group> groups() {
        return Collections.unmodifiableList(groups);
    }

    Optional<Group> find(int number, Stage stage) {
        return groups.stream().filter(group -> group.number() == number && group.stage() == stage).findFirst();
    }

    // ---- the epoch, and where the folder stands

    void beginEpoch() {
        groupsOfEpoch = 0;
        position = null;
    }

    /** No group begins any more under this lease. */
    boolean isEpochOver() {
        return groupsOfEpoch >= limits.epochGroupsMax() || backlog.asksToSettle();
    }

    void standsAt(Position now, Capabilities can) {
        position = now;
        capabilities = can;
    }

    /** The next intent waits until the target was asked again. */
    void forgetPosition() {
        position = null;
    }

    /** These UIDs were given out: what comes next is stored behind them. */
    void stored(long uidValidity, List<Long> uids) {
        long next = uids.stream().mapToLong(Long::longValue).max().orElse(0) + 1;
        boolean same = position != null && position.uidValidity() == uidValidity;
        position = new Position(uidValidity, same ? Math.max(position.uidNext(), next) : next);
    }

    /** A message was stored, and its UID not told: an intent that is open already would take it for one of its own, as its lower bound lies below it. */
    void storedUntold() {
        position = null;
        drop(group -> group.stage() == Stage.OPENING || group.stage() == Stage.OPENED);
    }

    // ---- the way of a group

    void choose() {
        while (groups.stream().filter(Group::isUnsent).count() < AHEAD_MAX && groups.size() < GROUPS_MAX && !isEpochOver()) {
            Optional<Backlog.Choice> next = backlog.next(groups);
            if (next.isEmpty()) {
                return;
            }
            Group group = add(next.get().page(), next.get().items());
            groupsOfEpoch++;
            wanted.accept(group.fetch());
        }
    }

    Group add(CopyPage page, List<SourceItem> items) {
        Group group = new Group(++lastGroup, page, items, groupsOfEpoch);
        groups.add(group);
        return group;
    }

    void prepared(Group group, List<CopyInput.PreparedItem> answers) {
        recordFailed(group, group.prepared(answers, capabilities));
        if (group.ready().isEmpty()) {
            confirm(group);
        } else {
            cutBeforeTheSameAgain(group);
        }
    }

    /** What comes after goes in groups of its own, in two halves, so that a folder of nothing but the same message is not fetched over and over. */
    private void cutBeforeTheSameAgain(Group group) {
        List<Long> uids = group.cutBeforeTheSameAgain();
        if (!uids.isEmpty()) {
            dropBehind(group);
            backlog.putFirstInHalves(group.page().ref(), uids);
        }
    }

    /**
     * Writes the intents of what was fetched.
     *
     * @return whether that waits for the target to tell where the folder stands
     */
    boolean announce(long epoch) {
        for (Group group : groups) {
            if (group.stage() != Stage.PREPARED || group.isOfFlags()) {
                continue;
            }
            boolean busy = groups.stream().anyMatch(Group::isOnItsWay);
            // Where the server tells no UIDs, only asking again moves the lower bound past what is stored already.
            if (position == null || !capabilities.uidPlus() && busy) {
                return position == null && !busy;
            }
            Set<String> contents = group.contents();
            if (groups.stream().anyMatch(other -> other.isOnItsWay() && !Collections.disjoint(other.contents(), contents))) {
                return false;
            }
            wanted.accept(group.open(target, epoch, position));
        }
        return false;
    }

    /** Sends the first one, if nothing is being sent and it is that far. */
    void send(long epoch) {
        if (groups.stream().noneMatch(group -> group.stage() == Stage.APPENDING)) {
            groups.stream().filter(Group::isUnsent).findFirst().filter(Group::mayBeSent).ifPresent(group -> wanted.accept(group.send(epoch)));
        }
    }

    void recordFailed(Group group, List<Failed> failed) {
        if (!failed.isEmpty()) {
            wanted.accept(new CopyEffect.RecordFailed(group.page().folder(), failed));
        }
    }

    void closeIntent(Group group) {
        wanted.accept(group.closeIntent());
    }

    /** Its end is told when all that was asked of the ledger is written. */
    void confirm(Group group) {
        wanted.accept(new Forget(group.number()));
        wanted.accept(group.confirm());
    }

    void confirmed(Group group) {
        groups.remove(group);
        backlog.settle(group);
    }

    // ---- turning back

    /** Takes it out, and what stands behind it unsent: so that what it has not settled can go again before that, and the folder keeps its order. */
    void turnBack(Group group) {
        dropBehind(group);
        discard(group);
        backlog.settle(group);
    }

    void discard(Group group) {
        groups.remove(group);
        wanted.accept(new Forget(group.number()));
    }

    /** Lets go of every group of which nothing has been sent. Their intents can be closed: nobody ever acted on them. */
    void dropUnsent() {
        drop(Group::isUnsent);
    }

    private void dropBehind(Group group) {
        Set<Group> behind = Set.copyOf(groups.subList(groups.indexOf(group) + 1, groups.size()));
        drop(other -> other.isUnsent() && behind.contains(other));
    }

    private void drop(Predicate<Group> which) {
        List<Group> unsent = groups.stream().filter(which).collect(Collectors.toList());
        for (Group group : unsent) {
            if (group.intent() != null) {
                closeIntent(group);
            }
            discard(group);
            backlog.settle(group);
        }
        Collections.reverse(unsent);
        unsent.forEach(this::putFirst);
    }

    /** What of it is not settled goes next: what was put off before stands behind it in the folder. Pages of flags have no order. */
    void putFirst(Group group) {
        if (!group.isOfFlags()) {
            backlog.putFirst(group.page().ref(), group.unsettled());
        }
    }

    /** Nothing that was under way is relied upon any more. */
    void forgetAll() {
        groups.forEach(group -> wanted.accept(new Forget(group.number())));
        groups.clear();
    }
}
