package io.carryall.core.port;

import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.record.PageRef;
import io.carryall.core.record.PipelineRecord.CopyPage;
import java.time.Instant;
import java.util.List;

/** Page rows: the to-do of the copiers. Kafka only carries it. */
public interface Pages {
    /** Registers the page, open, or settled at once where it has no item to copy. A page that is there keeps its state. */
    void put(CopyPage page);

    /** Each of its items has a durable outcome. */
    void settled(PageRef page);

    /** Set aside: not to be tried before {@code until}. Overwrites an earlier parking; a settled page stays settled. */
    void park(PageRef page, Instant until, Reason reason, String detail);

    /** All pages of one folder that one scan found, in their order. */
    List<Page> of(PassId pass, FolderKey folder, String scan);

    /** @param parked null where it is not parked */
    record Page(CopyPage page, boolean settled, Parked parked) {}

    record Parked(Instant until, Reason reason, String detail) {}
}
