package io.carryall.control;

import io.carryall.core.item.PassId;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.migration.SpecChanges.Change;
import io.carryall.core.port.Passes.Pass;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The newest dry runs, in memory alone: each under the number that the migration's next pass would have. The oldest is forgotten first. Thread-safe. */
final class DryRuns {
    private final ControlParts parts;
    private final SourceLogins sources;
    private final Map<PassId, DryRun> runs;

    DryRuns(ControlParts parts, SourceLogins sources, int runsMax) {
        this.parts = parts;
        this.sources = sources;
        this.runs = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<PassId, DryRun> eldest) {
                return size() > runsMax;
            }
        };
    }

    /** @param whole the migration over its whole list */
    synchronized Started start(MigrationSpec spec, MigrationSpec whole) {
        Optional<Pass> newest = parts.ledger().passes().newest(spec.migration());
        PassId id = new PassId(spec.migration(), newest.map(pass -> pass.id().number()).orElse(0) + 1);
        DryRun running = runs.get(id);
        if (running != null && !running.told().isOver()) {
            return new Started.Running("a dry run of " + spec.migration() + " is running");
        }
        List<Change> changes = new Changes(parts.ledger().passes(), new KeptSpec()).since(newest, id.number(), whole, false).changes();
        DryRun run = new DryRun(parts, sources, id, spec, changes);
        runs.put(id, run);
        parts.thread("carryall-dry-run-" + id, run::run).start();
        return new Started.Pass(id, id.number() == 1, false, changes);
    }

    synchronized Optional<PassView> view(PassId id) {
        return Optional.ofNullable(runs.get(id));
    }

    synchronized boolean stop(PassId id) {
        DryRun run = runs.get(id);
        if (run != null) {
            run.stop();
        }
        return run != null;
    }
}
