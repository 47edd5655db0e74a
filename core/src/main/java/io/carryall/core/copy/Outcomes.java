package io.carryall.core.copy;

import io.carryall.core.copy.CopyEffect.Claim;
import io.carryall.core.copy.CopyEffect.RecordDone;
import io.carryall.core.copy.CopyInput.FlagsNotCarried;
import io.carryall.core.copy.CopyInput.Ready;
import io.carryall.core.copy.CopyInput.SourceFailed;
import io.carryall.core.copy.Verdict.GoOn;
import io.carryall.core.copy.Verdict.MakeFolder;
import io.carryall.core.copy.Verdict.SetAside;
import io.carryall.core.copy.Verdict.Settle;
import io.carryall.core.copy.Verdict.TryLater;
import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.TargetSession.Appended;
import io.carryall.core.port.TargetSession.InDoubt;
import io.carryall.core.port.TargetSession.NotSent;
import io.carryall.core.port.TargetSession.OneByOne;
import io.carryall.core.port.TargetSession.Refused;
import io.carryall.core.port.TargetSession.Stored;
import io.carryall.core.record.PipelineRecord.CopyPage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the servers' answers mean for a group: what is recorded of its items, which of them are tried again, and ({@link Verdict}) what it means for the folder. Only a tagged NO or BAD says that nothing was stored;
 * silence never does.
 */
final class Outcomes {
    private final TargetFolder target;
    private final CopyLimits limits;
    private final Backlog backlog;
    private final Convoy convoy;
    private final Patience patience;
    private final Consumer<CopyEffect> wanted;

    Outcomes(TargetFolder target, CopyLimits limits, Backlog backlog, Convoy convoy, Patience patience, Consumer<CopyEffect> wanted) {
        this.target = target;
        this.limits = limits;
        this.backlog = backlog;
        this.convoy = convoy;
        this.patience = patience;
        this.wanted = wanted;
    }

    // ---- of the source

    Verdict sourceFailed(Group group, SourceFailed failure) {
        boolean refused = failure.kind() == Kind.REFUSED;
        if (group.isOfFlags() && (refused || failure.kind() == Kind.FOLDER_CHANGED)) {
            // What the folder is now, the next scan finds; flags that the source does not tell are left as they are.
            return flagsCarried(group);
        }
        if (refused && group.items().size() == 1) {
            SourceItem item = group.items().get(0);
            return fail(group, List.of(group.failed(item, Reason.UNREADABLE, failure.detail(), Reason.UNREADABLE.retryable())));
        }
        FolderKey source = group.page().folder();
        Predicate<CopyPage> samePair = page -> page.folder().pair().equals(source.pair());
        return switch (failure.kind()) {
            case LOGIN_REFUSED -> again(group, new SetAside(samePair, Reason.LOGIN_REFUSED, failure.detail()));
            case FOLDER_CHANGED -> {
                convoy.discard(group);
                yield giveUp(source, failure.detail());
            }
            case REFUSED -> split(group);
            default -> again(group, new TryLater(samePair, failure.kind().reason(), failure.detail(), failure.backoffMillis()));
        };
    }

    /** The folder is not the one that was scanned any more: its items are gone under these UIDs. The next scan finds what they are now; should it find them as they were (the folder was only renamed), they are tried again. */
    private Verdict giveUp(FolderKey source, String detail) {
        for (CopyPage page : backlog.which(page -> page.folder().equals(source) && !page.isOfFlags())) {
            List<SourceItem> items = backlog.waiting(page.ref(), convoy.groups());
            if (!items.isEmpty()) {
                Group group = convoy.add(page, items);
                fail(group, items.stream().map(item -> group.failed(item, Reason.VANISHED, detail, true)).collect(Collectors.toList()));
            }
        }
        return new GoOn();
    }

    // ---- of flags

    void flagsRead(Group group, Map<Long, FlagSet> flags) {
        if (flags.isEmpty()) {
            flagsCarried(group);
        } else {
            group.prepared(flags);
        }
    }

    Verdict flagsCarried(Group group) {
        patience.renew();
        group.settleAll();
        convoy.confirm(group);
        return new GoOn();
    }

    Verdict flagsNotCarried(Group group, FlagsNotCarried failure) {
        convoy.discard(group);
        convoy.dropUnsent();
        return switch (failure.kind()) {
            case LOGIN_REFUSED -> new SetAside(page -> true, Reason.LOGIN_REFUSED, failure.detail());
            case REFUSED -> new SetAside(CopyPage::isOfFlags, failure.kind().reason(), failure.detail());
            default -> new TryLater(page -> true, failure.kind().reason(), failure.detail(), failure.backoffMillis());
        };
    }

    // ---- of the target

    Verdict answered(Group group, Appended answer) {
        if (answer instanceof Stored stored) {
            stored(group, group.ready(), stored);
            convoy.closeIntent(group);
            convoy.confirm(group);
            return new GoOn();
        } else if (answer instanceof OneByOne each) {
            return answeredOneByOne(group, each.each());
        } else if (answer instanceof Refused refused) {
            convoy.closeIntent(group);
            return refused(group, refused);
        } else if (answer instanceof NotSent notSent) {
            convoy.closeIntent(group);
            return again(group, new TryLater(page -> true, Reason.UNREACHABLE, notSent.detail(), 0));
        }
        return again(group, new Settle());
    }

    private void stored(Group group, List<Ready> ready, Stored stored) {
        patience.renew();
        boolean told = stored.uids().size() == ready.size();
        List<Done> done = new ArrayList<>();
        Map<Long, ItemKey> claims = new HashMap<>();
        for (int i = 0; i < ready.size(); i++) {
            Ready item = ready.get(i);
            long uid = told ? stored.uids().get(i) : 0;
            Set<String> dropped = stored.dropped().size() == ready.size() ? stored.dropped().get(i) : Set.of();
            done.add(new Done(item.uid(), group.page().pass(), How.COPIED, item.fingerprint(), target, told ? stored.uidValidity() : 0, uid, item.flags(), dropped));
            claims.put(uid, group.page().folder().item(item.uid()));
            group.settle(item.uid());
        }
        if (told) {
            wanted.accept(new Claim(stored.uidValidity(), claims));
            convoy.stored(stored.uidValidity(), stored.uids());
        } else {
            convoy.storedUntold();
        }
        wanted.accept(new RecordDone(group.page().folder(), done));
    }

    private Verdict answeredOneByOne(Group group, List<Appended> each) {
        for (int i = 0; i < Math.min(each.size(), group.ready().size()); i++) {
            if (each.get(i) instanceof Stored stored) {
                stored(group, List.of(group.ready().get(i)), stored);
            }
        }
        if (each.stream().anyMatch(InDoubt.class::isInstance) || each.size() != group.ready().size()) {
            return again(group, new Settle());
        }
        convoy.closeIntent(group);
        List<Failed> failed = new ArrayList<>();
        Verdict verdict = new GoOn();
        for (int i = 0; i < each.size(); i++) {
            if (each.get(i) instanceof Refused refused && move(refused, 1) instanceof Refusal.Fail fail) {
                failed.add(group.failed(group.ready().get(i), fail.reason(), refused.text()));
            } else if (verdict instanceof GoOn && each.get(i) instanceof Refused refused) {
                verdict = refusedForAll(move(refused, 1), refused.text());
            } else if (verdict instanceof GoOn && each.get(i) instanceof NotSent notSent) {
                verdict = new TryLater(page -> true, Reason.UNREACHABLE, notSent.detail(), 0);
            }
        }
        fail(group, failed);
        if (!(verdict instanceof GoOn)) {
            convoy.dropUnsent();
            convoy.putFirst(group);
        }
        return verdict;
    }

    private Verdict refused(Group group, Refused refused) {
        Refusal.Move move = move(refused, group.ready().size());
        if (move instanceof Refusal.Fail fail) {
            return fail(group, List.of(group.failed(group.ready().get(0), fail.reason(), refused.text())));
        }
        return move instanceof Refusal.Split ? split(group) : again(group, refusedForAll(move, refused.text()));
    }

    private Refusal.Move move(Refused refused, int messages) {
        return Refusal.decide(refused, messages, patience.attempt(), limits.attemptsMax());
    }

    private static Verdict refusedForAll(Refusal.Move move, String text) {
        if (move instanceof Refusal.Park park) {
            return new SetAside(page -> true, park.reason(), text);
        } else if (move instanceof Refusal.TryLater later) {
            return new TryLater(page -> true, Reason.UNREACHABLE, text, later.backoffMillis());
        }
        return new MakeFolder();
    }

    // ---- of either

    private Verdict fail(Group group, List<Failed> failed) {
        failed.forEach(item -> group.settle(item.uid()));
        convoy.recordFailed(group, failed);
        convoy.confirm(group);
        return new GoOn();
    }

    /** The one to blame is found by halving; each half gets an intent of its own. */
    private Verdict split(Group group) {
        convoy.turnBack(group);
        backlog.putFirstInHalves(group.page().ref(), group.unsettled());
        return new GoOn();
    }

    private Verdict again(Group group, Verdict verdict) {
        convoy.turnBack(group);
        convoy.putFirst(group);
        return verdict;
    }
}
