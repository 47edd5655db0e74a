package io.carryall.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The fields of one JSON object, by name and type. Fields that nobody asks for are ignored: a newer writer may have added them. */
final class Fields {
    private final JsonNode node;

    Fields(JsonNode node) throws UnreadableRecordException {
        if (node == null || !node.isObject()) {
            throw new UnreadableRecordException("a JSON object was expected");
        }
        this.node = node;
    }

    boolean has(String name) {
        return node.hasNonNull(name);
    }

    String text(String name) throws UnreadableRecordException {
        JsonNode value = node.get(name);
        if (value == null || !value.isTextual()) {
            throw missing(name, "a text");
        }
        return value.textValue();
    }

    String textOrNull(String name) throws UnreadableRecordException {
        return has(name) ? text(name) : null;
    }

    long number(String name) throws UnreadableRecordException {
        JsonNode value = node.get(name);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
            throw missing(name, "a whole number");
        }
        return value.longValue();
    }

    int smallNumber(String name) throws UnreadableRecordException {
        long value = number(name);
        if (value != (int) value) {
            throw missing(name, "a whole number of 32 bits");
        }
        return (int) value;
    }

    Fields object(String name) throws UnreadableRecordException {
        if (!has(name)) {
            throw missing(name, "an object");
        }
        return new Fields(node.get(name));
    }

    JsonNode array(String name) throws UnreadableRecordException {
        JsonNode value = node.get(name);
        if (value == null || !value.isArray()) {
            throw missing(name, "an array");
        }
        return value;
    }

    <T> List<T> objects(String name, Reading<T> reading) throws UnreadableRecordException {
        List<T> list = new ArrayList<>();
        for (JsonNode element : array(name)) {
            list.add(reading.read(new Fields(element)));
        }
        return list;
    }

    interface Reading<T> {
        T read(Fields fields) throws UnreadableRecordException;
    }

    static UnreadableRecordException missing(String name, String expected) {
        return new UnreadableRecordException("field \"" + name + "\" is missing or is not " + expected);
    }
}
