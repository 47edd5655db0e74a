package io.carryall.core.register;

import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.migration.ItemFilter;
import io.carryall.core.port.Items.Facts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What becomes of the items of a page: done over excluded over failed over to copy, as folds count them.
 *
 * @param toCopy in the order of the page
 */
public record Register(Part<List<SourceItem>> toCopy, Part<Integer> alreadyThere, Part<Integer> excluded, Part<Integer> failed) {

    /** @param bytes as the source told them: advice */
    public record Part<T>(T items, long bytes) {}

    /** @param facts of those items that have any */
    public static Register of(List<SourceItem> page, Map<Long, Facts> facts, ItemFilter filter, PassId pass) {
        return of(page, Set.of(), facts, filter, pass);
    }

    /**
     * @param done  known to be done, whatever else is known of them
     * @param facts of those of the others that have any
     */
    public static Register of(List<SourceItem> page, Set<Long> done, Map<Long, Facts> facts, ItemFilter filter, PassId pass) {
        Tally tally = new Tally();
        for (SourceItem item : page) {
            Standing standing = done.contains(item.uid()) ? Standing.DONE : Standing.of(facts.get(item.uid()), pass);
            if (standing == Standing.DONE) {
                tally.done.add(item);
            } else if (!filter.lets(item.sizeBytes(), item.hasDate() ? item.date() : null).letsThrough()) {
                tally.excluded.add(item);
            } else {
                (standing == Standing.FAILED ? tally.failed : tally.toCopy).add(item);
            }
        }
        return new Register(new Part<>(List.copyOf(tally.toCopy), bytes(tally.toCopy)), counted(tally.done), counted(tally.excluded), counted(tally.failed));
    }

    /** Every item of the page. */
    public Part<Integer> all() {
        return new Part<>(toCopy.items().size() + alreadyThere.items() + excluded.items() + failed.items(), toCopy.bytes() + alreadyThere.bytes() + excluded.bytes() + failed.bytes());
    }

    private static final class Tally {
        private final List<SourceItem> toCopy = new ArrayList<>();
        private final List<SourceItem> done = new ArrayList<>();
        private final List<SourceItem> excluded = new ArrayList<>();
        private final List<SourceItem> failed = new ArrayList<>();
    }

    private static Part<Integer> counted(List<SourceItem> items) {
        return new Part<>(items.size(), bytes(items));
    }

    private static long bytes(List<SourceItem> items) {
        return items.stream().mapToLong(SourceItem::sizeBytes).sum();
    }
}
