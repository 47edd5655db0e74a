package io.carryall.scanner;

import io.carryall.core.flags.FlagBase;
import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Items;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Items.Followed;
import io.carryall.core.port.Items.FollowedFlags;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.SourceSession;
import io.carryall.core.record.PipelineRecord.Warning;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the copied items of one folder whose flags on the source are not those that were last carried, and publishes them. Which flags then are carried, the copier decides with what it finds on both sides. For one thread, once. */
final class FlagChanges implements SourceSession.Flags {
    private static final int BATCH_ITEMS = 500;

    private final Items items;
    private final FolderKey key;
    private final PagePublisher pages;
    private final int pageItems;
    private final Map<Long, FlagSet> batch = new HashMap<>();
    private final Map<TargetFolder, List<Long>> changed = new HashMap<>();
    private long unknown;

    FlagChanges(Items items, FolderKey key, PagePublisher pages, int pageItems) {
        this.items = items;
        this.key = key;
        this.pages = pages;
        this.pageItems = pageItems;
    }

    @Override
    public void flags(long uid, Set<String> flags) {
        batch.put(uid, FlagSet.of(flags));
        if (batch.size() >= BATCH_ITEMS) {
            compare();
        }
    }

    private void compare() {
        Map<Long, Facts> facts = batch.isEmpty() ? Map.of() : items.facts(key, batch.keySet());
        Map<Long, FollowedFlags> followed = facts.isEmpty() ? Map.of() : items.flags(key, facts.keySet());
        facts.forEach((uid, known) -> {
            Done done = known.done();
            if (done == null || done.how() == How.REVISED || done.how() == How.ACCEPTED) {
                return;
            }
            FlagBase base = followed.containsKey(uid) ? followed.get(uid).base() : FlagBase.copied(done.flags(), done.dropped());
            // With which flags somebody else copied an item nobody knows: the first look takes both sides as they are.
            boolean unknown = followed.containsKey(uid) ? followed.get(uid).how() == Followed.UNKNOWN : done.how() == How.ADOPTED;
            if (unknown || !base.source().equals(batch.get(uid)) || base.isUnderWay()) {
                take(uid, done);
            }
        });
        batch.clear();
    }

    private void take(long uid, Done done) {
        if (done.targetUid() == 0) {
            unknown++;
            return;
        }
        List<Long> page = changed.computeIfAbsent(done.target(), target -> new ArrayList<>());
        page.add(uid);
        if (page.size() >= pageItems) {
            pages.flagged(done.target(), page);
            page.clear();
        }
    }

    /** Publishes what is left. */
    Optional<Warning> finish(String path) {
        compare();
        changed.forEach((target, uids) -> {
            if (!uids.isEmpty()) {
                pages.flagged(target, uids);
            }
        });
        return unknown == 0 ? Optional.empty()
                : Optional.of(new Warning(path, 0, "flags-not-followed", "the flags of " + unknown + " items changed, and the target never told the UIDs of their copies (it has no UIDPLUS)"));
    }
}
