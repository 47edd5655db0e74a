package io.carryall.cli.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A migration file that is right, to be made wrong in one place. */
final class Fixture {
    static final String RIGHT = """
            migration: acme-wave-1
            source:
              url: imaps://mail.old.example
              system: old
              login: { as: user }
            target:
              url: imap://127.0.0.1:12143?tls=none
              login: { as: admin, user: master, password: "env:TARGET" }
            mailboxes: mailboxes.csv
            filter:
              since: 2024-01-01
              until: 2026-12-01
              folders: { include: ["**"], exclude: ["Trash", "Junk/**"] }
              max-size: 100MB
            folders:
              map: { "Sent Messages": "Sent" }
            flags: copy
            revised: leave
            renames: follow
            allow-shared-target: false
            limits: { source: { connections: 8, per-mailbox: 2, bytes-per-second: 50MB }, target: { connections: 8, per-mailbox: 2 } }
            """;
    static final String LIST = """
            source,target,source-password
            ann@old.example,ann@new.example,env:ANN
            bob@old.example,bob@new.example,env:BOB
            """;
    static final Map<String, String> ENVIRONMENT = Map.of("TARGET", "master's", "ANN", "ann's", "BOB", "bob's", "EMPTY", "");

    final Path directory;

    Fixture(Path directory) {
        this.directory = directory;
    }

    MigrationFile.Read read(String migration, String list) {
        return read(migration.getBytes(StandardCharsets.UTF_8), list.getBytes(StandardCharsets.UTF_8));
    }

    MigrationFile.Read read(byte[] migration, byte[] list) {
        try {
            Files.write(directory.resolve("mailboxes.csv"), list);
            return MigrationFile.read(Files.write(directory.resolve("migration.yaml"), migration), ENVIRONMENT, MigrationFile.Secrets.RESOLVED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What went wrong, as {@code file:line: message; expected …} with the directory left out. */
    List<String> errors(String migration, String list) {
        return shown(read(migration, list).errors());
    }

    List<String> shown(List<FileError> errors) {
        return errors.stream().map(e -> new FileError(Path.of(e.file()).getFileName().toString(), e.line(), 0, e.message(), e.expected()).toString()).toList();
    }
}
