package io.carryall.cli.stack;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Where the embedded stack keeps its data. Only its owner may look inside. */
public record StateDirectory(Path path) {
    private static final Set<PosixFilePermission> OWNER_ONLY_DIRECTORY = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);
    private static final Set<PosixFilePermission> OWNER_ONLY_FILE = EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    Path stackFile() {
        return path.resolve("stack.json");
    }

    Path stackLock() {
        return path.resolve("stack.lock");
    }

    Path logs() {
        return path.resolve("logs");
    }

    Path startupLog() {
        return logs().resolve("startup.log");
    }

    Path standaloneLog() {
        return logs().resolve("standalone.log");
    }

    Path secrets() {
        return path.resolve("secrets");
    }

    public boolean exists() {
        return Files.isDirectory(path);
    }

    /** Makes what is missing. */
    void prepare() throws StackFailure {
        try {
            makePrivate(path);
            Files.createDirectories(logs());
            makePrivate(secrets());
        } catch (IOException e) {
            throw new StackFailure("the state directory " + path + " can't be made or written (" + e.getClass().getSimpleName() + "): name another one with --state DIR");
        }
    }

    private static void makePrivate(Path directory) throws IOException {
        Files.createDirectories(directory);
        if (onPosix(directory) && Files.getOwner(directory).getName().equals(System.getProperty("user.name"))) {
            Files.setPosixFilePermissions(directory, OWNER_ONLY_DIRECTORY);
        }
    }

    /** Whole or not at all, and never readable by others, not even while it is being written. */
    static void writePrivate(Path file, String content) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        if (onPosix(file.getParent())) {
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(OWNER_ONLY_FILE));
        }
        try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.UTF_8.encode(content));
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean onPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
