package io.carryall.copier;

import io.carryall.core.port.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Room for messages between source and target. Small ones stay in memory as long as all together take less than the budget; everything else is spilled to disk. So what is in flight is
 * bounded in memory whatever the messages' sizes. Thread-safe; a {@link Draft} is used by one thread.
 */
final class ContentStore {
    private static final int CHUNK_BYTES = 8 * 1024;

    private final Path directory;
    private final long memoryBytesMax;
    private final int messageBytesInMemoryMax;
    private final AtomicLong memoryBytes = new AtomicLong();
    private final AtomicLong spilledBytes = new AtomicLong();

    ContentStore(Path directory, long memoryBytesMax, int messageBytesInMemoryMax) {
        this.directory = directory;
        this.memoryBytesMax = memoryBytesMax;
        this.messageBytesInMemoryMax = messageBytesInMemoryMax;
    }

    long memoryBytes() {
        return memoryBytes.get();
    }

    long spilledBytes() {
        return spilledBytes.get();
    }

    Draft begin() {
        return new Draft();
    }

    private boolean reserve(int bytes) {
        if (memoryBytes.addAndGet(bytes) <= memoryBytesMax) {
            return true;
        }
        memoryBytes.addAndGet(-bytes);
        return false;
    }

    /** A message that is coming in. Ends with {@link #finish} or {@link #discard}. */
    final class Draft extends OutputStream {
        private final List<byte[]> chunks = new ArrayList<>();
        private int used = CHUNK_BYTES;
        private long sizeBytes;
        private long fileBytes;
        private Path file;
        private OutputStream spill;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int from = offset;
            int left = length;
            while (left > 0 && spill == null) {
                if (used == CHUNK_BYTES && !addChunk()) {
                    spillOver();
                    break;
                }
                int n = Math.min(left, CHUNK_BYTES - used);
                System.arraycopy(bytes, from, chunks.get(chunks.size() - 1), used, n);
                used += n;
                from += n;
                left -= n;
            }
            if (left > 0) {
                spillBytes(bytes, from, left);
            }
            sizeBytes += length;
        }

        private boolean addChunk() {
            boolean room = (long) (chunks.size() + 1) * CHUNK_BYTES <= messageBytesInMemoryMax && reserve(CHUNK_BYTES);
            if (room) {
                chunks.add(new byte[CHUNK_BYTES]);
                used = 0;
            }
            return room;
        }

        private void spillOver() throws IOException {
            Files.createDirectories(directory);
            file = Files.createTempFile(directory, "message-", ".spill");
            spill = new java.io.BufferedOutputStream(Files.newOutputStream(file), 64 * 1024);
            for (int i = 0; i < chunks.size(); i++) {
                spillBytes(chunks.get(i), 0, i == chunks.size() - 1 ? used : CHUNK_BYTES);
            }
            freeChunks();
        }

        private void spillBytes(byte[] bytes, int offset, int length) throws IOException {
            spill.write(bytes, offset, length);
            fileBytes += length;
            spilledBytes.addAndGet(length);
        }

        private void freeChunks() {
            memoryBytes.addAndGet(-(long) chunks.size() * CHUNK_BYTES);
            chunks.clear();
        }

        Content finish() throws IOException {
            if (spill != null) {
                spill.close();
            }
            return new Kept(this);
        }

        void discard() {
            try {
                if (spill != null) {
                    spill.close();
                }
                if (file != null) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                file.toFile().deleteOnExit();
            }
            spilledBytes.addAndGet(-fileBytes);
            fileBytes = 0;
            file = null;
            freeChunks();
        }
    }

    private static final class Kept implements Content {
        private final Draft draft;
        private boolean closed;

        Kept(Draft draft) {
            this.draft = draft;
        }

        @Override
        public long sizeBytes() {
            return draft.sizeBytes;
        }

        @Override
        public synchronized InputStream open() throws IOException {
            if (closed) {
                throw new IOException("the message was let go of meanwhile");
            }
            if (draft.file != null) {
                return Files.newInputStream(draft.file);
            }
            List<InputStream> parts = new ArrayList<>();
            for (int i = 0; i < draft.chunks.size(); i++) {
                parts.add(new ByteArrayInputStream(draft.chunks.get(i), 0, i == draft.chunks.size() - 1 ? draft.used : CHUNK_BYTES));
            }
            return new SequenceInputStream(Collections.enumeration(parts));
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                draft.discard();
            }
        }
    }
}
