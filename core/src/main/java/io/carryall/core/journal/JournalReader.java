package io.carryall.core.journal;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.PairName;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads a journal entry by entry, and holds it to the order and the counts that it has to have. Nothing is kept but the names of its pairs and the folders of the present one. Not thread-safe.
 *
 * <p>{@link #verify} first: what is read of a file that was not verified may be the beginning of something that is refused in the end.
 */
public final class JournalReader implements AutoCloseable {
    private static final int PAIRS_NONE = -1;
    /** Within a pair: what it completed, folders, marks, what is in doubt, claims, and then the facts, state by state. */
    private static final List<Class<? extends JournalEntry>> ORDER = List.of(JournalEntry.Pair.class, JournalEntry.Completed.class, JournalEntry.SourceFolder.class, JournalEntry.Mark.class, JournalEntry.InDoubt.class,
            JournalEntry.Claim.class, JournalEntry.State.class);
    private static final int FACTS = ORDER.size();

    private final InputStream file;
    private final Reader lines;
    private final char[] buffer = new char[JournalFormat.BUFFER_BYTES];
    private final StringBuilder line = new StringBuilder();
    private int at;
    private int filled;
    private final Set<PairName> names = new HashSet<>();
    private final Map<FolderId, Set<Long>> folders = new HashMap<>();
    private JournalEntry.Counts ofPair = JournalEntry.Counts.NONE;
    private JournalEntry.Counts ofAll = JournalEntry.Counts.NONE;
    private long pairs;
    private int rank = PAIRS_NONE;
    private boolean ended;

    private JournalReader(InputStream file) throws IOException {
        this.file = file;
        this.lines = new InputStreamReader(new GZIPInputStream(file, JournalFormat.BUFFER_BYTES),
                StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    /**
     * Reads the whole file: first every byte against the checksum, then every line.
     *
     * @return what is in it
     * @throws JournalException if it is not whole, not as it was written, or of a version that is not known here
     * @throws IOException      if it cannot be read
     */
    public static JournalEntry.End verify(Path path) throws JournalException, IOException {
        check(path);
        try (JournalReader reader = open(path)) {
            while (true) {
                JournalEntry entry = reader.next();
                if (entry instanceof JournalEntry.End end) {
                    reader.nothingMore();
                    return end;
                }
            }
        }
    }

    /** Every byte but those of the last line, whatever they mean. */
    private static void check(Path path) throws JournalException, IOException {
        long length = Files.size(path);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path), JournalFormat.BUFFER_BYTES)) {
            byte[] header = in.readNBytes(JournalFormat.HEADER.length);
            if (!Arrays.equals(header, JournalFormat.HEADER)) {
                throw new JournalException(notOurs(header));
            }
            MessageDigest digest = JournalFormat.sha256();
            digest.update(header);
            byte[] buffer = new byte[JournalFormat.BUFFER_BYTES];
            long left = length - header.length - JournalFormat.TRAILER_BYTES;
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    break;
                }
                digest.update(buffer, 0, read);
                left -= read;
            }
            byte[] trailer = in.readAllBytes();
            if (left != 0 || !Arrays.equals(trailer, JournalFormat.trailer(HexFormat.of().formatHex(digest.digest())))) {
                throw new JournalException("the journal is damaged: it is not whole, or was altered (its checksum does not fit). Export it again");
            }
        }
    }

    private static String notOurs(byte[] header) {
        String line = new String(header, StandardCharsets.ISO_8859_1).split("\n", 2)[0];
        if (line.matches(JournalFormat.NAME + "[0-9]{1,9}")) {
            return "the journal is of version " + line.substring(JournalFormat.NAME.length()) + ", and this Carryall reads version " + JournalFormat.VERSION + ": use a newer one";
        }
        return "this is no journal of Carryall: it does not begin with \"" + JournalFormat.NAME + JournalFormat.VERSION + "\"";
    }

    /** Opens a file that was verified, to be read from its beginning. */
    public static JournalReader open(Path path) throws IOException, JournalException {
        long length = Files.size(path);
        InputStream in = Files.newInputStream(path);
        try {
            in.readNBytes(JournalFormat.HEADER.length);
            return new JournalReader(new Bounded(in, length - JournalFormat.HEADER.length - JournalFormat.TRAILER_BYTES));
        } catch (IOException e) {
            in.close();
            throw new JournalException("the journal is damaged: " + e.getMessage());
        }
    }

    /** Ends before the last line, which is not compressed. */
    private static final class Bounded extends FilterInputStream {
        private long left;

        Bounded(InputStream in, long left) {
            super(in);
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int read = super.read(bytes, offset, (int) Math.min(length, left));
            left -= Math.max(0, read);
            return read;
        }

        @Override
        public int available() throws IOException {
            return (int) Math.min(left, super.available());
        }
    }

    /** The next entry; the last one is a {@link JournalEntry.End}, and nothing may be asked for after it. */
    public JournalEntry next() throws JournalException, IOException {
        if (ended) {
            throw new IllegalStateException("the journal was read to its end");
        }
        try {
            JournalEntry entry = JournalText.parse(line());
            inOrder(entry);
            return entry;
        } catch (IllegalArgumentException e) {
            throw new JournalException("the journal is damaged: " + e.getMessage());
        }
    }

    private String line() throws IOException {
        line.setLength(0);
        while (true) {
            for (int i = at; i < filled; i++) {
                if (buffer[i] == '\n') {
                    line.append(buffer, at, i - at);
                    at = i + 1;
                    return line.toString();
                }
            }
            line.append(buffer, at, filled - at);
            require(line.length() <= JournalFormat.LINE_CHARS_MAX, "a line is too long");
            require(fill(), "it ends before its end");
        }
    }

    private boolean fill() throws IOException {
        at = 0;
        try {
            filled = lines.read(buffer);
        } catch (EOFException | ZipException | CharacterCodingException e) {
            throw new IllegalArgumentException("what is compressed in it cannot be read");
        }
        return filled > 0;
    }

    private void nothingMore() throws JournalException, IOException {
        if (at < filled || fill()) {
            throw new JournalException("the journal is damaged: something follows its end");
        }
    }

    private static int rank(JournalEntry entry) {
        int rank = ORDER.indexOf(entry.getClass());
        return rank >= 0 ? rank : FACTS;
    }

    private void inOrder(JournalEntry entry) {
        if (entry instanceof JournalEntry.End end) {
            require(rank == PAIRS_NONE, "it ends within a pair");
            require(end.pairs() == pairs && end.counts().equals(ofAll), "its counts do not fit what is in it");
            ended = true;
        } else if (entry instanceof JournalEntry.Pair pair) {
            require(rank == PAIRS_NONE, "a pair begins within another one");
            require(names.add(pair.name()), "a pair stands in it twice");
            folders.clear();
            rank = 0;
        } else if (entry instanceof JournalEntry.PairEnd end) {
            require(rank != PAIRS_NONE, "a pair ends that did not begin");
            require(end.counts().equals(ofPair), "the counts of a pair do not fit what is in it");
            ofAll = ofAll.plus(ofPair);
            ofPair = JournalEntry.Counts.NONE;
            pairs++;
            rank = PAIRS_NONE;
        } else {
            inPair(entry);
        }
    }

    private void inPair(JournalEntry entry) {
        int next = rank(entry);
        require(rank != PAIRS_NONE, "something stands outside of a pair");
        require(next == FACTS ? rank >= FACTS - 1 : next >= rank || entry instanceof JournalEntry.State, "its lines are not in their order");
        if (entry instanceof JournalEntry.SourceFolder it) {
            Set<Long> states = new HashSet<>(it.folder().former());
            states.add(it.folder().uidValidity());
            require(folders.put(it.folder().id(), states) == null, "a folder stands in a pair twice");
        } else if (entry instanceof JournalEntry.Mark it) {
            known(it.watermark().folder());
        } else if (entry instanceof JournalEntry.InDoubt it) {
            known(it.folder());
        } else if (entry instanceof JournalEntry.State it) {
            require(known(it.folder()).contains(it.uidValidity()), "facts are of a state that their folder never was in");
        }
        ofPair = ofPair.and(entry);
        rank = next;
    }

    private Set<Long> known(FolderId folder) {
        Set<Long> states = folders.get(folder);
        require(states != null, "a line is of a folder that is not in its pair");
        return states;
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
