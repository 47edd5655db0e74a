package io.carryall.cli.stack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** A lock between processes that the kernel lets go of, however its holder ends. The file is never deleted: two processes could then hold two files of one name. */
public final class FileMutex implements AutoCloseable {
    private final FileChannel channel;
    private final FileLock lock;

    private FileMutex(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /** Empty where somebody holds it. */
    static Optional<FileMutex> tryLock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(new FileMutex(channel, lock));
            }
        } catch (OverlappingFileLockException e) {
            // held within this very process
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        channel.close();
        return Optional.empty();
    }

    /** Leaves word for those who find it held. */
    public void say(String who) throws IOException {
        channel.truncate(0).write(StandardCharsets.UTF_8.encode(who), 0);
    }

    /** The holder's word. */
    static String holder(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        try {
            channel.truncate(0);
            lock.release();
            channel.close();
        } catch (IOException e) {
            // the kernel lets go of it with the process
        }
    }
}
