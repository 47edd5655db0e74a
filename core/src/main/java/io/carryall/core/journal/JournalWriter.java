package io.carryall.core.journal;

import java.io.BufferedWriter;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a journal to a stream as it comes: nothing of it is kept. What was not {@link #finish() finished} is no journal. Not thread-safe. What the stream throws comes as {@link UncheckedIOException}.
 */
public final class JournalWriter {
    private final MessageDigest digest = JournalFormat.sha256();
    private final OutputStream out;
    private final GZIPOutputStream gzip;
    private final Writer lines;
    private JournalEntry.Counts ofPair = JournalEntry.Counts.NONE;
    private JournalEntry.Counts ofAll = JournalEntry.Counts.NONE;
    private long pairs;

    /** @param out is flushed at the end and never closed */
    public JournalWriter(OutputStream out) {
        this.out = out;
        OutputStream digested = new Digested();
        try {
            digested.write(JournalFormat.HEADER);
            gzip = new GZIPOutputStream(digested, JournalFormat.BUFFER_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lines = new BufferedWriter(new OutputStreamWriter(gzip, StandardCharsets.UTF_8), JournalFormat.BUFFER_BYTES);
    }

    /** Also takes down what is written; an array goes out whole. */
    private final class Digested extends FilterOutputStream {
        Digested() {
            super(JournalWriter.this.out);
        }

        @Override
        public void write(int one) throws IOException {
            digest.update((byte) one);
            out.write(one);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            digest.update(bytes, offset, length);
            out.write(bytes, offset, length);
        }
    }

    /** In the order that {@link JournalReader} asks for. The ends are not written by hand: {@link #endPair} and {@link #finish}. */
    public void write(JournalEntry entry) {
        ofPair = ofPair.and(entry);
        line(entry);
    }

    private void line(JournalEntry entry) {
        try {
            lines.write(JournalText.line(entry));
            lines.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void endPair() {
        line(new JournalEntry.PairEnd(ofPair));
        ofAll = ofAll.plus(ofPair);
        ofPair = JournalEntry.Counts.NONE;
        pairs++;
    }

    /** Ends the file and says what is in it. */
    public JournalEntry.End finish() {
        JournalEntry.End end = new JournalEntry.End(pairs, ofAll);
        line(end);
        try {
            lines.flush();
            gzip.finish();
            out.write(JournalFormat.trailer(HexFormat.of().formatHex(digest.digest())));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return end;
    }
}
