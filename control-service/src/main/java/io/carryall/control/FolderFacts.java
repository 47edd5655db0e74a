package io.carryall.control;

import io.carryall.core.fold.FolderFold;
import io.carryall.core.fold.FolderResult;
import io.carryall.core.fold.UidSet;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Items;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Failed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** Feeds a fold with what the ledger knows of the items of one folder: those of which its summary tells are taken from there, facts are read of the others alone. For one thread. */
final class FolderFacts {
    private static final int AT_ONCE = 1_000;

    private final Items items;
    private final PassId pass;
    private final FolderKey key;

    FolderFacts(Items items, PassId pass, FolderKey key) {
        this.items = items;
        this.pass = pass;
        this.key = key;
    }

    /** @param each is also given the facts that are read of what is done */
    void feed(FolderFold fold, Folder folder, Consumer<Done> each) {
        Consumer<Done> done = fact -> {
            each.accept(fact);
            fold.done(fact);
        };
        UidSet before = new UidSet();
        if (folder.former().isEmpty()) {
            items.forEachSummarised(key, pass, before::add);
        }
        if (before.size() == 0) {
            items.forEachDone(key, done);
        } else {
            before.stream().forEach(fold::doneBefore);
        }
        for (long state : folder.former()) {
            items.forEachDone(new FolderKey(key.pair(), key.generation(), key.folder(), state), fold::former);
        }
        if (before.size() == 0) {
            items.forEachFailed(key, fold::failed);
            items.forEachSeen(key, fold::seen);
        } else {
            feedOthers(fold, before, done);
        }
    }

    /** Of items that no summary tells of the facts are looked up: few, or none, where a known folder is only looked over again. In one walk, so that of each its facts are fed before itself. */
    private void feedOthers(FolderFold fold, UidSet before, Consumer<Done> done) {
        UidSet failed = new UidSet();
        items.forEachFailed(key, attempt -> {
            if (!before.contains(attempt.uid())) {
                failed.add(attempt.uid());
            }
        });
        if (failed.size() > 0) {
            List<Long> some = new ArrayList<>();
            failed.stream().forEach(uid -> {
                some.add(uid);
                if (some.size() == AT_ONCE) {
                    feedDone(some, done);
                    some.clear();
                }
            });
            feedDone(some, done);
            items.forEachFailed(key, fold::failed);
        }
        List<SourceItem> others = new ArrayList<>();
        items.forEachSeen(key, item -> {
            if (before.contains(item.uid())) {
                fold.seen(item);
                return;
            }
            others.add(item);
            if (others.size() == AT_ONCE) {
                feedSeen(fold, others, done);
            }
        });
        feedSeen(fold, others, done);
    }

    private void feedSeen(FolderFold fold, List<SourceItem> some, Consumer<Done> done) {
        feedDone(some.stream().map(SourceItem::uid).toList(), done);
        some.forEach(fold::seen);
        some.clear();
    }

    private void feedDone(List<Long> some, Consumer<Done> done) {
        if (!some.isEmpty()) {
            items.facts(key, some).values().stream().map(Items.Facts::done).filter(Objects::nonNull).forEach(done);
        }
    }

    /** Failed rows alone, at most so many, without walking over what was seen: there are few. */
    List<FolderResult.Failure> failures(int max) {
        Map<Long, Failed> newest = new HashMap<>();
        items.forEachFailed(key, attempt -> {
            if (newest.containsKey(attempt.uid()) || newest.size() < max) {
                newest.put(attempt.uid(), attempt);
            }
        });
        Map<Long, Items.Facts> facts = newest.isEmpty() ? Map.of() : items.facts(key, newest.keySet());
        return newest.values().stream().filter(attempt -> Optional.ofNullable(facts.get(attempt.uid())).map(Items.Facts::done).isEmpty()).sorted(Comparator.comparingLong(Failed::uid))
                .map(attempt -> new FolderResult.Failure(attempt.uid(), attempt.reason(), attempt.detail(), attempt.retryable(), attempt.messageId(), attempt.sizeBytes())).toList();
    }
}
