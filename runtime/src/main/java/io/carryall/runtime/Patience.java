package io.carryall.runtime;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one host asked us to wait, and who is to wait. A response code does not tell whether it is meant for one mailbox or for all (RFC 5530 has UNAVAILABLE for a subsystem, INUSE for a resource, LIMIT for any limit), so this is told from what happens:
 * all mailboxes wait, unless somebody was served since the same mailbox was put off before. Then it is a matter of this mailbox alone (it is broken, in use, or has as many connections as the server gives it), and it is tried less and less often.
 * Remembers the last {@value #HELD_MAX} mailboxes that were put off. Not thread-safe: the owner's lock guards it.
 */
final class Patience {
    private static final int HELD_MAX = 10_000;
    private static final long MILLIS_DEFAULT = 5_000;
    private static final long MILLIS_MAX = 15 * 60_000;
    private static final long OWN_MILLIS_MAX = 60_000;

    private final Map<String, PutOff> putOff = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, PutOff> eldest) {
            return size() > HELD_MAX;
        }
    };
    private long served;

    private static final class PutOff {
        private int times;
        private long servedBefore = Long.MAX_VALUE;
        private long notBeforeMillis;
    }

    /** @param ofAll whether all of the host's mailboxes are to wait for these {@code millis} */
    record Wait(long millis, boolean ofAll) {}

    /** @param namedMillis what the server asked for, 0 where it named no time */
    Wait asked(String mailbox, long namedMillis, long nowMillis) {
        PutOff own = putOff.computeIfAbsent(mailbox, none -> new PutOff());
        boolean ofAll = served <= own.servedBefore;
        own.servedBefore = served;
        own.times = Math.min(own.times + 1, 10);
        long named = Math.min(MILLIS_MAX, namedMillis);
        long ownMillis = named > 0 ? named : Math.min(OWN_MILLIS_MAX, MILLIS_DEFAULT << own.times - 1);
        long allMillis = named > 0 ? named : MILLIS_DEFAULT;
        // Behind the others, so that it shows whether they are served.
        own.notBeforeMillis = nowMillis + (ofAll ? Math.max(ownMillis, allMillis + MILLIS_DEFAULT) : ownMillis);
        return ofAll ? new Wait(allMillis, true) : new Wait(ownMillis, false);
    }

    /** How long a mailbox has to wait for another connection. */
    long leftMillis(String mailbox, long nowMillis) {
        PutOff own = putOff.get(mailbox);
        return own == null ? 0 : Math.max(0, own.notBeforeMillis - nowMillis);
    }

    /** Of this mailbox itself it says nothing yet: many servers let in, and put off the first command. */
    void loggedIn(String mailbox) {
        served++;
        PutOff own = putOff.get(mailbox);
        if (own != null) {
            own.servedBefore++;
        }
    }

    /** A connection came back sound. */
    void served(String mailbox) {
        served++;
        PutOff own = putOff.get(mailbox);
        if (own != null) {
            own.times = 0;
        }
    }
}
