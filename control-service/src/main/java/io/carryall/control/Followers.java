package io.carryall.control;

import io.carryall.core.port.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Commands that follow a migration, so that it can be said how they stand, and they can be asked to stop between passes, too. In memory: whoever goes on following says so again within seconds, to whichever control-service answers.
 * Thread-safe.
 */
public final class Followers {
    private static final long SILENT_MILLIS = 20_000;
    private static final int FOLLOWERS_MAX = 1_000;

    private final Clock clock;
    private final Map<String, Follower> followers = new HashMap<>();

    private record Follower(String id, String told, boolean stop, long heardMillis) {}

    public Followers(Clock clock) {
        this.clock = clock;
    }

    /**
     * A follower says how it stands.
     *
     * @param told JSON
     * @return whether it is to stop
     */
    public synchronized boolean heard(String migration, String id, String told) {
        forgetSilent();
        Follower known = followers.get(migration);
        boolean stop = known != null && known.id.equals(id) && known.stop;
        if (known != null || followers.size() < FOLLOWERS_MAX) {
            followers.put(migration, new Follower(id, told, stop, clock.monotonicMillis()));
        }
        return stop;
    }

    public synchronized void left(String migration, String id) {
        followers.computeIfPresent(migration, (same, follower) -> follower.id.equals(id) ? null : follower);
    }

    /** How the follower of this migration stands, as it said itself. Empty where nobody follows it. */
    public synchronized Optional<String> told(String migration) {
        forgetSilent();
        return Optional.ofNullable(followers.get(migration)).map(Follower::told);
    }

    /** False where nobody follows it. */
    synchronized boolean askToStop(String migration) {
        forgetSilent();
        return followers.computeIfPresent(migration, (same, follower) -> new Follower(follower.id, follower.told, true, follower.heardMillis)) != null;
    }

    private void forgetSilent() {
        followers.values().removeIf(follower -> clock.monotonicMillis() - follower.heardMillis > SILENT_MILLIS);
    }
}
