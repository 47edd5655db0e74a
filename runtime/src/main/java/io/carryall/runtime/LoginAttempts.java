package io.carryall.runtime;

import io.carryall.core.item.PassId;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps accounts from being locked: who was refused is not tried again in the same pass, and who never got in yet is tried by one at a time. An administrator may be refused for a single mailbox, so it is given up only after
 * {@value #ADMIN_REFUSALS_MAX} refusals without one success. Remembers the last {@value #HELD_MAX}. Not thread-safe: the owner's lock guards it.
 */
final class LoginAttempts {
    private static final int HELD_MAX = 50_000;
    private static final int ADMIN_REFUSALS_MAX = 3;

    /** @param admin null where the mailbox logs in for itself */
    record Who(PassId pass, Side side, String mailbox, String admin) {
        Who adminAlone() {
            return admin == null ? this : new Who(pass, side, "", admin);
        }
    }

    private static final class State {
        private boolean trying;
        private boolean succeeded;
        private int refusals;
        private String detail;
    }

    private final Map<Who, State> states = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Who, State> eldest) {
            return size() > HELD_MAX;
        }
    };

    /** Why it is not to be tried any more, or null. */
    String refusal(Who who) {
        State own = states.get(who);
        if (own != null && own.refusals > 0) {
            return own.detail;
        }
        State admin = states.get(who.adminAlone());
        return admin != null && !admin.succeeded && admin.refusals >= ADMIN_REFUSALS_MAX ? admin.detail : null;
    }

    /** Whether somebody else is finding out right now if this login is good. */
    boolean isBeingTried(Who who) {
        State state = states.get(who.adminAlone());
        return state != null && state.trying && !state.succeeded;
    }

    void begin(Who who) {
        state(who.adminAlone()).trying = true;
    }

    void succeeded(Who who) {
        State state = state(who.adminAlone());
        state.trying = false;
        state.succeeded = true;
    }

    void refused(Who who, String detail) {
        State admin = state(who.adminAlone());
        admin.trying = false;
        admin.refusals++;
        admin.detail = detail;
        if (who.admin() != null) {
            State own = state(who);
            own.refusals++;
            own.detail = detail;
        }
    }

    /** Nothing was learnt of the login. */
    void ended(Who who) {
        state(who.adminAlone()).trying = false;
    }

    private State state(Who who) {
        return states.computeIfAbsent(who, key -> new State());
    }
}
