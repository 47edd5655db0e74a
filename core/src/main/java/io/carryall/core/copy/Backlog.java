package io.carryall.core.copy;

import io.carryall.core.item.FolderKey;
import io.carryall.core.item.SourceItem;
import io.carryall.core.record.PageRef;
import io.carryall.core.record.PipelineRecord.CopyPage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The pages that were taken in and are neither settled nor set aside: which of their items have no outcome yet, and in which order these go. What was put off (a half of a group that was refused, what was dropped unsent) goes
 * before whatever has not been tried, so that the order of the folder is kept.
 */
final class Backlog {
    private record Work(CopyPage page, LinkedHashMap<Long, SourceItem> open) {
        static Work of(CopyPage page) {
            LinkedHashMap<Long, SourceItem> open = new LinkedHashMap<>();
            page.items().forEach(item -> open.put(item.uid(), item));
            page.flagged().forEach(uid -> open.put(uid, new SourceItem(uid, 0, SourceItem.NO_DATE)));
            return new Work(page, open);
        }
    }

    private record PutOff(PageRef page, List<Long> uids) {}

    /** Items of one page that may go as one group. */
    record Choice(CopyPage page, List<SourceItem> items) {}

    private final CopyLimits limits;
    private final Map<PageRef, Work> pages = new LinkedHashMap<>();
    private final Deque<PutOff> putOff = new ArrayDeque<>();

    Backlog(CopyLimits limits) {
        this.limits = limits;
    }

    /** @return false where the page is here already */
    boolean add(CopyPage page) {
        return pages.putIfAbsent(page.ref(), Work.of(page)) == null;
    }

    boolean isEmpty() {
        return pages.isEmpty();
    }

    int pages() {
        return pages.size();
    }

    boolean isOfFlagsOnly() {
        return !isEmpty() && pages.values().stream().allMatch(work -> work.page().isOfFlags());
    }

    /** There is a page that waits for the end of an epoch, not for items. */
    boolean asksToSettle() {
        return pages.values().stream().anyMatch(work -> work.page().onlyAsksToSettle());
    }

    List<CopyPage> which(Predicate<CopyPage> wanted) {
        return pages.values().stream().map(Work::page).filter(wanted).collect(Collectors.toList());
    }

    void remove(PageRef page) {
        pages.remove(page);
        putOff.removeIf(put -> put.page().equals(page));
    }

    void clear() {
        pages.clear();
        putOff.clear();
    }

    /** What was thought settled may never have been written: all items are open again. */
    void beginAnew() {
        pages.replaceAll((ref, work) -> Work.of(work.page()));
        putOff.clear();
    }

    /** Removes the pages of which no item is open. */
    List<PageRef> takeSettled() {
        List<PageRef> settled = pages.values().stream().filter(work -> work.open().isEmpty() && !work.page().onlyAsksToSettle()).map(work -> work.page().ref()).collect(Collectors.toList());
        settled.forEach(this::remove);
        return settled;
    }

    /** Notes what the group has settled: in all pages of its pass that have these items. Another pass may try again what failed in this one; and of flags each page is for itself, as they may have changed between two scans. */
    void settle(Group group) {
        for (Work work : pages.values()) {
            if (group.isOfFlags() ? work.page().ref().equals(group.page().ref()) : isOfSameItems(work.page(), group.page())) {
                work.open().keySet().removeAll(group.settled());
            }
        }
    }

    private static boolean isOfSameItems(CopyPage page, CopyPage other) {
        return !page.isOfFlags() && page.folder().equals(other.folder()) && page.pass().equals(other.pass());
    }

    void putFirst(PageRef page, List<Long> uids) {
        putOff.addFirst(new PutOff(page, uids));
    }

    /** In two groups at least. */
    void putFirstInHalves(PageRef page, List<Long> uids) {
        int half = uids.size() / 2;
        putFirst(page, uids.subList(half, uids.size()));
        if (half > 0) {
            putFirst(page, uids.subList(0, half));
        }
    }

    /** What goes next. */
    Optional<Choice> next(Collection<Group> underWay) {
        while (!putOff.isEmpty()) {
            PutOff put = putOff.poll();
            Work work = pages.get(put.page());
            List<SourceItem> items = work == null ? List.of() : put.uids().stream().map(work.open()::get).filter(Objects::nonNull).collect(Collectors.toList());
            if (!items.isEmpty()) {
                return Optional.of(new Choice(work.page(), items));
            }
        }
        return pages.values().stream().map(work -> new Choice(work.page(), fill(waiting(work, underWay)))).filter(choice -> !choice.items().isEmpty()).findFirst();
    }

    private List<SourceItem> fill(List<SourceItem> waiting) {
        List<SourceItem> items = new ArrayList<>();
        long bytes = 0;
        for (SourceItem item : waiting) {
            bytes += item.sizeBytes();
            boolean full = items.size() >= limits.groupItemsMax() || bytes > limits.groupBytesMax();
            if (full && !items.isEmpty()) {
                break;
            }
            items.add(item);
        }
        return items;
    }

    /** The open items of a page that are neither in a group nor put off. */
    List<SourceItem> waiting(PageRef page, Collection<Group> underWay) {
        return waiting(pages.get(page), underWay);
    }

    private List<SourceItem> waiting(Work work, Collection<Group> underWay) {
        Set<Long> taken = taken(work.page(), underWay);
        return work.open().values().stream().filter(item -> !taken.contains(item.uid())).collect(Collectors.toList());
    }

    /** An item may stand in several pages: a scan that was repeated found it again. */
    private Set<Long> taken(CopyPage page, Collection<Group> underWay) {
        Set<Long> uids = new HashSet<>();
        if (page.isOfFlags()) {
            underWay.stream().filter(group -> group.page().ref().equals(page.ref())).forEach(group -> uids.addAll(group.uids()));
            return uids;
        }
        FolderKey folder = page.folder();
        underWay.stream().filter(group -> !group.isOfFlags() && group.page().folder().equals(folder)).forEach(group -> uids.addAll(group.uids()));
        putOff.stream().filter(put -> put.page().folder().equals(folder)).forEach(put -> uids.addAll(put.uids()));
        return uids;
    }
}
