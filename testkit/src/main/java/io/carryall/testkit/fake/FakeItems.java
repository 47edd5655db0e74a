package io.carryall.testkit.fake;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Items;

/** What was seen of items, and facts about them: the first one stays. */
final class FakeItems implements Items {
    private final FakeCalls calls;
    private final FakeRows data;

    FakeItems(FakeCalls calls) {
        this.calls = calls;
        this.data = calls.rows();
    }

    @Override
    public void seen(FolderKey folder, String scan, List<SourceItem> items) {
        calls.write("items.seen", () -> items.forEach(item -> data.seen.computeIfAbsent(folder, f -> new TreeMap<>()).putIfAbsent(item.uid(), item)));
    }

    @Override
    public void forEachSeen(FolderKey folder, Consumer<SourceItem> items) {
        calls.call("items.forEachSeen", () -> List.copyOf(data.seen.getOrDefault(folder, new TreeMap<>()).values())).forEach(items);
    }

    @Override
    public Map<Long, SourceItem> seenAmong(FolderKey folder, Collection<Long> uids) {
        return calls.call("items.seenAmong", () -> {
            Map<Long, SourceItem> seen = new TreeMap<>(data.seen.getOrDefault(folder, new TreeMap<>()));
            seen.keySet().retainAll(Set.copyOf(uids));
            return seen;
        });
    }

    @Override
    public Map<Long, Facts> facts(FolderKey folder, Collection<Long> uids) {
        return calls.call("items.facts", () -> {
            Map<Long, Facts> facts = new TreeMap<>();
            for (long uid : uids) {
                Done done = data.done.getOrDefault(folder, new TreeMap<>()).get(uid);
                List<Failed> failures = List.copyOf(data.failed.getOrDefault(folder, new TreeMap<>()).getOrDefault(uid, Map.of()).values());
                if (done != null || !failures.isEmpty()) {
                    facts.put(uid, new Facts(done, failures));
                }
            }
            return facts;
        });
    }

    @Override
    public void done(FolderKey folder, List<Done> items) {
        calls.write("items.done", () -> items.forEach(item -> data.done.computeIfAbsent(folder, f -> new TreeMap<>()).putIfAbsent(item.uid(), item)));
    }

    @Override
    public void forEachDone(FolderKey folder, Consumer<Done> items) {
        calls.call("items.forEachDone", () -> List.copyOf(data.done.getOrDefault(folder, new TreeMap<>()).values())).forEach(items);
    }

    @Override
    public void summarise(FolderKey folder, PassId pass, PrimitiveIterator.OfLong uids) {
        TreeSet<Long> all = new TreeSet<>();
        uids.forEachRemaining((LongConsumer) all::add);
        calls.write("items.summarise", () -> data.summaries.put(folder, new FakeRows.Summary(pass, all)));
    }

    @Override
    public void forEachSummarised(FolderKey folder, PassId but, LongConsumer uids) {
        calls.call("items.forEachSummarised", () -> {
            FakeRows.Summary summary = data.summaries.get(folder);
            return summary == null || summary.pass().equals(but) ? List.<Long>of() : List.copyOf(summary.uids());
        }).forEach(uids::accept);
    }

    @Override
    public Set<Long> summarised(FolderKey folder, Collection<Long> uids) {
        return calls.call("items.summarised", () -> {
            Set<Long> known = new HashSet<>(uids);
            known.retainAll(data.summaries.containsKey(folder) ? data.summaries.get(folder).uids() : Set.of());
            return known;
        });
    }

    @Override
    public void failed(FolderKey folder, List<Failed> items) {
        calls.write("items.failed", () -> items.forEach(item -> data.failed.computeIfAbsent(folder, f -> new TreeMap<>())
                .computeIfAbsent(item.uid(), uid -> new TreeMap<>(Comparator.comparing(PassId::migration).thenComparing(PassId::number))).merge(item.pass(), item, (first, next) -> first.reason() != Reason.AMBIGUOUS && next.reason() == Reason.AMBIGUOUS ? next : first)));
    }

    @Override
    public void forEachFailed(FolderKey folder, Consumer<Failed> items) {
        calls.call("items.forEachFailed", () -> data.failed.getOrDefault(folder, new TreeMap<>()).values().stream().flatMap(attempts -> attempts.values().stream()).toList()).forEach(items);
    }

    @Override
    public void forgive(FolderKey folder, List<Failed> attempts) {
        calls.write("items.forgive", () -> attempts.forEach(attempt -> data.failed.getOrDefault(folder, new TreeMap<>()).getOrDefault(attempt.uid(), Map.of())
                .computeIfPresent(attempt.pass(), (pass, failed) -> new Failed(failed.uid(), pass, failed.reason(), failed.detail(), true, failed.messageId(), failed.sizeBytes()))));
    }

    @Override
    public void messageIds(FolderKey folder, Map<Long, String> ids) {
        calls.write("items.messageIds", () -> data.messageIds.computeIfAbsent(folder, f -> new TreeMap<>()).putAll(ids));
    }

    @Override
    public void forEachMessageId(FolderKey folder, BiConsumer<Long, String> ids) {
        calls.call("items.forEachMessageId", () -> new TreeMap<>(data.messageIds.getOrDefault(folder, new TreeMap<>()))).forEach(ids);
    }

    @Override
    public void flags(FolderKey folder, long epoch, int step, List<FollowedFlags> items) {
        calls.write("items.flags", () -> items.forEach(item -> data.flags.computeIfAbsent(folder, f -> new TreeMap<>())
                .merge(item.uid(), new FakeRows.FlagsRow(epoch, step, item), (there, next) -> next.isAbove(there) ? next : there)));
    }

    @Override
    public Map<Long, FollowedFlags> flags(FolderKey folder, Collection<Long> uids) {
        return calls.call("items.flagsOf", () -> {
            Map<Long, FollowedFlags> found = new TreeMap<>();
            uids.forEach(uid -> Optional.ofNullable(data.flags.getOrDefault(folder, new TreeMap<>()).get(uid)).ifPresent(row -> found.put(uid, row.flags())));
            return found;
        });
    }

    @Override
    public void claim(TargetFolder target, long uidValidity, Map<Long, ItemKey> items) {
        calls.write("items.claim", () -> items.forEach(data.claims.computeIfAbsent(new FakeRows.Claims(target, uidValidity), c -> new TreeMap<>())::putIfAbsent));
    }

    @Override
    public void forEachClaim(TargetFolder target, long uidValidity, long fromUid, BiConsumer<Long, ItemKey> claims) {
        calls.call("items.forEachClaim", () -> new TreeMap<>(data.claims.getOrDefault(new FakeRows.Claims(target, uidValidity), new TreeMap<>()).tailMap(fromUid))).forEach(claims);
    }

    @Override
    public OptionalLong newestClaim(TargetFolder target, long uidValidity) {
        return calls.call("items.newestClaim", () -> {
            TreeMap<Long, ItemKey> claims = data.claims.getOrDefault(new FakeRows.Claims(target, uidValidity), new TreeMap<>());
            return claims.isEmpty() ? OptionalLong.empty() : OptionalLong.of(claims.lastKey());
        });
    }
}
