package io.carryall.embedded;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** Why a server died during its start, from what it wrote in this start: one line and the way out. */
record FailureCause(Kind kind, String detail) {

    enum Kind {
        PORT_TAKEN("a port that was free a moment ago is taken; start again",
                "Address already in use|Failed to bind port|is in use by another process"),
        DISK_FULL("the disk is full; free space and start again", "No space left on device|Disk quota exceeded|Insufficient disk space"),
        NO_MEMORY("there is not enough memory for it; free some, or make its heap smaller",
                "OutOfMemoryError|Could not reserve enough space|Cannot allocate memory|insufficient memory for the Java Runtime"),
        NOT_ALLOWED("a file or folder is not accessible; make it readable and writable for this user", "Permission denied|AccessDeniedException|Read-only file system"),
        CORRUPTED("its data is damaged; put the directory back from a backup",
                "CorruptRecordException|CorruptSSTableException|CommitLogReplayException|MalformedCommitLog|CorruptIndexException|InconsistentClusterIdException|meta\\.properties|FSReadError"
                        + "|Could not read commit log|Unable to verify sstable"),
        OTHER("see its log", "\\b(ERROR|FATAL)\\b|Exception|Error:|[Ee]rror occurred");

        final String wayOut;
        private final Pattern pattern;

        Kind(String wayOut, String regex) {
            this.wayOut = wayOut;
            this.pattern = Pattern.compile(regex);
        }
    }

    private static final int READ_BYTES_MAX = 4 << 20;
    private static final int DETAIL_CHARS_MAX = 240;

    /** @param written what the server wrote since it was started */
    static FailureCause of(List<String> written) {
        for (Kind kind : Kind.values()) {
            for (String line : written) {
                if (kind.pattern.matcher(line).find()) {
                    return new FailureCause(kind, clean(line));
                }
            }
        }
        return new FailureCause(Kind.OTHER, written.isEmpty() ? "it wrote nothing" : clean(written.get(written.size() - 1)));
    }

    /** The lines of a file from an offset on, at most 4 MiB of them; none when there is no such file. */
    static List<String> linesFrom(Path file, long offset) {
        try (FileChannel channel = FileChannel.open(file)) {
            // a log that was rolled over meanwhile is shorter than it was
            channel.position(offset <= channel.size() ? offset : 0);
            return new String(Channels.newInputStream(channel).readNBytes(READ_BYTES_MAX), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static String clean(String line) {
        String printable = line.replaceAll("\\p{Cntrl}", " ").strip();
        return printable.length() <= DETAIL_CHARS_MAX ? printable : printable.substring(0, DETAIL_CHARS_MAX) + " …";
    }
}
