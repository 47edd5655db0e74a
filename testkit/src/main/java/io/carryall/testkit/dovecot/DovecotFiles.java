package io.carryall.testkit.dovecot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

/** The directory of one server: the paths in it, and the modes that let Dovecot's users in. */
record DovecotFiles(Path home) {
    private static final long DELETE_SECONDS_MAX = 20;

    Path conf() {
        return home.resolve("dovecot.conf");
    }

    Path run() {
        return home.resolve("run");
    }

    Path state() {
        return home.resolve("state");
    }

    Path mail() {
        return home.resolve("mail");
    }

    Path log() {
        return home.resolve("dovecot.log");
    }

    Path masters() {
        return home.resolve("masters");
    }

    Path refused() {
        return home.resolve("refused");
    }

    Path quotas() {
        return home.resolve("quotas");
    }

    Path certificate() {
        return home.resolve("certificate.pem");
    }

    Path key() {
        return home.resolve("key.pem");
    }

    Path masterPid() {
        return run().resolve("master.pid");
    }

    /** Makes the directories; the mail directory belongs to Dovecot's mail user, everything above it may be entered by that user. */
    void create() {
        try {
            Files.createDirectories(home);
            requireEntry();
            for (Path directory : new Path[] {run(), state()}) {
                Files.createDirectories(directory);
                mode(directory, "rwxr-xr-x");
            }
            createMail();
            for (Path file : new Path[] {log(), refused(), quotas()}) {
                if (!Files.exists(file)) {
                    Files.createFile(file);
                }
                mode(file, "rw-rw-rw-");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void createMail() throws IOException {
        Files.createDirectories(mail());
        Files.setAttribute(mail(), "unix:uid", Dovecot.MAIL_USER_ID);
        Files.setAttribute(mail(), "unix:gid", Dovecot.MAIL_USER_ID);
        mode(mail(), "rwxr-xr-x");
    }

    private void requireEntry() throws IOException {
        mode(home, "rwxr-xr-x");
        for (Path above = home.getParent(); above != null; above = above.getParent()) {
            if (!Files.getPosixFilePermissions(above).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                throw new IllegalStateException("Dovecot's mail user cannot enter " + above + ": choose a directory elsewhere, or chmod o+x it");
            }
        }
    }

    static void mode(Path path, String permissions) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    /** Removes a tree. Files that vanish meanwhile are as good as removed, and those that are made meanwhile are removed too: a server may still be tidying up. */
    static void deleteTree(Path root) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DELETE_SECONDS_MAX);
        boolean gone = false;
        while (!gone) {
            try {
                deleteWhatIsThere(root);
                gone = true;
            } catch (DirectoryNotEmptyException e) {
                if (System.nanoTime() > deadline) {
                    throw new UncheckedIOException("could not remove " + root, e);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("could not remove " + root, e);
            }
        }
    }

    private static void deleteWhatIsThere(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e) throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
