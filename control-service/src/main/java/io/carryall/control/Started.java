package io.carryall.control;

import io.carryall.core.item.PassId;
import java.util.List;

/** What came of asking for a pass. */
public sealed interface Started {

    /** @param resumed whether it had begun before */
    record Pass(PassId id, boolean full, boolean resumed) implements Started {}

    /** Somebody lives who drives a pass of this migration. */
    record Running(String detail) implements Started {}

    /** The newest pass has come to its end, or there is none. */
    record NothingToResume(String detail) implements Started {}

    record Wrong(List<String> errors) implements Started {}
}
