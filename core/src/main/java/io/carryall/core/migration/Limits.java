package io.carryall.core.migration;

/** How hard each side may be used. */
public record Limits(Side source, Side target) {

    public static final Limits DEFAULT = new Limits(null, null);

    public Limits {
        source = source == null ? Side.DEFAULT : source;
        target = target == null ? Side.DEFAULT : target;
    }

    /**
     * Limits towards one server. A component of zero takes its default.
     *
     * @param connections    to the host, by all who take part; 8 by default
     * @param perMailbox     to one mailbox; 2 by default
     * @param bytesPerSecond to or from the host; {@link #UNLIMITED} by default
     */
    public record Side(int connections, int perMailbox, long bytesPerSecond) {

        public static final long UNLIMITED = Long.MAX_VALUE;
        public static final Side DEFAULT = new Side(0, 0, 0);

        public Side {
            connections = connections == 0 ? 8 : connections;
            perMailbox = perMailbox == 0 ? 2 : perMailbox;
            bytesPerSecond = bytesPerSecond == 0 ? UNLIMITED : bytesPerSecond;
            if (connections < 0 || perMailbox < 0 || bytesPerSecond < 0) {
                throw new IllegalArgumentException("a limit is negative");
            }
        }
    }
}
