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

    static List<SourceItem> parse(String text) {
        List<SourceItem> items = new ArrayList<>();
        for (int start = 0; start < text.length(); ) {
            int blank = text.indexOf(' ', start);
            int end = blank < 0 ? text.length() : blank;
            items.add(item(text, start, end));
            start = end + 1;
        }
        return items;
    }

    private static SourceItem item(String text, int start, int end) {
        int size = text.indexOf(':', start) + 1;
        int date = text.indexOf(':', size) + 1;
        boolean dated = end - date != 1 || text.charAt(date) != '-';
        return new SourceItem(Long.parseLong(text, start, size - 1, 10), Long.parseLong(text, size, date - 1, 10), dated ? Long.parseLong(text, date, end, 10) : SourceItem.NO_DATE);
    }
}
