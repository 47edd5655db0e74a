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
                "CorruptRecordException|CorruptSSTableException|CommitLogReplayException|CommitLogReadException|processing commit log|CorruptIndexException|InconsistentClusterIdException|meta\\.properties|FSReadError"
                        + ""),
        OTHER("its log says more; should its data be damaged, put it back from a backup", "\\b(ERROR|FATAL)\\b|Exception|Error:|[Ee]rror occurred");

        final String wayOut;
        private final Pattern pattern;

        Kind(String wayOut, String regex) {
            this.wayOut = wayOut;
            this.pattern = Pattern.compile(regex);
        }
    }

    /** Lines that only tell of the day's work; one of them lists all options, and with them the words that we look for. */
    private static final Pattern CALM = Pattern.compile("^(\\d{4}-\\d\\d-\\d\\dT\\S+ (INFO|DEBUG|TRACE) |WARNING: )");
    private static final Pattern EXCEPTION = Pattern.compile("^[\\w.$]+(Exception|Error)\\b");
    private static final int READ_BYTES_MAX = 4 << 20;
    private static final int DETAIL_CHARS_MAX = 240;

    /** @param written what the server wrote since it was started */
    static FailureCause of(List<String> written) {
        List<String> telling = written.stream().filter(line -> !line.isBlank() && !CALM.matcher(line).find()).toList();
        for (Kind kind : Kind.values()) {
            for (int i = 0; i < telling.size(); i++) {
                if (kind.pattern.matcher(telling.get(i)).find()) {
                    return new FailureCause(kind, clean(withException(telling, i)));
                }
            }
        }
        return new FailureCause(Kind.OTHER, telling.isEmpty() ? "it did not say why" : clean(telling.get(telling.size() - 1)));
    }

    /** When the disk is full, a server may be unable to say so. */
    static FailureCause diskFull() {
        return new FailureCause(Kind.DISK_FULL, "nothing left to write to");
    }

    /** A log says "exception during startup" in one line, and which one in the next. */
    private static String withException(List<String> lines, int index) {
        boolean more = index + 1 < lines.size() && EXCEPTION.matcher(lines.get(index + 1)).find();
        return lines.get(index).replaceFirst("^.* (ERROR|FATAL) (\\[[^]]*] )?", "") + (more ? " " + lines.get(index + 1) : "");
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
