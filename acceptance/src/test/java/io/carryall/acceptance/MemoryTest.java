package io.carryall.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.PlainImap;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A copier of 256 MB carries 64 mailboxes at once, and messages of 150 MB among them. */
@Tag("integration")
final class MemoryTest {
    private static final int MAILBOXES = 64;
    private static final int MESSAGES_EACH = 8;
    private static final int MESSAGE_BYTES = 200_000;
    private static final int LARGE_BYTES = 150_000_000;
    private static final int CHUNK_BYTES = 1 << 20;
    private static final List<String> WITH_LARGE = List.of("m7@old.example", "m40@old.example");

    @Test
    void a_copier_of_256_MB_carries_64_mailboxes_at_once_and_messages_of_150_MB_among_them(@TempDir Path directory) {
        try (Dovecot source = Dovecot.started(); Dovecot target = Dovecot.started(); Cluster cluster = Cluster.start()) {
            users().forEach(user -> fill(source, user));
            cluster.start("scanner-service", 1);
            cluster.start("ledger-service", 1);
            // All 64 folders may use connections at the same time.
            ServiceProcess copier = cluster.start("copier-service", List.of("-Xmx256m"), Map.of("CARRYALL_COPIER_FOLDERS", Integer.toString(MAILBOXES)));
            ServiceProcess control = cluster.start("control-service", 1).get(0);
            cluster.awaitReady(Map.of("carryall-scanner", 1, "carryall-ledger", 1, "carryall-copier", 1));
            Migration migration = Migration.installed(directory, "memory", control.url()).from(source).to(target)
                    .with("limits", "{ source: { connections: 200 }, target: { connections: 200 } }");
            users().forEach(user -> migration.pair(user, user));

            migration.run().exits(0).counts(MAILBOXES * MESSAGES_EACH + WITH_LARGE.size(), 0, 0, 0);

            assertThat(copier.isAlive()).as(copier::log).isTrue();
            assertThat(copier.log()).doesNotContain("OutOfMemoryError");
            users().forEach(user -> assertThat(digests(target, user)).as(user).containsExactlyInAnyOrderElementsOf(digests(source, user)));
        }
    }

    private static Stream<String> users() {
        return IntStream.range(0, MAILBOXES).mapToObj(i -> "m" + i + "@old.example");
    }

    private static void fill(Dovecot server, String user) {
        try (PlainImap imap = PlainImap.login(server, user)) {
            if (WITH_LARGE.contains(user)) {
                appendLarge(imap, user);
            }
            imap.append("INBOX", IntStream.range(0, MESSAGES_EACH).mapToObj(i -> Mail.of(("Subject: " + i + "\r\nMessage-ID: <" + i + "." + user + ">\r\n\r\n" + "0123456789abcdef\r\n".repeat(MESSAGE_BYTES / 18)).getBytes(StandardCharsets.UTF_8))).toList());
        }
    }

    /** In pieces: this JVM has not much more memory than the copier. */
    private static void appendLarge(PlainImap imap, String user) {
        byte[] head = ("Subject: large\r\nMessage-ID: <large." + user + ">\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        byte[] chunk = "All work and no play makes a dull boy\r\n".repeat(CHUNK_BYTES / 39).getBytes(StandardCharsets.UTF_8);
        int chunks = LARGE_BYTES / chunk.length + 1;
        imap.raw(("large APPEND INBOX {" + (head.length + (long) chunks * chunk.length) + "+}\r\n").getBytes(StandardCharsets.UTF_8));
        imap.raw(head);
        for (int i = 0; i < chunks; i++) {
            imap.raw(chunk);
        }
        imap.raw("\r\n".getBytes(StandardCharsets.UTF_8));
        assertThat(imap.next().text()).startsWith("large OK");
    }

    /** SHA-256 of every message, read in pieces. */
    private static List<String> digests(Dovecot server, String user) {
        try (PlainImap imap = PlainImap.loginAsMaster(server, user)) {
            imap.examine("INBOX");
            return imap.uids().stream().map(uid -> digest(imap, uid)).toList();
        }
    }

    private static String digest(PlainImap imap, long uid) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (long offset = 0;; offset += CHUNK_BYTES) {
                byte[] piece = piece(imap, uid, offset);
                sha256.update(piece);
                if (piece.length < CHUNK_BYTES) {
                    return HexFormat.of().formatHex(sha256.digest());
                }
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] piece(PlainImap imap, long uid, long offset) {
        byte[][] piece = {new byte[0]};
        imap.execute("UID FETCH " + uid + " BODY.PEEK[]<" + offset + "." + CHUNK_BYTES + ">", response -> response.literals().stream().findFirst().ifPresent(bytes -> piece[0] = bytes));
        return piece[0];
    }
}
