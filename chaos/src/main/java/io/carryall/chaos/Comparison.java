package io.carryall.chaos;

import io.carryall.testkit.mail.MailboxSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Two mailboxes, message by message, as counted multisets of their bytes; and whatever else differs: order, flags, dates, folders. */
record Comparison(long lost, long doubled, List<String> differences) {

    static Comparison of(MailboxSnapshot source, MailboxSnapshot target) {
        long lost = 0;
        long doubled = 0;
        TreeSet<String> folders = new TreeSet<>(source.folders().keySet());
        folders.addAll(target.folders().keySet());
        for (String folder : folders) {
            Map<String, Integer> surplus = new HashMap<>();
            target.items(folder).forEach(item -> surplus.merge(item.exact(), 1, Integer::sum));
            source.items(folder).forEach(item -> surplus.merge(item.exact(), -1, Integer::sum));
            lost -= surplus.values().stream().filter(count -> count < 0).mapToLong(Integer::longValue).sum();
            doubled += surplus.values().stream().filter(count -> count > 0).mapToLong(Integer::longValue).sum();
        }
        return new Comparison(lost, doubled, source.differencesOf(target));
    }

    Comparison and(Comparison other) {
        List<String> all = new ArrayList<>(differences);
        all.addAll(other.differences);
        return new Comparison(lost + other.lost, doubled + other.doubled, List.copyOf(all));
    }
}
