package io.carryall.cli.file;

import io.carryall.core.migration.Filter;
import io.carryall.core.migration.FolderMap;
import io.carryall.core.migration.Limits;
import io.carryall.core.migration.MailServer;
import io.carryall.core.migration.MailServer.Login;
import io.carryall.core.migration.MailServer.Login.As;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.migration.MigrationSpec.FlagsPolicy;
import io.carryall.core.migration.MigrationSpec.RenamesPolicy;
import io.carryall.core.migration.MigrationSpec.RevisedPolicy;
import io.carryall.core.port.Secret;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.ServerAddress.Security;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads a migration file and its mailbox list.
 *
 * <p>{@link #read} never throws for what a file holds: it gives {@link Read} with either a migration and its secrets, or every error of both files.
 */
public final class MigrationFile {
    private static final List<String> ROOT_KEYS = List.of("migration", "source", "target", "mailboxes", "filter", "folders", "flags", "revised", "renames", "allow-shared-target", "limits");
    private static final List<String> SERVER_KEYS = List.of("url", "system", "login", "ca", "insecure");
    private static final List<String> LOGIN_KEYS = List.of("as", "user", "password", "separator");
    private static final List<String> SIDE_KEYS = List.of("connections", "per-mailbox", "bytes-per-second");
    private static final long LONGEST_FILE_BYTES = 4L << 20;
    private static final long LONGEST_LIST_BYTES = 256L << 20;
    private static final int MOST_CONNECTIONS = 1000;

    private final Path file;
    private final Path directory;
    private final Problems problems;
    private final References references;

    private MigrationFile(Path file, Map<String, String> environment, Secrets secrets) {
        this.file = file;
        this.directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file.toAbsolutePath());
        this.problems = new Problems(file.toString());
        this.references = new References(new SecretReader(directory, environment), secrets);
    }

    /** What becomes of the secrets. */
    public enum Secrets {
        /** Each is resolved, here and now. */
        RESOLVED,
        /** References are passed on as they stand, and plain secrets are errors: an installed Carryall resolves references itself. */
        PASSED_ON,
        /** Nobody will log in. */
        LEFT_ALONE
    }

    /**
     * What came of reading.
     *
     * @param spec     null where there are errors. Its secrets are references
     * @param secrets  by reference; empty where references are passed on unresolved
     * @param errors   of both files, each file's in the order of its lines
     * @param warnings what an operator should know
     */
    public record Read(MigrationSpec spec, Map<String, Secret> secrets, List<FileError> errors, List<FileError> warnings) {
    }

    /**
     * @param environment where {@code env:} references are looked up
     */
    public static Read read(Path file, Map<String, String> environment, Secrets secrets) {
        return new MigrationFile(file, environment, secrets).read();
    }

    private Read read() {
        Optional<MappingNode> root = load();
        Problems listProblems = new Problems(null);
        MigrationSpec spec = null;
        if (root.isPresent()) {
            YamlSection section = YamlSection.of(root.get(), "", problems, ROOT_KEYS);
            Optional<Path> list = section.requiredText("mailboxes", "the path of the mailbox list (CSV), such as mailboxes: mailboxes.csv").map(this::beside);
            listProblems = new Problems(list.map(this::shown).orElse(null));
            spec = migration(section, list, listProblems);
        }
        List<FileError> errors = both(problems.errors(), listProblems.errors());
        return new Read(errors.isEmpty() ? spec : null, references.secrets(), errors, both(problems.warnings(), listProblems.warnings()));
    }

    private static List<FileError> both(List<FileError> first, List<FileError> second) {
        List<FileError> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }

    private Optional<MappingNode> load() {
        Optional<byte[]> bytes = bytes(file, problems, LONGEST_FILE_BYTES, "a migration file");
        Optional<String> text = bytes.flatMap(b -> Utf8Text.read(b, problems));
        return problems.errors().isEmpty() ? text.flatMap(this::compose) : Optional.empty();
    }

    private Optional<MappingNode> compose(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(20);
        options.setCodePointLimit((int) LONGEST_FILE_BYTES);
        try {
            Node node = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
            if (node instanceof MappingNode mapping) {
                return Optional.of(mapping);
            }
            problems.error(1, node == null ? "the file is empty" : "the file is no mapping", "keys such as migration:, source:, target:, mailboxes:");
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            problems.error(line, e.getProblemMark() == null ? 0 : e.getProblemMark().getColumn() + 1, "not YAML: " + e.getProblem(), "YAML");
        } catch (YAMLException e) {
            problems.error(1, "not YAML: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""), "YAML");
        }
        return Optional.empty();
    }

    private MigrationSpec migration(YamlSection root, Optional<Path> list, Problems listProblems) {
        String name = root.requiredText("migration", "a name of letters, digits, \".\", \"_\" and \"-\", such as acme-wave-1").orElse("");
        if (!name.isBlank() && !name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
            root.wrong("migration", name, "a name of at most 100 letters, digits, \".\", \"_\" and \"-\" that begins with a letter or digit");
        }
        MailServer source = server(root, "source");
        MailServer target = server(root, "target");
        Filter filter = filter(root);
        FolderMap folders = new FolderMap(root.section("folders", List.of("map")).map(section -> section.folders("map")).orElse(Map.of()));
        FlagsPolicy flags = root.word("flags", FlagsPolicy.class).orElse(null);
        RevisedPolicy revised = root.word("revised", RevisedPolicy.class).orElse(null);
        RenamesPolicy renames = root.word("renames", RenamesPolicy.class).orElse(null);
        boolean shared = root.flag("allow-shared-target");
        Limits limits = limits(root);
        List<MailboxPair> pairs = list.map(path -> mailboxes(path, listProblems, source, target, shared)).orElse(List.of());
        boolean whole = source != null && target != null && problems.errors().isEmpty();
        return whole ? new MigrationSpec(name, source, target, filter, folders, flags, revised, renames, shared, limits, pairs) : null;
    }

    private List<MailboxPair> mailboxes(Path path, Problems listProblems, MailServer source, MailServer target, boolean shared) {
        references.nextFile();
        MailboxList list = new MailboxList(listProblems, references, source == null ? null : source.login(), target == null ? null : target.login(), shared);
        return bytes(path, listProblems, LONGEST_LIST_BYTES, "a mailbox list").map(list::read).orElse(List.of());
    }

    private MailServer server(YamlSection root, String side) {
        root.requirePresence(side, "a mapping with url and login");
        return root.section(side, SERVER_KEYS).map(section -> serverOf(section, side)).orElse(null);
    }

    private MailServer serverOf(YamlSection section, String side) {
        boolean insecure = section.flag("insecure");
        Optional<ServerUrl> url = url(section, insecure);
        Optional<String> system = section.has("system") ? section.requiredText("system", "the mail system's name") : Optional.empty();
        String ca = section.has("ca") ? section.requiredText("ca", "the path of a PEM file").map(path -> certificates(section, path)).orElse(null) : null;
        Login login = login(section, side);
        return url.isEmpty() || login == null ? null
                : new MailServer(system.map(String::strip).orElse(null), new ServerAddress(url.get().host(), url.get().port(), url.get().security(), ca), insecure, login);
    }

    private Optional<ServerUrl> url(YamlSection section, boolean insecure) {
        Optional<String> text = section.requiredText("url", ServerUrl.EXPECTED);
        Optional<ServerUrl> url = text.flatMap(ServerUrl::parse);
        if (text.isPresent() && url.isEmpty() && text.get().indexOf('@') >= 0) {
            // Perhaps with a password before it: not a word of it may be shown.
            section.wrongSilently("url", "holds an \"@\"", ServerUrl.EXPECTED + "; who logs in stands in login");
        } else if (text.isPresent() && url.isEmpty()) {
            section.wrong("url", text.get(), ServerUrl.EXPECTED);
        }
        if (url.isPresent() && url.get().security() == Security.NONE && !url.get().onLoopback() && !insecure) {
            section.wrong("url", text.get(), "TLS (imaps://, or imap:// with STARTTLS): tls=none would send mail and passwords in the clear to " + url.get().host() + "; insecure: true says that this is meant");
        }
        return url;
    }

    private String certificates(YamlSection section, String name) {
        Path path = beside(name);
        try (InputStream in = Files.newInputStream(path)) {
            if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
                section.wrong("ca", name, "a PEM file with at least one certificate");
            }
        } catch (IOException e) {
            section.wrong("ca", name, "a file that can be read (" + path + " can't)");
        } catch (CertificateException e) {
            section.wrong("ca", name, "a PEM file with certificates");
        }
        return path.toString();
    }

    private Login login(YamlSection server, String side) {
        server.requirePresence("login", "login: { as: user } or login: { as: admin, user: NAME, password: SECRET }");
        return server.section("login", LOGIN_KEYS).map(section -> login(section, server, side)).orElse(null);
    }

    private Login login(YamlSection login, YamlSection server, String side) {
        login.requirePresence("as", "user or admin");
        Optional<As> as = login.word("as", As.class);
        if (as.isEmpty()) {
            return null;
        }
        return as.get() == As.USER ? eachUser(login) : admin(login, side);
    }

    private static Login eachUser(YamlSection login) {
        List.of("user", "password", "separator").stream().filter(login::has)
                .forEach(key -> login.wrongSilently(key, "is of no use where login.as is user", "no such key, or as: admin"));
        return Login.EACH_USER;
    }

    private Login admin(YamlSection login, String side) {
        Optional<String> user = login.requiredText("user", "the administrator's login name");
        Optional<String> separator = login.has("separator") ? login.requiredText("separator", "what stands between mailbox and administrator, such as \"*\"") : Optional.empty();
        Optional<String> password = login.requiredText("password", SecretReader.EXPECTED);
        Optional<String> secret = password.map(cell -> references.add("run:admin-" + side, cell, login.line("password"), login.name("password"), problems));
        return new Login(As.ADMIN, user.orElse("?"), secret.orElse("?"), separator.orElse(null));
    }

    private Filter filter(YamlSection root) {
        Optional<YamlSection> section = root.section("filter", List.of("since", "until", "folders", "max-size"));
        if (section.isEmpty()) {
            return Filter.EVERYTHING;
        }
        var since = section.get().time("since");
        var until = section.get().time("until");
        if (since.isPresent() && until.isPresent() && !since.get().isBefore(until.get())) {
            section.get().wrongSilently("until", "is not after since", "a later time: nothing would be let through");
        }
        var size = section.get().size("max-size");
        Optional<YamlSection> folders = section.get().section("folders", List.of("include", "exclude"));
        return new Filter(since.orElse(null), until.orElse(null), folders.map(f -> f.list("include")).orElse(null), folders.map(f -> f.list("exclude")).orElse(null),
                size.isPresent() ? size.getAsLong() : null);
    }

    private Limits limits(YamlSection root) {
        return root.section("limits", List.of("source", "target")).map(section -> new Limits(side(section, "source"), side(section, "target"))).orElse(Limits.DEFAULT);
    }

    private Limits.Side side(YamlSection limits, String side) {
        return limits.section(side, SIDE_KEYS)
                .map(section -> new Limits.Side(section.count("connections", MOST_CONNECTIONS), section.count("per-mailbox", MOST_CONNECTIONS), section.size("bytes-per-second").orElse(0)))
                .orElse(Limits.Side.DEFAULT);
    }

    private Path beside(String name) {
        return directory.resolve(name).normalize();
    }

    /** A path as the operator would type it: relative where the migration file was named so. */
    private String shown(Path path) {
        Path parent = file.getParent();
        return file.isAbsolute() ? path.toString() : (parent == null ? Path.of("") : parent).resolve(directory.relativize(path)).normalize().toString();
    }

    private static Optional<byte[]> bytes(Path path, Problems problems, long most, String what) {
        try {
            if (Files.isDirectory(path)) {
                problems.error(0, "this is a folder", what);
            } else if (Files.size(path) > most) {
                problems.error(0, "the file is larger than " + most + " bytes", what);
            } else {
                return Optional.of(Files.readAllBytes(path));
            }
        } catch (NoSuchFileException e) {
            problems.error(0, "the file does not exist", what);
        } catch (IOException e) {
            problems.error(0, "the file can't be read", what + " that can be read");
        }
        return Optional.empty();
    }
}
