package io.carryall.cli.stack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;

/** Follows the lines that a starting stack writes for people. */
final class StartupLines {
    private static final int LONGEST_TAIL = 64 * 1024;

    private final Path file;
    private final Consumer<String> listener;
    private int told;
    private String last = "";

    StartupLines(Path file, Consumer<String> listener) {
        this.file = file;
        this.listener = listener;
    }

    /** Tells what is new. A line counts when its end is written. */
    void look() {
        try {
            byte[] bytes = Files.readAllBytes(file);
            String text = new String(bytes, StandardCharsets.UTF_8);
            String whole = text.substring(0, text.lastIndexOf('\n') + 1);
            String[] lines = whole.isEmpty() ? new String[0] : whole.split("\n");
            Arrays.stream(lines).skip(told).filter(line -> !line.isBlank()).forEach(line -> {
                last = line.strip();
                listener.accept(last);
            });
            told = Math.max(told, lines.length);
        } catch (IOException e) {
            // not there yet
        }
    }

    String last() {
        return last;
    }

    /** The last line of a log that may be long. */
    static String lastLineOf(Path log) {
        try (var channel = Files.newByteChannel(log)) {
            long from = Math.max(0, channel.size() - LONGEST_TAIL);
            var buffer = ByteBuffer.allocate((int) (channel.size() - from));
            channel.position(from).read(buffer);
            return new String(buffer.array(), StandardCharsets.UTF_8).lines().filter(line -> !line.isBlank()).reduce((a, b) -> b).orElse("").strip();
        } catch (IOException e) {
            return "";
        }
    }
}
