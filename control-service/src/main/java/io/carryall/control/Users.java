package io.carryall.control;

import io.carryall.core.port.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The commands that use this stack. The embedded stack stops with the last of them, unless it was started, or joined, by {@code up}. A user that is silent for {@value #SILENT_MILLIS} ms, or on the same machine whose process has ended,
 * is gone. Thread-safe.
 */
public final class Users implements AutoCloseable {
    /** Long: the end of its process is noticed at once, and a command that was stopped for a while, or a busy machine, is no reason to end a pass. */
    private static final long SILENT_MILLIS = 300_000;
    /** The command that started the stack joins it once it is ready, which takes a busy machine its time. */
    private static final long FIRST_USER_MILLIS = 180_000;
    private static final long LOOK_MILLIS = 1_000;
    private static final int USERS_MAX = 1_000;

    private final Clock clock;
    private final StackLife life;
    private final Map<String, User> users = new LinkedHashMap<>();
    private final ScheduledExecutorService looks;
    private final long startedMillis;
    private long next = 1;
    private boolean hadUsers;
    private boolean stays;
    private boolean stopping;

    /** @param command what it does, for people */
    public record User(String id, long pid, String command, long heardMillis) {}

    public Users(Clock clock, StackLife life) {
        this.clock = clock;
        this.life = life;
        this.stays = life.stays();
        this.startedMillis = clock.monotonicMillis();
        this.looks = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "carryall-users");
            thread.setDaemon(true);
            return thread;
        });
        if (life.isEmbedded()) {
            looks.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Empty when the stack is stopping, or has no room for one more. */
    public synchronized Optional<User> join(long pid, String command) {
        if (stopping || users.size() >= USERS_MAX) {
            return Optional.empty();
        }
        hadUsers = true;
        stays |= command.equals("up");
        User user = new User(Long.toString(next++), pid, command, clock.monotonicMillis());
        users.put(user.id(), user);
        return Optional.of(user);
    }

    /** False where it is not known (any more). */
    public synchronized boolean heartbeat(String id) {
        return users.computeIfPresent(id, (same, user) -> new User(id, user.pid(), user.command(), clock.monotonicMillis())) != null;
    }

    public synchronized void leave(String id) {
        users.remove(id);
        stopIfUnused();
    }

    public synchronized List<User> list() {
        return List.copyOf(users.values());
    }

    /**
     * Stops the stack, whoever uses it.
     *
     * @throws IllegalStateException if it is not the embedded one
     */
    public synchronized void stop() {
        if (!stopping) {
            life.stop();
            stopping = true;
        }
    }

    private synchronized void look() {
        long now = clock.monotonicMillis();
        users.values().removeIf(user -> now - user.heardMillis() > SILENT_MILLIS || ProcessHandle.of(user.pid()).filter(ProcessHandle::isAlive).isEmpty());
        stopIfUnused();
    }

    private void stopIfUnused() {
        boolean waited = hadUsers || clock.monotonicMillis() - startedMillis > FIRST_USER_MILLIS;
        if (life.isEmbedded() && users.isEmpty() && !stays && waited) {
            stop();
        }
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
