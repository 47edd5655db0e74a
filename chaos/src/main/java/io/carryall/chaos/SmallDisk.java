package io.carryall.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of a few megabytes, in memory, which can be filled to its last byte. Needs the right to mount (root). */
final class SmallDisk implements AutoCloseable {
    private static final int MEGABYTES = 4;

    private final Path directory;

    SmallDisk(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (run("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m", "tmpfs", directory.toString()) != 0) {
            throw new IllegalStateException("a small disk for spill files cannot be mounted on " + directory + ": run this as root");
        }
    }

    Path directory() {
        return directory;
    }

    /** Until {@link #free} there is no room for anything. */
    void fill() {
        byte[] bytes = new byte[16 << 10];
        try (OutputStream out = Files.newOutputStream(ballast())) {
            while (true) {
                out.write(bytes);
            }
        } catch (IOException full) {
            // that is what was wanted
        }
    }

    void free() {
        try {
            Files.deleteIfExists(ballast());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path ballast() {
        return directory.resolve("ballast");
    }

    private static int run(String... command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        run("umount", "-l", directory.toString());
    }
}
