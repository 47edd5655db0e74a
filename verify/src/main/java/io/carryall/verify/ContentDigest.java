package io.carryall.verify;

import java.io.OutputStream;
import java.security.MessageDigest;

/**
 * Digests the bytes of one message as they pass by, with line ends made canonical: CRLF, bare CR and bare LF are one line end each, and those at the very end of the message don't count, because servers change them. Needs a
 * few KB whatever the message's size. One object for one message, used by one thread.
 */
final class ContentDigest extends OutputStream {
    private static final byte LINE_END = '\n';

    private final Pace pace;
    private final MessageDigest content = Digest.sha256();
    private final byte[] chunk = new byte[8 * 1024];
    private int chunkLength;
    private boolean afterCr;
    private long pendingLineEnds;

    ContentDigest(Pace pace) {
        this.pace = pace;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        pace.pay(length);
        for (int i = offset; i < offset + length; i++) {
            take(bytes[i]);
        }
    }

    @Override
    public void write(int b) {
        take((byte) b);
    }

    private void take(byte b) {
        if (b == '\r' || b == '\n' && !afterCr) {
            pendingLineEnds++;
        } else if (b != '\n') {
            for (; pendingLineEnds > 0; pendingLineEnds--) {
                digest(LINE_END);
            }
            digest(b);
        }
        afterCr = b == '\r';
    }

    private void digest(byte b) {
        if (chunkLength == chunk.length) {
            content.update(chunk, 0, chunkLength);
            chunkLength = 0;
        }
        chunk[chunkLength++] = b;
    }

    /** Ends the message. Call it once. */
    Digest finish() {
        content.update(chunk, 0, chunkLength);
        return Digest.finish(content);
    }
}
