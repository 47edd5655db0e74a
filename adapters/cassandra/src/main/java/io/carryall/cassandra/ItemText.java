package io.carryall.cassandra;

import io.carryall.core.item.SourceItem;
import java.util.ArrayList;
import java.util.List;

/** Source items as one text: {@code uid:size:date}, a blank between them, {@code -} for a date that is missing. */
final class ItemText {
    private ItemText() {}

    static String of(List<SourceItem> items) {
        StringBuilder text = new StringBuilder(items.size() * 24);
        for (SourceItem item : items) {
            text.append(text.isEmpty() ? "" : " ").append(item.uid()).append(':').append(item.sizeBytes()).append(':');
            if (item.hasDate()) {
                text.append(item.dateEpochSecond());
            } else {
                text.append('-');
            }
        }
        return text.toString();
    }

    /** Takes one item after the other, without an object for each. */
    interface Taker {
        /** @param dateEpochSecond {@link SourceItem#NO_DATE} where it is missing */
        void take(long uid, long sizeBytes, long dateEpochSecond);
    }

    static List<SourceItem> parse(String text) {
        List<SourceItem> items = new ArrayList<>();
        each(text, (uid, sizeBytes, dateEpochSecond) -> items.add(new SourceItem(uid, sizeBytes, dateEpochSecond)));
        return items;
    }

    static void each(String text, Taker items) {
        for (int start = 0; start < text.length(); ) {
            int blank = text.indexOf(' ', start);
            int end = blank < 0 ? text.length() : blank;
            int size = text.indexOf(':', start) + 1;
            int date = text.indexOf(':', size) + 1;
            boolean dated = end - date != 1 || text.charAt(date) != '-';
            items.take(Long.parseLong(text, start, size - 1, 10), Long.parseLong(text, size, date - 1, 10), dated ? Long.parseLong(text, date, end, 10) : SourceItem.NO_DATE);
            start = end + 1;
        }
    }
}
