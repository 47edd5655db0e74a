package io.carryall.embedded;

import io.carryall.embedded.child.ServerMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One server, running as a child process on data of its own. Thread-safe. */
final class ServerProcess implements AutoCloseable {

    /** C1 alone is ready seconds earlier and takes less memory. A class archive is good for these options alone. */
    private static final List<String> MODE = List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    /** What a child has for an orderly stop, also when its parent is gone. An orderly stop takes about two seconds. */
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration KILL_WAIT = Duration.ofSeconds(10);
    private static final Duration MAKER_WAIT = Duration.ofSeconds(30);
    private static final Duration PREPARATION_TIMEOUT = Duration.ofSeconds(120);
    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(10);
    private static final long LOOK_MILLIS = 50;
    private static final int PORT_TRIES = 3;
    private static final int HEAP_MEGABYTES_FIRST = 96;

    /** All else stays with us: an operator's secrets are in our environment, and options in JAVA_TOOL_OPTIONS are meant for us. */
    private static final Set<String> ENVIRONMENT_KEPT = Set.of("PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH");

    private final String name;
    private final Process process;
    private final DataDirectory data;
    private final List<Integer> ports;
    /** Makes the next start quicker; of no use once the server stops. */
    private volatile Optional<Process> archiving = Optional.empty();

    private ServerProcess(String name, Process process, DataDirectory data, List<Integer> ports) {
        this.name = name;
        this.process = process;
        this.data = data;
        this.ports = ports;
    }

    /** Starts it and waits until it answers. When this fails, or is interrupted, nothing is left running and the directory is free again. */
    static ServerProcess start(ServerRecipe recipe, Path dataDir, Path libDir, ServerOptions options) throws StartFailedException, InterruptedException {
        ServerLibrary library = ServerLibrary.in(libDir, recipe.name());
        Path java = recipe.java();
        DataDirectory data = DataDirectory.claim(recipe.name(), dataDir);
        boolean started = false;
        try {
            ServerProcess server = new Start(recipe, java, library, data, options).run();
            started = true;
            return server;
        } catch (IOException e) {
            throw DataDirectory.cannotWrite(recipe.name(), data.path(), e);
        } finally {
            if (!started) {
                data.close();
            }
        }
    }

    Process process() {
        return process;
    }

    int port(int index) {
        return ports.get(index);
    }

    /** Ends it as {@code kill -9} does, and returns when it is gone. */
    void kill() {
        process.destroyForcibly();
        archiving.ifPresent(ServerProcess::endInput);
        awaitUninterruptibly(process, KILL_WAIT);
        awaitArchiving();
        data.close();
    }

    /** Stops it in order; kills it when that takes too long. May be called more than once. */
    @Override
    public void close() {
        endInput(process);
        archiving.ifPresent(ServerProcess::endInput);
        // the child halts itself after its grace; a little more for it to be gone
        if (!awaitUninterruptibly(process, GRACE.plusSeconds(2))) {
            process.destroyForcibly();
            awaitUninterruptibly(process, KILL_WAIT);
        }
        awaitArchiving();
        data.close();
    }

    /** It has a directory of its own to tidy up, and begins with that only when its JVM stands. */
    private void awaitArchiving() {
        archiving.filter(maker -> !awaitUninterruptibly(maker, MAKER_WAIT)).ifPresent(maker -> {
            maker.destroyForcibly();
            awaitUninterruptibly(maker, KILL_WAIT);
        });
    }

    private static boolean awaitUninterruptibly(Process process, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public String toString() {
        return name + " (process " + process.pid() + ")";
    }

    private static void endInput(Process process) {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // it is gone already
        }
    }

    /** One start, from a claimed directory to an answering server. */
    private static final class Start {

        private final ServerRecipe recipe;
        private final Path java;
        private final DataDirectory data;
        private final ServerOptions options;
        private final Path log;
        private final Path out;
        private final long logBytesBefore;
        private final String classPath;
        private final boolean cacheIsWritable;
        private final ClassArchive archive;
        private final long startNanos = System.nanoTime();

        Start(ServerRecipe recipe, Path java, ServerLibrary library, DataDirectory data, ServerOptions options) throws IOException, StartFailedException {
            this.recipe = recipe;
            this.java = java;
            this.data = data;
            this.options = options;
            Path logDir = Files.createDirectories(options.logDir().orElse(data.resolve("logs")).toAbsolutePath());
            this.log = logDir.resolve(recipe.name().toLowerCase() + ".log");
            this.out = logDir.resolve(recipe.name().toLowerCase() + ".out");
            this.logBytesBefore = Files.exists(log) ? Files.size(log) : 0;
            Path cacheDir = options.cacheDir().toAbsolutePath();
            this.cacheIsWritable = isWritable(cacheDir);
            // a cache that can't be written to costs time, nothing else
            this.classPath = library.classPath(LauncherJar.in(cacheIsWritable ? cacheDir : data.path()));
            this.archive = ClassArchive.of(recipe.name().toLowerCase(), cacheDir, java, MODE, classPath);
        }

        ServerProcess run() throws IOException, StartFailedException, InterruptedException {
            say("starting " + recipe.name());
            boolean first = settleKeptData();
            ServerProcess server = firstFreePorts(first);
            data.endFirstStart();
            server.archiving = archive();
            say(recipe.name() + " is ready (" + seconds() + " s)");
            return server;
        }

        /** @return whether this is the first start, because there is nothing yet, or because no earlier start came to its end */
        private boolean settleKeptData() throws IOException, StartFailedException {
            if (data.isUnfinished()) {
                say("the first start of " + recipe.name() + " did not come to its end; beginning anew");
                data.delete(ServerRecipe.DATA);
            }
            data.delete("tmp");
            Files.createDirectories(data.resolve("tmp"));
            if (data.namesIn(ServerRecipe.DATA).isEmpty()) {
                data.beginFirstStart();
                Files.createDirectories(data.resolve(ServerRecipe.DATA));
                return true;
            }
            recipe.checkKept(data);
            return false;
        }

        private Optional<Process> archive() {
            if (archive.exists() || !cacheIsWritable) {
                return Optional.empty();
            }
            try {
                List<String> options = new ArrayList<>(MODE);
                options.addAll(recipe.jvmOptions(data, java));
                return Optional.of(archive.make(classList(), java, options, classPath));
            } catch (IOException e) {
                // the next start is as slow as this one, that is all
                return Optional.empty();
            }
        }

        private Path classList() {
            return data.resolve("tmp").resolve("classes.list");
        }

        private ServerProcess firstFreePorts(boolean first) throws IOException, StartFailedException, InterruptedException {
            boolean unprepared = first;
            for (int tryNumber = 1; ; tryNumber++) {
                List<Integer> ports = ports();
                recipe.configure(data, ports);
                if (unprepared) {
                    prepare();
                    unprepared = false;
                }
                Optional<ServerProcess> server = launch(ports, tryNumber == PORT_TRIES);
                if (server.isPresent()) {
                    return server.get();
                }
            }
        }

        /** The first is the one for clients. */
        private List<Integer> ports() throws IOException {
            List<Integer> ports = new ArrayList<>(FreePorts.find(recipe.portCount()));
            if (options.clientPort() != 0) {
                ports.set(0, options.clientPort());
            }
            return ports;
        }

        private void prepare() throws IOException, StartFailedException, InterruptedException {
            Optional<ServerRecipe.Invocation> preparation = recipe.preparation(data);
            if (preparation.isPresent()) {
                Process process = spawn(preparation.get());
                try {
                    if (!process.waitFor(PREPARATION_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                        throw new StartFailedException(recipe.name() + " could not prepare its data directory within " + PREPARATION_TIMEOUT.toSeconds() + " s: see " + out);
                    }
                } finally {
                    process.destroyForcibly();
                }
                if (process.exitValue() != 0) {
                    throw died(process, cause());
                }
            }
            recipe.prepared(data);
        }

        /** @return empty when somebody else took a port between our look and its use, and there is another try */
        private Optional<ServerProcess> launch(List<Integer> ports, boolean lastTry) throws IOException, StartFailedException, InterruptedException {
            Process process = spawn(recipe.server(data));
            boolean ready = false;
            try {
                ready = awaitAnswer(process, recipe.probe(ports));
                if (ready) {
                    return Optional.of(new ServerProcess(recipe.name(), process, data, ports));
                }
                FailureCause cause = cause();
                if (cause.kind() == FailureCause.Kind.PORT_TAKEN && !lastTry) {
                    return Optional.empty();
                }
                throw died(process, cause);
            } finally {
                if (!ready) {
                    process.destroyForcibly().onExit().join();
                }
            }
        }

        /** @return true when it answered, false when it ended */
        private boolean awaitAnswer(Process process, Probe probe) throws StartFailedException, InterruptedException {
            long nextProgress = startNanos + PROGRESS_EVERY.toNanos();
            while (!answers(probe)) {
                if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                    return false;
                }
                long now = System.nanoTime();
                if (now - startNanos > options.startTimeout().toNanos()) {
                    throw new StartFailedException(recipe.name() + " did not answer within " + options.startTimeout().toSeconds()
                            + " s: the machine may be too busy, start again; its log is " + log);
                }
                if (now > nextProgress) {
                    say("still starting " + recipe.name() + " (" + seconds() + " s of at most " + options.startTimeout().toSeconds() + " s)");
                    nextProgress += PROGRESS_EVERY.toNanos();
                }
            }
            return process.isAlive();
        }

        private static boolean answers(Probe probe) {
            try {
                return probe.answers();
            } catch (IOException e) {
                return false;
            }
        }

        private Process spawn(ServerRecipe.Invocation invocation) throws IOException {
            List<String> command = new ArrayList<>();
            command.add(java.toString());
            command.addAll(jvmOptions());
            command.addAll(archive.exists() || cacheIsWritable ? archive.startOptions(classList()) : List.of());
            command.addAll(List.of("-cp", classPath, ServerMain.class.getName(), data.resolve(DataDirectory.PID_FILE).toString(), Long.toString(GRACE.toMillis())));
            command.add(invocation.mainClass());
            command.addAll(invocation.arguments());
            ProcessBuilder builder = new ProcessBuilder(command).directory(data.path().toFile()).redirectErrorStream(true).redirectOutput(out.toFile());
            builder.environment().keySet().retainAll(ENVIRONMENT_KEPT);
            return builder.start();
        }

        private List<String> jvmOptions() {
            List<String> all = new ArrayList<>(List.of(
                    // begins small: by default a JVM takes a sixty-fourth of the machine's memory at once, needed or not
                    "-Xms" + Math.min(HEAP_MEGABYTES_FIRST, options.heapMegabytes()) + "m", "-Xmx" + options.heapMegabytes() + "m",
                    // out of memory, a server may go on with threads missing; it must end then, and be started again
                    "-XX:+ExitOnOutOfMemoryError",
                    // nothing of ours in /tmp: no performance counters, no unpacked libraries
                    "-XX:+PerfDisableSharedMem", "-Djava.io.tmpdir=" + data.resolve("tmp"), "-Djna.tmpdir=" + data.resolve("tmp"),
                    "-Djava.net.preferIPv4Stack=true", "-Dfile.encoding=UTF-8", "-Dcarryall.log=" + log));
            all.addAll(MODE);
            all.addAll(recipe.jvmOptions(data, java));
            return all;
        }

        private static boolean isWritable(Path dir) {
            try {
                return Files.isWritable(Files.createDirectories(dir));
            } catch (IOException e) {
                return false;
            }
        }

        private FailureCause cause() throws IOException {
            if (data.isFull()) {
                return FailureCause.diskFull();
            }
            return FailureCause.of(Stream.concat(FailureCause.linesFrom(log, logBytesBefore).stream(), FailureCause.linesFrom(out, 0).stream()).toList());
        }

        private StartFailedException died(Process process, FailureCause cause) {
            if (process.exitValue() == ServerMain.EXIT_IN_USE) {
                return new StartFailedException("The data directory of " + recipe.name() + " is in use by another process: " + data.path() + ". Stop it first, or name another directory with --state");
            }
            if (process.exitValue() == 128 + 9) {
                return new StartFailedException(recipe.name() + " was killed during its start: the machine may be out of memory; its log is " + log);
            }
            return new StartFailedException(recipe.name() + " did not start: " + cause.kind().wayOut + " (" + cause.detail() + "); data: " + data.path() + ", log: " + log);
        }

        private String seconds() {
            return String.format("%.1f", (System.nanoTime() - startNanos) / 1e9);
        }

        private void say(String line) {
            options.progress().accept(line);
        }
    }
}
