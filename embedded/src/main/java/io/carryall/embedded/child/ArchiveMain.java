package io.carryall.embedded.child;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Makes a class data archive with a JVM of its own, and puts it in place whole or not at all. Runs below {@link ServerMain}, so it ends with its parent, and takes the JVM
 * that does the work along.
 *
 * <p>Arguments: the list of classes that a running server is still writing, the archive to make, and the command, in which {@code @list} and {@code @archive} stand for
 * temporary files.
 */
public final class ArchiveMain {

    private static final long LIMIT_SECONDS = 120;

    private ArchiveMain() {}

    public static void main(String[] args) throws Exception {
        Path archive = Path.of(args[1]);
        Path part = Path.of(archive + ".part");
        Path list = Path.of(archive + ".list");
        try {
            Files.writeString(list, wholeLines(Path.of(args[0])), StandardCharsets.UTF_8);
            String[] command = Arrays.stream(args).skip(2).map(word -> word.replace("@list", list.toString()).replace("@archive", part.toString())).toArray(String[]::new);
            if (run(command)) {
                // before it gets its name: the JVM looks at the head of an archive only, and a power loss may leave holes behind it
                force(part);
                Files.move(part, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(part);
            Files.deleteIfExists(list);
        }
        System.exit(0);
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

    private static boolean run(String[] command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(new File("/dev/null")).start();
        Thread stop = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(stop);
        boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        return ended && process.exitValue() == 0;
    }
}
