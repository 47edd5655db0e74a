package io.carryall.core.record;

import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;

/** Names one page: scan and number, within folder and pass. */
public record PageRef(PassId pass, FolderKey folder, String scan, int seq) {}
