package io.carryall.embedded.child;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Makes a class data archive with a JVM of its own, and puts it in place whole or not at all. Runs below {@link ServerMain}, so it ends with its parent, and takes the JVM
 * that does the work along.
 *
 * <p>Arguments: the list of classes that a running server is still writing, the archive to make, and the command, in which {@code @list} and {@code @archive} stand for
 * temporary files.
 */
public final class ArchiveMain {

    private static final long LIMIT_SECONDS = 120;
    private static final Duration KEPT = Duration.ofDays(1);

    private ArchiveMain() {}

    public static void main(String[] args) throws Exception {
        Path archive = Path.of(args[1]);
        Path part = Path.of(archive + ".part");
        Path list = Path.of(archive + ".list");
        AtomicReference<Process> maker = new AtomicReference<>();
        // the one way out, also when the parent is gone
        Runtime.getRuntime().addShutdownHook(new Thread(() -> tidyUp(maker.get(), part, list)));
        Files.writeString(list, wholeLines(Path.of(args[0])), StandardCharsets.UTF_8);
        String[] command = Arrays.stream(args).skip(2).map(word -> word.replace("@list", list.toString()).replace("@archive", part.toString())).toArray(String[]::new);
        maker.set(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(new File("/dev/null")).start());
        if (maker.get().waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && maker.get().exitValue() == 0) {
            // before it gets its name: the JVM looks at the head of an archive only, and a power loss may leave holes behind it
            force(part);
            Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            deleteOlder(archive);
        }
        System.exit(0);
    }

    private static void tidyUp(Process maker, Path... files) {
        try {
            if (maker != null) {
                maker.destroyForcibly().waitFor(3, TimeUnit.SECONDS);
            }
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | InterruptedException e) {
            // left for the next maker to write over
        }
    }

    /** Archives of the same server for other jars or another Java. One that is in use stays with its user until that ends. */
    private static void deleteOlder(Path archive) throws IOException {
        String name = archive.getFileName().toString();
        Instant limit = Instant.now().minus(KEPT);
        try (DirectoryStream<Path> others = Files.newDirectoryStream(archive.getParent(), name.substring(0, name.indexOf('-')) + "-*")) {
            for (Path other : others) {
                if (Files.getLastModifiedTime(other).toInstant().isBefore(limit)) {
                    Files.deleteIfExists(other);
                }
            }
        }
    }

    /** The last line may be half written. */
    private static String wholeLines(Path list) throws IOException {
        String text = Files.readString(list, StandardCharsets.UTF_8);
        return text.substring(0, text.lastIndexOf('\n') + 1);
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
