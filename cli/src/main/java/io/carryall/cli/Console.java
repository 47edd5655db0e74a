package io.carryall.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.cli.file.FileError;
import java.io.PrintStream;
import java.util.List;

/**
 * Where the command writes. Standard output carries the result and nothing else; with {@code --json} one JSON object. Everything is cleaned on its way out. Thread-safe.
 */
public final class Console {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_ERRORS_SHOWN = 200;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean json;
    private final boolean quiet;

    public Console(PrintStream out, PrintStream err, boolean json, boolean quiet) {
        this.out = out;
        this.err = err;
        this.json = json;
        this.quiet = quiet;
    }

    public boolean json() {
        return json;
    }

    public boolean quiet() {
        return quiet;
    }

    /** A result for a program. */
    public void result(JsonNode result) {
        try {
            out.println(CleanText.ofJson(JSON.writeValueAsString(result)));
            out.flush();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    /** A line of a result for people. */
    public void line(String line) {
        out.println(CleanText.of(line));
        out.flush();
    }

    /** What goes on; nothing with {@code --quiet}. */
    public void note(String line) {
        if (!quiet) {
            err.println(CleanText.of(line));
        }
    }

    /** What an operator must know even with {@code --quiet}. */
    public void warn(String line) {
        err.println(CleanText.of(line));
    }

    /** Why nothing was started. */
    public int wrong(List<FileError> errors) {
        if (json) {
            result(errorObject(errors));
        } else {
            errors.stream().limit(MOST_ERRORS_SHOWN).forEach(error -> warn("carryall: " + error));
            if (errors.size() > MOST_ERRORS_SHOWN) {
                warn("carryall: and " + (errors.size() - MOST_ERRORS_SHOWN) + " more errors (--json prints all)");
            }
        }
        return ExitStatus.WRONG;
    }

    public int wrong(String message, String expected) {
        return wrong(List.of(FileError.of(message, expected)));
    }

    private static ObjectNode errorObject(List<FileError> errors) {
        ObjectNode object = JSON.createObjectNode();
        ArrayNode array = object.putArray("errors");
        for (FileError error : errors) {
            ObjectNode one = array.addObject().put("file", error.file());
            one.set("line", error.line() > 0 ? one.numberNode(error.line()) : null);
            if (error.column() > 0) {
                one.put("column", error.column());
            }
            one.put("message", error.message()).put("expected", error.expected());
        }
        return object;
    }
}
