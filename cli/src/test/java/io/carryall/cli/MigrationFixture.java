package io.carryall.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A migration that is right, on disk. */
final class MigrationFixture {
    static final Map<String, String> ENVIRONMENT = Map.of("ANN", "ann's", "MASTER", "master's", "CARRYALL_TOKEN", "secret-token");

    private MigrationFixture() {
    }

    static Path write(Path directory) throws IOException {
        Files.writeString(directory.resolve("mailboxes.csv"), "source,target,source-password\nann@old.example,ann@new.example,env:ANN\nbob@old.example,bob@new.example,env:ANN\n");
        return Files.writeString(directory.resolve("migration.yaml"), """
                migration: acme-wave-1
                source: { url: "imap://127.0.0.1:1143?tls=none", login: { as: user } }
                target: { url: "imap://127.0.0.1:1144?tls=none", login: { as: admin, user: master, password: "env:MASTER" } }
                mailboxes: mailboxes.csv
                filter: { since: 2024-01-01 }
                """);
    }
}
