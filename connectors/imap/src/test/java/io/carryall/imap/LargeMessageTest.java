package io.carryall.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.port.Content;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.TargetSession;
import io.carryall.core.port.TargetSession.Outgoing;
import io.carryall.core.port.TargetSession.Stored;
import io.carryall.testkit.dovecot.Dovecot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class LargeMessageTest {
    private static final long LARGE_BYTES = 150_000_000;

    @Test
    void a_message_of_150_mb_passes_through_a_heap_of_32(@TempDir Path directory) throws Exception {
        try (Dovecot server = Dovecot.started()) {
            List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx32m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
            command.addAll(List.of(Child.class.getName(), Integer.toString(server.port()), directory.toString()));
            Path output = directory.resolve("output");
            Process child = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
            assertThat(child.waitFor(10, TimeUnit.MINUTES)).isTrue();
            assertThat(child.exitValue()).as(Files.readString(output)).isZero();
        }
    }

    /** Runs in a small heap of its own: appends, fetches to a file, appends from the file, fetches again and compares. */
    static final class Child {
        public static void main(String[] arguments) throws Exception {
            int port = Integer.parseInt(arguments[0]);
            Path directory = Path.of(arguments[1]);
            append(port, "old", new Generated());
            Path first = directory.resolve("first");
            fetch(port, "old", first);
            append(port, "new", new InFile(first));
            Path second = directory.resolve("second");
            fetch(port, "new", second);
            if (Files.size(first) != LARGE_BYTES || Files.mismatch(first, second) >= 0) throw new AssertionError("the message changed on its way: " + Files.size(first) + " " + Files.size(second));
        }

        private static void append(int port, String user, Content content) throws Exception {
            try (TargetSession target = Boxes.MAIL.openTarget(Boxes.login(Boxes.plain(port), user))) {
                var appended = target.append("INBOX", List.of(new Outgoing(Set.of(), OffsetDateTime.now(), content)), () -> true);
                if (!(appended instanceof Stored)) throw new AssertionError(appended.toString());
            }
        }

        private static void fetch(int port, String user, Path file) throws Exception {
            try (SourceSession source = Boxes.MAIL.openSource(Boxes.login(Boxes.plain(port), user))) {
                source.fetch("INBOX", source.statuses(List.of("INBOX")).get("INBOX").uidValidity(), List.of(1L), new ToFile(file));
            }
        }
    }

    private record ToFile(Path file) implements SourceSession.Receiver {
        @Override
        public OutputStream content(long uid) {
            try {
                return Files.newOutputStream(file);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public void fetched(long uid, Set<String> flags, OffsetDateTime date) {
        }

        @Override
        public void unreadable(long uid, String detail) {
            throw new AssertionError(detail);
        }
    }

    private record InFile(Path file) implements Content {
        @Override
        public long sizeBytes() {
            return LARGE_BYTES;
        }

        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(file);
        }

        @Override
        public void close() {
        }
    }

    /** Lines of CRLF that differ. */
    private record Generated() implements Content {
        @Override
        public long sizeBytes() {
            return LARGE_BYTES;
        }

        @Override
        public InputStream open() {
            return new InputStream() {
                private long at;

                @Override
                public int read() {
                    long in = at % 78;
                    long line = at++ / 78;
                    return at > LARGE_BYTES ? -1 : in == 76 ? '\r' : in == 77 ? '\n' : (int) ('a' + (line * 31 + in * (line % 7 + 1)) % 26);
                }

                @Override
                public int read(byte[] into, int offset, int length) {
                    int n = (int) Math.min(length, LARGE_BYTES - at);
                    for (int i = 0; i < n; i++) into[offset + i] = (byte) read();
                    return n == 0 && length > 0 ? -1 : n;
                }
            };
        }

        @Override
        public void close() {
        }
    }
}
