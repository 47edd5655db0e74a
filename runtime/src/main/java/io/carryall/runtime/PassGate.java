package io.carryall.runtime;

import io.carryall.core.item.PassId;
import io.carryall.core.port.Clock;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Passes.PassState;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whether a pass may go on. That it may can be a second old: what must not happen after a pause is decided at the ledger, not here. That it may not is never believed from memory: a pass that was just resumed publishes its records
 * once, and who passed them over would have them lost. Thread-safe.
 */
public final class PassGate {
    private static final int HELD_MAX = 256;
    private static final long FRESH_MILLIS = 1_000;

    private final Ledger ledger;
    private final Clock clock;
    private final Map<PassId, Long> open = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PassId, Long> eldest) {
            return size() > HELD_MAX;
        }
    };

    public PassGate(Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** True while the pass is RUNNING. */
    public boolean isOpen(PassId pass) {
        long now = clock.monotonicMillis();
        synchronized (open) {
            Long seenMillis = open.get(pass);
            if (seenMillis != null && now - seenMillis < FRESH_MILLIS) {
                return true;
            }
        }
        boolean running = ledger.passes().get(pass).filter(row -> row.state() == PassState.RUNNING).isPresent();
        synchronized (open) {
            if (running) {
                open.put(pass, now);
            } else {
                open.remove(pass);
            }
        }
        return running;
    }
}
