package io.carryall.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which process holds a connection, by what Linux tells in /proc. */
final class SocketOwner {
    private static final int INODE_COLUMN = 9;

    private SocketOwner() {
    }

    /** Whether the process has a connection from this port of its own to that port on loopback. */
    static boolean holds(long pid, int ownPort, int serverPort) {
        Optional<String> inode = Stream.of("tcp", "tcp6").flatMap(kind -> lines(Path.of("/proc/net", kind)).stream())
                .map(line -> line.trim().split("\\s+")).filter(columns -> columns.length > INODE_COLUMN && columns[1].endsWith(hex(ownPort)) && columns[2].endsWith(hex(serverPort)))
                .map(columns -> columns[INODE_COLUMN]).findFirst();
        return inode.isPresent() && hasOpen(pid, "socket:[" + inode.get() + "]");
    }

    private static String hex(int port) {
        return String.format(":%04X", port);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean hasOpen(long pid, String what) {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return files.anyMatch(file -> target(file).equals(what));
        } catch (IOException | UncheckedIOException gone) {
            return false;
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException gone) {
            return "";
        }
    }
}
