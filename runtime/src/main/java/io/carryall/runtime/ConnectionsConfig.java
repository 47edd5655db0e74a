package io.carryall.runtime;

/**
 * @param idleMillis how long a session that nobody uses stays open
 * @param instances  how many processes share each host: every one of them takes this part of the migration's limits
 */
public record ConnectionsConfig(long idleMillis, int instances) {
    public static final ConnectionsConfig DEFAULT = new ConnectionsConfig(20_000, 1);

    public ConnectionsConfig {
        if (idleMillis < 0 || instances < 1) {
            throw new IllegalArgumentException("idleMillis is not negative, instances at least 1");
        }
    }
}
