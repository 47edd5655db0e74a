package io.carryall.runtime;

import io.carryall.core.item.PassId;
import io.carryall.core.migration.FolderFilter;
import io.carryall.core.migration.ItemFilter;
import io.carryall.core.migration.MigrationSpec;

/**
 * What a pass keeps from its start to its end.
 *
 * @param spec  without its list of mailboxes
 * @param adopt whether it first takes into the ledger what is on the target already
 */
public record PassContext(PassId id, MigrationSpec spec, boolean full, boolean adopt) {

    public ItemFilter itemFilter() {
        return spec.filter().onItems();
    }

    public FolderFilter folderFilter() {
        return spec.filter().onFolders();
    }

    /** Names the filter on items in watermarks. */
    public String filterHash() {
        return itemFilter().hash();
    }
}
