package io.carryall.control;

import io.carryall.core.port.Clock;
import java.util.Comparator;
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

    private record Follower(String migration, String told, boolean stop, long heardMillis) {}

    public Followers(Clock clock) {
        this.clock = clock;
    }

    /**
     * A follower says how it stands.
     *
     * @param id   of the follower: where nobody keeps them from it, two may follow one migration
     * @param told JSON
     * @return whether it is to stop
     */
    public synchronized boolean heard(String migration, String id, String told) {
        forgetSilent();
        Follower known = followers.get(id);
        boolean stop = known != null && known.migration.equals(migration) && known.stop;
        if (known != null || followers.size() < FOLLOWERS_MAX) {
            followers.put(id, new Follower(migration, told, stop, clock.monotonicMillis()));
        }
        return stop;
    }

    public synchronized void left(String migration, String id) {
        followers.computeIfPresent(id, (same, follower) -> follower.migration.equals(migration) ? null : follower);
    }

    /** How the follower of this migration stands that was heard last, as it said itself. Empty where nobody follows it. */
    public synchronized Optional<String> told(String migration) {
        forgetSilent();
        return followers.values().stream().filter(follower -> follower.migration.equals(migration)).max(Comparator.comparingLong(Follower::heardMillis)).map(Follower::told);
    }

    /** All that follow it. False where nobody does. */
    synchronized boolean askToStop(String migration) {
        forgetSilent();
        boolean[] any = new boolean[1];
        followers.replaceAll((id, follower) -> {
            boolean meant = follower.migration.equals(migration);
            any[0] |= meant;
            return meant ? new Follower(migration, follower.told, true, follower.heardMillis) : follower;
        });
        return any[0];
    }

    private void forgetSilent() {
        followers.values().removeIf(follower -> clock.monotonicMillis() - follower.heardMillis > SILENT_MILLIS);
    }
}
