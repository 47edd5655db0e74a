package io.carryall.core.rekey;

import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.Fingerprinter;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.SourceSession;
import java.io.OutputStream;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.function.Consumer;

/** Computes what messages are as they pass, and keeps nothing else of them. Of what can't be read nothing is told. For one thread. */
public final class Fingerprints implements SourceSession.Receiver {
    private final Consumer<Print> prints;
    private Passing current;

    /**
     * What one message is.
     *
     * @param messageId may be null; hostile text
     * @param body      digest of all that follows its header, line ends made canonical
     */
    public record Print(long uid, Fingerprint fingerprint, String messageId, String body) {}

    public Fingerprints(Consumer<Print> prints) {
        this.prints = prints;
    }

    @Override
    public OutputStream content(long uid) {
        current = new Passing();
        return current;
    }

    @Override
    public void fetched(long uid, Set<String> flags, OffsetDateTime date) {
        Fingerprinter.Result whole = current.whole.finish(date == null ? SourceItem.NO_DATE : date.toEpochSecond());
        prints.accept(new Print(uid, whole.fingerprint(), whole.messageId(), current.body.finish(SourceItem.NO_DATE).fingerprint().content()));
    }

    @Override
    public void unreadable(long uid, String detail) {
        current = null;
    }

    private static final class Passing extends OutputStream {
        private final Fingerprinter whole = new Fingerprinter();
        private final Fingerprinter body = new Fingerprinter();
        private boolean inHeader = true;
        private boolean lineIsEmpty = true;

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] data, int offset, int length) {
            whole.update(data, offset, length);
            int at = offset;
            while (inHeader && at < offset + length) {
                header(data[at++]);
            }
            if (!inHeader) {
                body.update(data, at, offset + length - at);
            }
        }

        private void header(byte b) {
            inHeader = b != '\n' || !lineIsEmpty;
            lineIsEmpty = b == '\n' || b == '\r' && lineIsEmpty;
        }
    }
}
