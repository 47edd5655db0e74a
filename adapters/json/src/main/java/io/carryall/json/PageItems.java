package io.carryall.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.carryall.core.item.SourceItem;
import java.io.IOException;
import java.util.List;

/** The items of a page, {@code [uid, size, date]} each, without a tree of nodes between text and items: a pass over a large mailbox has millions of them. */
final class PageItems {
    static final String FIELD = "items";

    private PageItems() {
    }

    /** @param object the JSON text of an object that has other fields and not this one */
    static String append(String object, List<SourceItem> items) {
        StringBuilder text = new StringBuilder(object.length() + 16 + items.size() * 28).append(object, 0, object.length() - 1).append(",\"").append(FIELD).append("\":[");
        String before = "";
        for (SourceItem item : items) {
            text.append(before).append('[').append(item.uid()).append(',').append(item.sizeBytes()).append(',');
            before = ",";
            if (item.hasDate()) {
                text.append(item.dateEpochSecond()).append(']');
            } else {
                text.append("null]");
            }
        }
        return text.append("]}").toString();
    }

    /** Reads an array of which the parser has read the start. A date that is no whole number is none; what a newer writer adds behind it is passed over. */
    static void read(JsonParser parser, List<SourceItem> into) throws IOException, UnreadableRecordException {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw noItem();
            }
            long uid = number(parser);
            long sizeBytes = number(parser);
            JsonToken date = parser.nextToken();
            if (date == JsonToken.END_ARRAY) {
                throw noItem();
            }
            into.add(new SourceItem(uid, sizeBytes, date == JsonToken.VALUE_NUMBER_INT ? parser.getLongValue() : SourceItem.NO_DATE));
            parser.skipChildren();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                parser.skipChildren();
            }
        }
    }

    private static long number(JsonParser parser) throws IOException, UnreadableRecordException {
        if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT) {
            throw noItem();
        }
        return parser.getLongValue();
    }

    private static UnreadableRecordException noItem() {
        return Fields.missing(FIELD, "an array of [uid, size, date]");
    }
}
