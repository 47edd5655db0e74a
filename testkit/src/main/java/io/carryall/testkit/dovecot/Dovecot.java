package io.carryall.testkit.dovecot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.carryall.testkit.net.FreePorts;

/**
 * A private Dovecot 2.3 server on loopback, with configuration, ports, directories and mail of its own; the system's Dovecot is never touched. Any number of them
 * run side by side.
 *
 * <p>Every user name exists and logs in with {@link #PASSWORD}. An administrator opens anybody's mailbox as {@code user*master}, or by SASL PLAIN with the user as
 * authorization identity and {@link #MASTER_USER} as authentication identity, with {@link #MASTER_PASSWORD} in both cases.
 *
 * <p>Needs root (Dovecot changes to its own users) and Debian's dovecot-imapd; without them {@link Builder#start()} throws {@link IllegalStateException} that says
 * what to install. Data lives until {@link #close()}; {@link #stop()}, {@link #kill()} and {@link #start()} keep it. The server dies with this JVM, however that
 * dies, unless it was started {@link Builder#detached}.
 *
 * <p>Not thread-safe; the server itself serves any number of clients.
 */
public final class Dovecot implements AutoCloseable {
    public static final String HOST = "127.0.0.1";
    public static final String PASSWORD = "secret";
    public static final String MASTER_USER = "master";
    public static final String MASTER_PASSWORD = "mastersecret";
    static final int MAIL_USER_ID = 5000;

    /** What 2.3.19 announces after login when nothing is overridden. */
    private static final List<String> CAPABILITIES = List.of((
            "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY THREAD=REFERENCES THREAD=REFS THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE UNSELECT "
            + "CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES WITHIN CONTEXT=SEARCH LIST-STATUS BINARY MOVE SNIPPET=FUZZY "
            + "PREVIEW=FUZZY PREVIEW STATUS=SIZE SAVEDATE LITERAL+ NOTIFY SPECIAL-USE").split(" "));
    private static final long START_MILLIS_MAX = 120_000;
    private static final long STOP_MILLIS_MAX = 10_000;
    private static final long CLOCK_TICK_MILLIS_MAX = 20;

    private final DovecotFiles files;
    private final DovecotOptions options;
    private final boolean detached;
    private final boolean ownsDirectory;
    private final int port;
    private final int tlsPort;
    private final Map<String, Long> quotas = new TreeMap<>();
    private final Map<String, Long> largest = new TreeMap<>();
    private final TreeSet<String> refused = new TreeSet<>();
    private final Thread atExit = new Thread(this::close, "dovecot-close");
    private Process watcher;
    private boolean closed;

    private Dovecot(Builder builder, DovecotFiles files, boolean ownsDirectory) {
        this.files = files;
        this.options = builder.options();
        this.detached = builder.detached;
        this.ownsDirectory = ownsDirectory;
        this.port = builder.port != 0 ? builder.port : FreePorts.next();
        this.tlsPort = options.tls() ? (builder.tlsPort != 0 ? builder.tlsPort : FreePorts.next()) : 0;
    }

    /** A started server with everything at its default, except that it does not announce these capabilities. */
    public static Dovecot started(String... withoutCapabilities) {
        return builder().without(withoutCapabilities).start();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Whether a server can be started here: the program is installed, and we are root. */
    public static boolean isAvailable() {
        return Binaries.isAvailable();
    }

    /** Plain IMAP, with STARTTLS where TLS was asked for. Stays the same over stop and start. */
    public int port() {
        return port;
    }

    /** IMAP in TLS. */
    public int tlsPort() {
        if (!options.tls()) {
            throw new IllegalStateException("this server was built without tls()");
        }
        return tlsPort;
    }

    /** {@code imap://127.0.0.1:port?tls=none}, as migration files have it. */
    public String url() {
        return "imap://" + HOST + ":" + port + "?tls=none";
    }

    /** The self-signed certificate (PEM), which is its own authority. */
    public Path certificate() {
        return files.certificate();
    }

    /** Where configuration, log and mail are. */
    public Path directory() {
        return files.home();
    }

    /** The master process, while the server runs. */
    public OptionalLong pid() {
        return masterPid(files);
    }

    public boolean isRunning() {
        return pid().isPresent();
    }

    /** What the server logged so far: for the message of a failed assertion. */
    public String log() {
        try {
            return Files.readString(files.log(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a stopped or killed server again, on the same ports with the same mail. Returns when it greets. */
    public Dovecot start() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        if (isRunning()) {
            return this;
        }
        try {
            Files.deleteIfExists(files.masterPid());
            if (detached) {
                Processes.run(120, List.of(Binaries.dovecot(), "-c", files.conf().toString()));
            } else {
                startWatched();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitGreeting();
        return this;
    }

    /**
     * The shell between us and the server waits for the end of its standard input, a pipe that only this JVM holds open: when the JVM goes, even by SIGKILL, the
     * kernel closes the pipe and the shell ends the server.
     */
    private void startWatched() throws IOException {
        String script = "\"$1\" -F -c \"$2\" </dev/null & server=$!; cat >/dev/null; kill $server 2>/dev/null; wait $server";
        watcher = new ProcessBuilder("/bin/sh", "-c", script, "carryall-dovecot-watcher", Binaries.dovecot(), files.conf().toString())
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(files.log().toFile())).start();
    }

    private void awaitGreeting() {
        boolean greeted = until(START_MILLIS_MAX, () -> isRunning() && greets());
        if (!greeted) {
            String log = log();
            stop();
            throw new IllegalStateException("Dovecot did not come up on port " + port + " within " + START_MILLIS_MAX + " ms:\n" + log);
        }
    }

    private boolean greets() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(HOST, port), 1_000);
            socket.setSoTimeout(5_000);
            return socket.getInputStream().read() == '*';
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Ends the server in its own way; clients are disconnected. No effect when it does not run. */
    public void stop() {
        Optional<ProcessHandle> master = master();
        if (master.isPresent()) {
            List<ProcessHandle> family = family(master.get());
            // All at once: a master that has clients takes ten seconds to give them up.
            family.forEach(ProcessHandle::destroy);
            if (!until(STOP_MILLIS_MAX, () -> family.stream().noneMatch(Dovecot::runs))) {
                family.forEach(ProcessHandle::destroyForcibly);
                until(STOP_MILLIS_MAX, () -> family.stream().noneMatch(Dovecot::runs));
            }
        }
        endWatcher();
    }

    /** Ends the server and everything it started at once, as a crash of its machine would for all who watch (what it had given to the kernel is still written). */
    public void kill() {
        master().ifPresent(master -> {
            List<ProcessHandle> family = family(master);
            family.forEach(ProcessHandle::destroyForcibly);
            until(STOP_MILLIS_MAX, () -> family.stream().noneMatch(Dovecot::runs));
        });
        endWatcher();
    }

    /** A process that has ended stays in the process table until its parent, or process 1, collects it; in a container that may be never. It has no command any more. */
    static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    private Optional<ProcessHandle> master() {
        OptionalLong pid = pid();
        return pid.isPresent() ? ProcessHandle.of(pid.getAsLong()) : Optional.empty();
    }

    private static List<ProcessHandle> family(ProcessHandle master) {
        // The master first, so that it can't start new children for those that went.
        return Stream.concat(Stream.of(master), master.descendants()).collect(Collectors.toList());
    }

    private void endWatcher() {
        if (watcher == null) {
            return;
        }
        try {
            watcher.getOutputStream().close();
            if (!watcher.waitFor(STOP_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                watcher.destroyForcibly();
            }
        } catch (IOException alreadyGone) {
            watcher.destroyForcibly();
        } catch (InterruptedException e) {
            watcher.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        watcher = null;
    }

    /** Forgets all mail of all users; running sessions are disconnected. The server keeps running if it ran. */
    public void wipe() {
        boolean wasRunning = isRunning();
        stop();
        try {
            DovecotFiles.deleteTree(files.mail());
            files.createMail();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (wasRunning) {
            start();
        }
    }

    /** Output of {@code doveadm ARGUMENTS} on this server; throws when it does not end with 0. */
    public String doveadm(String... arguments) {
        List<String> command = new ArrayList<>(List.of(Binaries.doveadm(), "-c", files.conf().toString()));
        command.addAll(Arrays.asList(arguments));
        return Processes.run(120, command);
    }

    /** From now on this user cannot log in, with whatever password, nor can the administrator on their behalf. Takes up to a second. */
    public void refuse(String user) {
        refused.add(user.toLowerCase(Locale.ROOT));
        writeRefused();
    }

    /** Takes {@link #refuse} back. */
    public void accept(String user) {
        refused.remove(user.toLowerCase(Locale.ROOT));
        writeRefused();
    }

    /** Gives one user a quota of their own, from their next login on. Appending above it is answered {@code NO [OVERQUOTA]}. */
    public void quota(String user, long bytes) {
        quotas.put(user.toLowerCase(Locale.ROOT), bytes);
        writeLimits();
    }

    /** Gives one user a limit of their own on the size of a message, from their next login on; see {@link Builder#maxMessageBytes}. */
    public void maxMessageBytes(String user, long bytes) {
        largest.put(user.toLowerCase(Locale.ROOT), bytes);
        writeLimits();
    }

    private void writeLimits() {
        TreeSet<String> users = new TreeSet<>(quotas.keySet());
        users.addAll(largest.keySet());
        replace(files.quotas(), users.stream().map(user -> user + ":::::::" + limitsOf(user) + "\n").collect(Collectors.joining()));
    }

    private String limitsOf(String user) {
        List<String> limits = new ArrayList<>();
        if (quotas.containsKey(user)) {
            limits.add("userdb_quota_rule=*:bytes=" + quotas.get(user));
        }
        if (largest.containsKey(user)) {
            limits.add("userdb_quota_max_mail_size=" + largest.get(user));
        }
        return String.join(" ", limits);
    }

    private void writeRefused() {
        replace(files.refused(), refused.stream().map(user -> user + "\n").collect(Collectors.joining()));
    }

    private void replace(Path file, String text) {
        try {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(fresh, text);
            DovecotFiles.mode(fresh, "rw-rw-rw-");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            // Dovecot looks at the file once in each second of the clock at most, and tells its versions apart by seconds too. The times of files come from a clock that ticks every few milliseconds.
            long second = System.currentTimeMillis() / 1_000;
            until(2_000, () -> (System.currentTimeMillis() - CLOCK_TICK_MILLIS_MAX) / 1_000 > second);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops the server and removes its directory, unless the directory was given to the builder. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        stop();
        if (ownsDirectory) {
            DovecotFiles.deleteTree(files.home());
        }
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException alreadyShuttingDown) {
            // The hook runs, or ran: nothing is left to remove.
        }
    }

    static OptionalLong masterPid(DovecotFiles files) {
        try {
            long pid = Long.parseLong(Files.readString(files.masterPid()).trim());
            boolean alive = ProcessHandle.of(pid).filter(Dovecot::runs).isPresent() && isDovecot(pid);
            return alive ? OptionalLong.of(pid) : OptionalLong.empty();
        } catch (IOException | NumberFormatException notThere) {
            return OptionalLong.empty();
        }
    }

    /** After a kill the file with the pid stays, and the number may be somebody else's by now. */
    private static boolean isDovecot(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/comm")).startsWith("dovecot");
        } catch (IOException gone) {
            return false;
        }
    }

    private static boolean until(long millisMax, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millisMax);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return "Dovecot on " + HOST + ":" + port + " in " + files.home();
    }

    /** Says what the server is like; every choice has a default. */
    public static final class Builder {
        private MailFormat format = MailFormat.SDBOX;
        private String separator = "/";
        private String prefix = "";
        private Optional<String> capability = Optional.empty();
        private OptionalLong quotaBytes = OptionalLong.empty();
        private OptionalLong maxMessageBytes = OptionalLong.empty();
        private int connectionsPerUserMax = 1_000;
        private boolean fsync;
        private Map<String, String> specialUse = standardSpecialUse();
        private List<String> certificateNames = List.of();
        private final List<String> settings = new ArrayList<>();
        private Path directory;
        private int port;
        private int tlsPort;
        private boolean detached;

        private Builder() {
        }

        private static Map<String, String> standardSpecialUse() {
            Map<String, String> folders = new LinkedHashMap<>();
            folders.put("Sent", "\\Sent");
            folders.put("Drafts", "\\Drafts");
            folders.put("Trash", "\\Trash");
            folders.put("Junk", "\\Junk");
            return folders;
        }

        public Builder format(MailFormat chosen) {
            this.format = chosen;
            return this;
        }

        /** Between the levels of a folder name, {@code /} by default. */
        public Builder separator(String chosen) {
            this.separator = chosen;
            return this;
        }

        /** Before every folder but INBOX, {@code INBOX.} for instance; ends in the separator. Empty by default. */
        public Builder prefix(String chosen) {
            this.prefix = chosen;
            return this;
        }

        /** Exactly what the server announces. It only announces: what it can do, it still does for those who ask. */
        public Builder capability(String announced) {
            this.capability = Optional.of(announced);
            return this;
        }

        /** Announces all but these: {@code MULTIAPPEND}, {@code LITERAL+}, {@code UIDPLUS} … The same limit holds (an APPEND is still answered with APPENDUID). */
        public Builder without(String... taken) {
            if (taken.length == 0) {
                return this;
            }
            return capability(CAPABILITIES.stream().filter(known -> !List.of(taken).contains(known)).collect(Collectors.joining(" ")));
        }

        /** Every user's storage quota; see {@link Dovecot#quota} for single users. No limit by default. */
        public Builder quotaBytes(long bytes) {
            this.quotaBytes = OptionalLong.of(bytes);
            return this;
        }

        /** Messages above this are refused when appended. Dovecot does not announce it (no APPENDLIMIT). */
        public Builder maxMessageBytes(long bytes) {
            this.maxMessageBytes = OptionalLong.of(bytes);
            return this;
        }

        /** Dovecot's own default is 10; ours is 1,000. */
        public Builder connectionsPerUserMax(int connections) {
            this.connectionsPerUserMax = connections;
            return this;
        }

        /** Whether mail is synced to disk as on a production server; off by default, for speed. Benchmarks switch it on. */
        public Builder fsync(boolean on) {
            this.fsync = on;
            return this;
        }

        /** Folder names and their RFC 6154 attributes ({@code \Sent}), instead of Sent, Drafts, Trash and Junk. They are made and subscribed by themselves. */
        public Builder specialUse(Map<String, String> folders) {
            this.specialUse = new LinkedHashMap<>(folders);
            return this;
        }

        /** TLS on a port of its own and STARTTLS on the plain one, with a certificate for localhost and 127.0.0.1. */
        public Builder tls() {
            return tls("localhost", HOST);
        }

        /** TLS with a certificate for other names, to see clients refuse it. */
        public Builder tls(String... names) {
            this.certificateNames = List.of(names);
            return this;
        }

        /** A line of Dovecot's configuration, added as it is. */
        public Builder setting(String line) {
            settings.add(line);
            return this;
        }

        /** Uses, and keeps on close, this directory. Dovecot's mail user must be able to enter it. By default a new one under java.io.tmpdir. */
        public Builder directory(Path chosen) {
            this.directory = chosen.toAbsolutePath();
            return this;
        }

        /** A fixed port instead of a free one. */
        public Builder port(int chosen) {
            this.port = chosen;
            return this;
        }

        public Builder tlsPort(int chosen) {
            this.tlsPort = chosen;
            return this;
        }

        /** The server outlives this JVM; see {@link Main}. */
        Builder detached() {
            this.detached = true;
            return this;
        }

        private DovecotOptions options() {
            return new DovecotOptions(format, separator, prefix, capability, quotaBytes, maxMessageBytes, connectionsPerUserMax, fsync, specialUse, certificateNames, List.copyOf(settings));
        }

        /** Starts the server and returns when it greets its clients. */
        public Dovecot start() {
            Binaries.require();
            try {
                DovecotFiles files = new DovecotFiles(directory != null ? directory : Files.createTempDirectory("carryall-dovecot-"));
                files.create();
                Dovecot dovecot = new Dovecot(this, files, directory == null);
                if (dovecot.options.tls() && !Files.exists(files.certificate())) {
                    Certificate.write(certificateNames, files.certificate(), files.key());
                }
                Files.writeString(files.masters(), MASTER_USER + ":{PLAIN}" + MASTER_PASSWORD + "\n");
                Files.writeString(files.conf(), new DovecotConfiguration(files, dovecot.options).text(dovecot.port, dovecot.tlsPort));
                // Dovecot's own users read them, whatever umask we have.
                DovecotFiles.mode(files.masters(), "rw-r--r--");
                DovecotFiles.mode(files.conf(), "rw-r--r--");
                if (!detached) {
                    Runtime.getRuntime().addShutdownHook(dovecot.atExit);
                }
                return dovecot.start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Where Debian puts the programs; /usr/sbin is often not on an ordinary path. */
    private static final class Binaries {
        static void require() {
            dovecot();
            if (!"root".equals(System.getProperty("user.name"))) {
                throw new IllegalStateException("a Dovecot of one's own has to be started by root (it changes to users of its own)");
            }
        }

        static String dovecot() {
            return find("dovecot");
        }

        static String doveadm() {
            return find("doveadm");
        }

        static boolean isAvailable() {
            return lookFor("dovecot").isPresent() && "root".equals(System.getProperty("user.name"));
        }

        private static Optional<Path> lookFor(String program) {
            return Stream.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin").map(directory -> Path.of(directory, program)).filter(Files::isExecutable).findFirst();
        }

        private static String find(String program) {
            return lookFor(program)
                    .orElseThrow(() -> new IllegalStateException(program + " is missing: apt-get install dovecot-imapd")).toString();
        }
    }
}
