package io.carryall.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.MailboxSnapshot;
import io.carryall.testkit.mail.PlainImap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A migration file with its list, on disk, and the commands that are given for it. Source users log in with their own passwords, targets are opened by an administrator. Each call that says what is in the file changes
 * it for the commands after it.
 */
final class Migration {
    private final Path directory;
    private final String name;
    /** What leads to the stack: {@code --state DIR} or {@code --server URL}. */
    private List<String> stack;
    private final String sourceSecret;
    private final String targetSecret;
    private final List<String> pairs = new ArrayList<>();
    private final Map<String, String> more = new LinkedHashMap<>();
    private String sourceUrl;
    private String targetUrl;
    private String targetMore = "";

    private Migration(Path directory, String name, List<String> stack, String sourceSecret, String targetSecret) {
        this.directory = directory;
        this.name = name;
        this.stack = stack;
        this.sourceSecret = sourceSecret;
        this.targetSecret = targetSecret;
    }

    /** Between the shared servers, on the shared stack. */
    static Migration of(Path directory, String name) {
        Installation shared = Installation.shared();
        return new Migration(directory, name, List.of("--state", shared.state().toString()), "env:SOURCE_PASSWORD", "env:TARGET_PASSWORD").from(shared.source()).to(shared.target());
    }

    /** The same migration on the stack of another state directory. */
    Migration on(Path state) {
        Migration other = new Migration(directory, name, List.of("--state", state.toString()), sourceSecret, targetSecret);
        other.pairs.addAll(pairs);
        other.more.putAll(more);
        other.sourceUrl = sourceUrl;
        other.targetUrl = targetUrl;
        other.targetMore = targetMore;
        return other;
    }

    /** On services of {@link Cluster}, which hold the secrets; {@code verify} reads them beside the file. */
    static Migration installed(Path directory, String name, String url) {
        try {
            Files.writeString(directory.resolve("source"), Dovecot.PASSWORD);
            Files.writeString(directory.resolve("target"), Dovecot.MASTER_PASSWORD);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Migration(directory, name, List.of("--server", url), "file:source", "file:target");
    }

    Migration from(Dovecot server) {
        return fromPort(server.port());
    }

    Migration to(Dovecot server) {
        return toPort(server.port());
    }

    Migration fromPort(int port) {
        sourceUrl = url(port);
        return this;
    }

    Migration toPort(int port) {
        targetUrl = url(port);
        return this;
    }

    /** @param more keys of the target beside url and login: {@code ca: old-ca.pem} */
    Migration toUrl(String url, String more) {
        targetUrl = url;
        targetMore = ", " + more;
        return this;
    }

    private static String url(int port) {
        return "imap://127.0.0.1:" + port + "?tls=none";
    }

    Migration pair(String source, String target) {
        return pairWith(source, target, sourceSecret);
    }

    /** @param secret the source mailbox's password, or a reference to it */
    Migration pairWith(String source, String target, String secret) {
        pairs.add(source + "," + target + "," + secret);
        return this;
    }

    /** On an embedded stack of its own. */
    Migration state(Path directory) {
        stack = List.of("--state", directory.toString());
        return this;
    }

    /** Takes the pair of that source mailbox off the list. */
    Migration without(String source) {
        pairs.removeIf(pair -> pair.startsWith(source + ","));
        return this;
    }

    Migration pairs(Stream<String> names) {
        names.forEach(each -> pair(each + "@old.example", each + "@new.example"));
        return this;
    }

    /** A root key of the file, instead of what it was: {@code filter} with {@code { since: 2024-01-01 }}. */
    Migration with(String key, String value) {
        more.put(key, value);
        return this;
    }

    Path file() {
        StringBuilder yaml = new StringBuilder("migration: " + name + "\n");
        yaml.append("source: { url: \"").append(sourceUrl).append("\", login: { as: user } }\n");
        yaml.append("target: { url: \"").append(targetUrl).append("\", login: { as: admin, user: ").append(Dovecot.MASTER_USER).append(", password: \"").append(targetSecret).append("\" }").append(targetMore).append(" }\n");
        yaml.append("mailboxes: ").append(name).append(".csv\n");
        more.forEach((key, value) -> yaml.append(key).append(": ").append(value).append('\n'));
        try {
            Files.writeString(directory.resolve(name + ".csv"), "source,target,source-password\n" + String.join("\n", pairs) + "\n");
            return Files.writeString(directory.resolve(name + ".yaml"), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, String> environment() {
        return Map.of("SOURCE_PASSWORD", Dovecot.PASSWORD, "TARGET_PASSWORD", Dovecot.MASTER_PASSWORD, "CARRYALL_TOKEN", Cluster.TOKEN);
    }

    Outcome run(String... options) {
        return command("run", List.of(options));
    }

    /** Does that, then runs {@code verify --bodies}, which must find no difference. */
    Outcome verifiedAfter(Function<Migration, Outcome> command) {
        Outcome outcome = command.apply(this);
        verified();
        return outcome;
    }

    /** {@code verify --bodies} must find no difference. */
    void verified() {
        Outcome verify = command("verify", List.of("--bodies"));
        assertThat(verify.status()).as("verify: %s%n%s", verify.out(), verify.err()).isZero();
    }

    Outcome command(String verb, List<String> options) {
        return Command.run(environment(), arguments(verb, options));
    }

    String[] arguments(String verb, List<String> options) {
        List<String> arguments = new ArrayList<>(List.of(verb, file().toString(), "--json", "--quiet"));
        arguments.addAll(stack);
        arguments.addAll(options);
        return arguments.toArray(String[]::new);
    }

    static MailboxSnapshot look(Dovecot server, String user) {
        try (PlainImap imap = PlainImap.loginAsMaster(server, user)) {
            return MailboxSnapshot.of(imap);
        }
    }
}
