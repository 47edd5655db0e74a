package io.carryall.runtime;

import io.carryall.core.item.PassId;
import io.carryall.core.port.Clock;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Passes.PassState;
import java.util.LinkedHashMap;
import java.util.Map;

/** Whether a pass may go on. The answer may be a second old: what must not happen after a pause is decided at the ledger, not here. Thread-safe. */
public final class PassGate {
    private static final int HELD_MAX = 256;
    private static final long FRESH_MILLIS = 1_000;

    private final Ledger ledger;
    private final Clock clock;
    private final Map<PassId, Answer> held = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PassId, Answer> eldest) {
            return size() > HELD_MAX;
        }
    };

    private record Answer(boolean running, long atMillis) {}

    public PassGate(Ledger ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /** True while the pass is RUNNING. */
    public boolean isOpen(PassId pass) {
        long now = clock.monotonicMillis();
        synchronized (held) {
            Answer answer = held.get(pass);
            if (answer != null && now - answer.atMillis() < FRESH_MILLIS) {
                return answer.running();
            }
        }
        boolean running = ledger.passes().get(pass).filter(row -> row.state() == PassState.RUNNING).isPresent();
        synchronized (held) {
            held.put(pass, new Answer(running, now));
        }
        return running;
    }
}
