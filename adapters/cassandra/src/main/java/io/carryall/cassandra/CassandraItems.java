package io.carryall.cassandra;

import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Items;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** The facts of items: each kind has its table and its class. */
final class CassandraItems implements Items {
    private final SeenItems seen;
    private final DoneItems done;
    private final FailedItems failed;
    private final Summaries summaries;
    private final Claims claims;
    private final MessageIds messageIds;
    private final FollowedItems followed;

    CassandraItems(Cql cql, Buckets buckets) {
        seen = new SeenItems(cql, buckets);
        done = new DoneItems(cql, buckets);
        failed = new FailedItems(cql, buckets);
        summaries = new Summaries(cql, buckets);
        claims = new Claims(cql, buckets);
        messageIds = new MessageIds(cql, buckets);
        followed = new FollowedItems(cql, buckets);
    }

    @Override
    public void seen(FolderKey folder, String scan, List<SourceItem> items) {
        seen.add(folder, scan, items);
    }

    @Override
    public void forEachSeen(FolderKey folder, Consumer<SourceItem> items) {
        seen.forEach(folder, 0, items);
    }

    @Override
    public void forEachSeen(FolderKey folder, long fromUid, Consumer<SourceItem> items) {
        seen.forEach(folder, fromUid, items);
    }

    @Override
    public Map<Long, SourceItem> seenAmong(FolderKey folder, Collection<Long> uids) {
        return seen.ofSome(folder, uids);
    }

    @Override
    public Map<Long, Facts> facts(FolderKey folder, Collection<Long> uids) {
        Map<Long, List<Failed>> failures = new TreeMap<>();
        failed.ofSome(folder, uids, failure -> failures.computeIfAbsent(failure.uid(), uid -> new ArrayList<>()).add(failure));
        Map<Long, Facts> facts = new TreeMap<>();
        failures.forEach((uid, attempts) -> facts.put(uid, new Facts(null, attempts)));
        done.ofSome(folder, uids, fact -> facts.put(fact.uid(), new Facts(fact, failures.getOrDefault(fact.uid(), List.of()))));
        return facts;
    }

    @Override
    public void done(FolderKey folder, List<Done> items) {
        done.add(folder, items);
    }

    @Override
    public void forEachDone(FolderKey folder, Consumer<Done> items) {
        done.forEach(folder, 0, items);
    }

    @Override
    public void forEachDone(FolderKey folder, long fromUid, Consumer<Done> items) {
        done.forEach(folder, fromUid, items);
    }

    @Override
    public void summarise(FolderKey folder, PassId pass, PrimitiveIterator.OfLong uids) {
        summaries.put(folder, pass, uids);
    }

    @Override
    public void forEachSummarised(FolderKey folder, PassId but, LongConsumer uids) {
        summaries.forEach(folder, but, uids);
    }

    @Override
    public Set<Long> summarised(FolderKey folder, Collection<Long> uids) {
        return summaries.of(folder, uids);
    }

    @Override
    public void failed(FolderKey folder, List<Failed> items) {
        failed.add(folder, items);
    }

    @Override
    public void forEachFailed(FolderKey folder, Consumer<Failed> items) {
        failed.forEach(folder, items);
    }

    @Override
    public void forgive(FolderKey folder, List<Failed> attempts) {
        failed.forgive(folder, attempts);
    }

    @Override
    public void messageIds(FolderKey folder, Map<Long, String> ids) {
        messageIds.add(folder, ids);
    }

    @Override
    public void forEachMessageId(FolderKey folder, BiConsumer<Long, String> ids) {
        messageIds.forEach(folder, ids);
    }

    @Override
    public void flags(FolderKey folder, long epoch, int step, List<FollowedFlags> items) {
        followed.put(folder, epoch, step, items);
    }

    @Override
    public Map<Long, FollowedFlags> flags(FolderKey folder, Collection<Long> uids) {
        return followed.ofSome(folder, uids);
    }

    @Override
    public void claim(TargetFolder target, long uidValidity, Map<Long, ItemKey> items) {
        claims.add(target, uidValidity, items);
    }

    @Override
    public void forEachClaim(TargetFolder target, long uidValidity, long fromUid, BiConsumer<Long, ItemKey> claims) {
        this.claims.forEach(target, uidValidity, fromUid, claims);
    }

    @Override
    public OptionalLong newestClaim(TargetFolder target, long uidValidity) {
        return claims.newest(target, uidValidity);
    }
}
