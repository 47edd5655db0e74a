package io.carryall.copier;

import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.Items.FollowedFlags;
import io.carryall.core.record.PageRef;
import java.util.List;

/** What happens, for metrics and for eyes. Called after the fact is durable; must not block for long and must not throw. */
interface CopierEvents {
    void recorded(FolderKey source, List<Done> items);

    void failed(FolderKey source, List<Failed> items);

    /** What is known of these items' flags was written. An item may come more than once: as what is to be carried, and as what came of it. */
    void flags(FolderKey source, List<FollowedFlags> items);

    void settled(PageRef page);

    void parked(PageRef page, Reason reason, String detail);

    /** An append was answered or not. {@code answer}: stored, refused, not-sent, in-doubt. */
    void appended(PassId pass, String answer, long nanos);

    void fetched(PassId pass, int items, long bytes, long nanos);

    /** A folder with open intents is being settled. */
    void settling(int intents);
}
