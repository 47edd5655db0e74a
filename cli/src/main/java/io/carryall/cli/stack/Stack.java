package io.carryall.cli.stack;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A stack that this command uses: the embedded one, where it is registered as a user until closed, or an installed one. */
public final class Stack implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(180);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(150);
    private static final Duration JOINING = Duration.ofSeconds(2);
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofSeconds(20);
    private static final Duration UNREADY = Duration.ofSeconds(60);
    private static final Duration END_PATIENCE = Duration.ofSeconds(40);
    private static final int MOST_ATTEMPTS = 5;

    private final ControlClient client;
    private final URI url;
    private final long pid;
    /** As it was when we joined: its number may be another process's after it. */
    private final Optional<ProcessHandle> process;
    private final String userId;
    private final Leaving leaving;
    private final ScheduledExecutorService heartbeats;

    /** How to leave: {@code stackFile} is gone once the stack begins to stop; who is in a hurry does not wait for its end. */
    private record Leaving(Path stackFile, BooleanSupplier hurry) {
    }

    private Stack(ControlClient client, URI url, long pid, String userId, Leaving leaving) {
        this.client = client;
        this.url = url;
        this.pid = pid;
        this.process = pid == 0 ? Optional.empty() : ProcessHandle.of(pid);
        this.userId = userId;
        this.leaving = leaving;
        this.heartbeats = userId == null ? null : Executors.newSingleThreadScheduledExecutor(Stack::daemon);
        if (heartbeats != null) {
            heartbeats.scheduleWithFixedDelay(this::beat, HEARTBEAT.toMillis(), HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "carryall-heartbeat");
        thread.setDaemon(true);
        return thread;
    }

    /** An installed Carryall. It counts no users. */
    public static Stack installed(URI server, String token) {
        return new Stack(new ControlClient(server, token), server, 0, null, null);
    }

    /**
     * Attaches to the embedded stack of that directory, and starts it first where none is running.
     *
     * @param command  who asks; a stack that was started by {@code up}, or joined by it, stays when its last user leaves
     * @param progress gets lines for the person who waits
     * @param hurry    whether to leave without waiting for the end of a stack that stops
     */
    public static Stack embedded(StateDirectory state, Path home, String command, Consumer<String> progress, BooleanSupplier hurry) throws StackFailure, InterruptedException {
        state.prepare();
        for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
            Optional<Stack> stack = attach(state, home, command, progress, hurry);
            if (stack.isPresent()) {
                return stack.get();
            }
            TimeUnit.SECONDS.sleep(1);
        }
        throw new StackFailure("the stack in " + state.path() + " stopped each time before it could be used: see " + state.standaloneLog());
    }

    /** Attaches to the embedded stack of that directory where one is running; starts none. */
    public static Optional<Stack> joined(StateDirectory state, String command, BooleanSupplier hurry) throws StackFailure, InterruptedException {
        Optional<StackFile> running = running(state);
        return running.isEmpty() ? Optional.empty() : join(running.get(), command, new Leaving(state.stackFile(), hurry));
    }

    /** Whether the stack of that directory was stopped by somebody, and not cut off: it takes its file along. */
    public static boolean wasStopped(StateDirectory state) {
        return !Files.exists(state.stackFile());
    }

    /** Empty where the stack began to stop between our look and our joining it: its last user had just left. */
    private static Optional<Stack> attach(StateDirectory state, Path home, String command, Consumer<String> progress, BooleanSupplier hurry) throws StackFailure, InterruptedException {
        try (FileMutex mutex = lock(state, progress)) {
            mutex.say("process " + ProcessHandle.current().pid());
            Optional<StackFile> running = running(state);
            StackFile stack = running.isPresent() ? running.get() : start(state, home, command.equals("up") ? "up" : "run", progress);
            return join(stack, command, new Leaving(state.stackFile(), hurry));
        } catch (IOException e) {
            throw new StackFailure("the state directory " + state.path() + " can't be used (" + e.getMessage() + "): name another one with --state DIR");
        }
    }

    private static FileMutex lock(StateDirectory state, Consumer<String> progress) throws IOException, StackFailure, InterruptedException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        // Joining takes a moment and is nothing to tell of; starting takes long.
        long tellFrom = System.nanoTime() + JOINING.toNanos();
        boolean told = false;
        while (true) {
            Optional<FileMutex> mutex = FileMutex.tryLock(state.stackLock());
            if (mutex.isPresent()) {
                return mutex.get();
            }
            if (System.nanoTime() > deadline) {
                throw new StackFailure("another command (" + FileMutex.holder(state.stackLock()) + ") has been starting the stack in " + state.path() + " for too long: end it, then try again");
            }
            if (!told && System.nanoTime() > tellFrom) {
                told = true;
                progress.accept("another command is starting the stack; waiting for it ...");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_INTERVAL.toMillis());
        }
    }

    /**
     * The stack that is ready. One that answers and is not ready is waited for: it has lost its Kafka or Cassandra for a moment, or is about to end. One that does not even answer is given a little time to end, and then is taken
     * for a process of somebody else's that got the old number.
     */
    static Optional<StackFile> running(StateDirectory state) throws StackFailure, InterruptedException {
        long silentUntil = System.nanoTime() + SILENCE.toNanos();
        long unreadyUntil = System.nanoTime() + UNREADY.toNanos();
        Optional<StackFile> file = StackFile.read(state);
        while (file.isPresent() && file.get().processLives()) {
            Answer answer = ask(file.get());
            if (answer == Answer.READY) {
                return file;
            }
            if (answer == Answer.SILENT && System.nanoTime() > silentUntil) {
                return Optional.empty();
            }
            if (System.nanoTime() > unreadyUntil) {
                throw new StackFailure("the stack (process " + file.get().pid() + ") runs but is not ready: see " + state.standaloneLog() + ", or stop it with carryall down");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_INTERVAL.toMillis());
            file = StackFile.read(state);
        }
        return Optional.empty();
    }

    private enum Answer {
        READY, UNREADY, SILENT
    }

    private static Answer ask(StackFile stack) throws InterruptedException {
        try {
            return new ControlClient(stack.url(), stack.token()).get("/q/health/ready").succeeded() ? Answer.READY : Answer.UNREADY;
        } catch (IOException e) {
            return Answer.SILENT;
        }
    }

    private static StackFile start(StateDirectory state, Path home, String startedBy, Consumer<String> progress) throws StackFailure, InterruptedException, IOException {
        Files.deleteIfExists(state.stackFile());
        deleteSecrets(state);
        progress.accept("starting the stack in " + state.path() + " ...");
        long begun = System.nanoTime();
        StackProcess process = StackProcess.start(home, state, startedBy);
        boolean ready = false;
        try {
            StackFile stack = awaitReady(state, process, new StartupLines(state.startupLog(), progress));
            ready = true;
            progress.accept(String.format("the stack is ready after %.1f s", (System.nanoTime() - begun) / 1e9));
            return stack;
        } finally {
            if (!ready) {
                process.stop();
            }
        }
    }

    private static StackFile awaitReady(StateDirectory state, StackProcess process, StartupLines lines) throws StackFailure, InterruptedException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (System.nanoTime() < deadline) {
            lines.look();
            Optional<StackFile> file = StackFile.read(state);
            if (file.isPresent() && ask(file.get()) == Answer.READY) {
                return file.get();
            }
            if (!process.lives()) {
                lines.look();
                String reason = lines.last().isEmpty() ? StartupLines.lastLineOf(state.standaloneLog()) : lines.last();
                throw new StackFailure("the stack did not start: " + (reason.isEmpty() ? "it ended without a word" : reason) + " (logs: " + state.logs() + ")");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_INTERVAL.toMillis());
        }
        throw new StackFailure("the stack was not ready after " + START_TIMEOUT.toSeconds() + " s; it last said: " + lines.last() + " (logs: " + state.logs() + ")");
    }

    /** Left behind by a command that was killed: without a stack nobody can need them. */
    private static void deleteSecrets(StateDirectory state) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(state.secrets(), "*.json*")) {
            for (Path file : left) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static Optional<Stack> join(StackFile stack, String command, Leaving leaving) throws InterruptedException {
        ControlClient client = new ControlClient(stack.url(), stack.token());
        String user = JsonNodeFactory.instance.objectNode().put("pid", ProcessHandle.current().pid()).put("command", command).toString();
        try {
            ControlClient.Reply reply = client.post("/api/users", user);
            return reply.succeeded() ? Optional.of(new Stack(client, stack.url(), stack.pid(), reply.body().path("id").asText(), leaving)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public ControlClient client() {
        return client;
    }

    public URI url() {
        return url;
    }

    /** 0 where it is not the embedded one. */
    public long pid() {
        return pid;
    }

    /** Whether the embedded stack's process is gone; false for an installed one, of which nothing is known. */
    public boolean gone() {
        return pid != 0 && process.filter(StackFile::runs).isEmpty();
    }

    private void beat() {
        try {
            client.put("/api/users/" + ControlClient.segment(userId));
        } catch (IOException e) {
            // the next one may arrive; who follows a pass notices for itself that the stack is gone
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Leaves the stack. If this was its last user it stops, and its end is waited for: who starts nothing more must find nothing left. */
    @Override
    public void close() {
        if (heartbeats == null) {
            return;
        }
        heartbeats.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            client.delete("/api/users/" + ControlClient.segment(userId));
            awaitEnd();
        } catch (IOException e) {
            // it is gone already, or will miss our heartbeats
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitEnd() throws InterruptedException {
        long deadline = System.nanoTime() + END_PATIENCE.toNanos();
        while (!Files.exists(leaving.stackFile()) && !gone() && !leaving.hurry().getAsBoolean() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }
}
