package io.carryall.core.copy;

import io.carryall.core.item.Reason;
import io.carryall.core.record.PipelineRecord.CopyPage;
import java.util.function.Predicate;

/** What the outcome of one group means for the folder as a whole. */
sealed interface Verdict {
    /** Nothing: the group has come to its end, or will be tried again in other groups. */
    record GoOn() implements Verdict {}

    /** These pages will get nowhere for now. */
    record SetAside(Predicate<CopyPage> pages, Reason reason, String detail) implements Verdict {}

    /**
     * It may pass by itself.
     *
     * @param pages       to be set aside when it has failed too often
     * @param askedMillis how long the server asked to wait, or 0
     */
    record TryLater(Predicate<CopyPage> pages, Reason reason, String detail, long askedMillis) implements Verdict {}

    /** There is no such folder on the target. */
    record MakeFolder() implements Verdict {}

    /** Committing bytes may have left: nothing more goes to this folder before it is known what became of them. */
    record Settle() implements Verdict {}
}
