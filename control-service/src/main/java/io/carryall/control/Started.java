package io.carryall.control;

import io.carryall.core.item.PassId;
import io.carryall.core.migration.SpecChanges.Change;
import java.util.List;

/** What came of asking for a pass. */
public sealed interface Started {

    /**
     * @param resumed whether it had begun before
     * @param changes of the migration since the pass before; of one that is resumed: since it began, and they count from the next pass on
     */
    record Pass(PassId id, boolean full, boolean resumed, List<Change> changes) implements Started {
        Pass(PassId id, boolean full, boolean resumed) {
            this(id, full, resumed, List.of());
        }
    }

    /** Somebody lives who drives a pass of this migration. */
    record Running(String detail) implements Started {}

    /** The newest pass has come to its end, or there is none. */
    record NothingToResume(String detail) implements Started {}

    record Wrong(List<String> errors) implements Started {}
}
