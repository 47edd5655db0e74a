package io.carryall.copier;

import io.carryall.core.copy.CopyEffect.CarryFlags;
import io.carryall.core.flags.FlagBase;
import io.carryall.core.flags.FlagSet;
import io.carryall.core.flags.FlagTurn;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Items;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Items.Followed;
import io.carryall.core.port.Items.FollowedFlags;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.MailException;
import io.carryall.core.port.TargetSession;
import io.carryall.core.port.TargetSession.FlagEdit;
import io.carryall.core.port.TargetSession.FlagFolder;
import io.carryall.core.flags.FlagTurn.Flagged;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Carries the flags of one group's items to the target: look, note, store, look again. What {@link FlagTurn} decides, item by item. For one thread, once. */
final class FlagCarrier {
    /** Each is a look and a store. Two are the rule; more where somebody changes the same messages at the same moment. */
    private static final int ROUNDS_MAX = 6;
    /** Writes of one group lie this far apart in order: at most three a round (what is gone, what is settled, what is intended), and one before and behind them. */
    private static final int STEPS_A_GROUP = 3 * ROUNDS_MAX + 2;

    private final TargetFolder target;
    private final Items items;
    private final CopierEvents events;
    private final BooleanSupplier mayStore;
    private final Map<Long, Item> open = new HashMap<>();
    private PassId pass;
    private FolderKey source;
    private long epoch;
    private int step;

    /** @param mayStore whether the lease holds for long enough */
    FlagCarrier(TargetFolder target, Items items, CopierEvents events, BooleanSupplier mayStore) {
        this.target = target;
        this.items = items;
        this.events = events;
        this.mayStore = mayStore;
    }

    /**
     * @param known what the ledger says; null: flags of this item were never followed
     * @param base  null: somebody else copied it, with flags that nobody knows
     */
    private record Item(Done done, FollowedFlags known, FlagBase base, FlagSet source, FlagTurn turn) {}

    /** @return false if the lease did not allow to go on: to be done again */
    boolean carry(TargetSession session, CarryFlags carry) throws MailException {
        pass = carry.pass();
        source = carry.source();
        epoch = carry.epoch();
        step = carry.step() * STEPS_A_GROUP;
        take(carry.flags());
        if (open.isEmpty()) {
            return true;
        }
        try (FlagFolder folder = session.openFlags(target.folder())) {
            leave(item -> item.done.targetUidValidity() != folder.uidValidity(), Followed.FOLDER_CHANGED);
            return inFolder(folder);
        } catch (MailException e) {
            if (e.kind() != MailException.Kind.FOLDER_CHANGED) {
                throw e;
            }
            leave(item -> true, Followed.FOLDER_CHANGED);
            return true;
        }
    }

    /** Only items whose copy is known by its UID, in this folder. */
    private void take(Map<Long, FlagSet> flags) {
        Map<Long, Facts> facts = items.facts(source, flags.keySet());
        Map<Long, FollowedFlags> followed = items.flags(source, flags.keySet());
        flags.forEach((uid, now) -> {
            Done done = facts.containsKey(uid) ? facts.get(uid).done() : null;
            if (done != null && done.targetUid() > 0 && done.target().equals(target)) {
                FollowedFlags known = followed.get(uid);
                boolean unknown = known != null ? known.how() == Followed.UNKNOWN : done.how() == How.ADOPTED;
                FlagBase base = unknown ? null : known != null ? known.base() : FlagBase.copied(done.flags(), done.dropped());
                open.put(uid, new Item(done, known, base, now, new FlagTurn(base, now)));
            }
        });
    }

    private boolean inFolder(FlagFolder folder) throws MailException {
        for (int round = 0; !open.isEmpty() && round < ROUNDS_MAX; round++) {
            Map<Long, Flagged> there = folder.look(open.values().stream().map(item -> item.done.targetUid()).toList());
            leave(item -> !there.containsKey(item.done.targetUid()), Followed.GONE);
            List<FollowedFlags> settled = new ArrayList<>();
            List<FollowedFlags> intended = new ArrayList<>();
            List<FlagEdit> edits = new ArrayList<>();
            for (Iterator<Item> each = open.values().iterator(); each.hasNext(); ) {
                Item item = each.next();
                FlagTurn.Step next = item.turn.meets(there.get(item.done.targetUid()), folder::holds);
                if (next instanceof FlagTurn.Store store) {
                    intended.add(new FollowedFlags(item.done.uid(), pass, store.base(), before(item), FlagSet.NONE));
                    edits.add(new FlagEdit(item.done.targetUid(), store.add(), store.remove(), store.before()));
                } else if (next instanceof FlagTurn.Settled over) {
                    Followed how = over.carried() ? Followed.CARRIED : before(item);
                    FollowedFlags written = new FollowedFlags(item.done.uid(), pass, over.base(), how, over.refused());
                    if (!over.base().equals(item.base) || over.carried() || !over.refused().isEmpty() || !isTold(item)) {
                        settled.add(written);
                    }
                    each.remove();
                }
            }
            write(settled);
            write(intended);
            if (!edits.isEmpty() && !folder.store(edits, mayStore)) {
                return false;
            }
        }
        leave(item -> true, Followed.CONTENDED);
        return true;
    }

    /** Whether the ledger has it already that this pass came to an end with the item: what it says of flags that were refused stays. Of each item a row has to tell. */
    private boolean isTold(Item item) {
        return item.known != null && item.known.pass().equals(pass) && item.known.how() != Followed.CONTENDED && item.known.how() != Followed.UNKNOWN;
    }

    /** What this pass carried before it was interrupted stays carried by it. */
    private Followed before(Item item) {
        return item.known != null && item.known.pass().equals(pass) && item.known.how() == Followed.CARRIED ? Followed.CARRIED : Followed.SAME;
    }

    private void leave(Predicate<Item> which, Followed why) {
        List<Item> left = open.values().stream().filter(which).toList();
        write(left.stream().map(item -> new FollowedFlags(item.done.uid(), pass, why == Followed.GONE || item.turn.base() == null ? item.turn.givenUp() : item.turn.base(), why, FlagSet.NONE)).toList());
        left.forEach(item -> open.remove(item.done.uid()));
    }

    private void write(List<FollowedFlags> followed) {
        if (!followed.isEmpty()) {
            items.flags(source, epoch, step++, followed);
            events.flags(source, followed);
        }
    }
}
