package io.carryall.runtime;

import io.carryall.core.item.PassId;
import io.carryall.core.port.Ledger;
import io.carryall.json.MigrationJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The contexts of passes, read from the ledger once: a pass never changes them. Holds the last {@value #HELD_MAX}. Thread-safe. */
public final class PassContexts {
    private static final int HELD_MAX = 64;

    private final Ledger ledger;
    private final MigrationJson json = new MigrationJson();
    private final Map<PassId, PassContext> held = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PassId, PassContext> eldest) {
            return size() > HELD_MAX;
        }
    };

    public PassContexts(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Empty if the ledger knows no such pass. */
    public Optional<PassContext> get(PassId pass) {
        synchronized (held) {
            PassContext context = held.get(pass);
            if (context != null) {
                return Optional.of(context);
            }
        }
        Optional<PassContext> read = ledger.passes().get(pass).map(row -> new PassContext(pass, json.read(row.spec()), row.full(), json.isMarked(row.spec(), MigrationJson.ADOPT)));
        synchronized (held) {
            read.ifPresent(context -> held.put(pass, context));
        }
        return read;
    }
}
