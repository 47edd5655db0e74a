package io.carryall.runtime;

import io.carryall.core.item.PassId;
import io.carryall.core.migration.FolderFilter;
import io.carryall.core.migration.ItemFilter;
import io.carryall.core.migration.MigrationSpec;

/** What a pass keeps from its start to its end; what follows from it is made once, since each mailbox asks for it. Immutable. */
public final class PassContext {
    private final PassId id;
    private final MigrationSpec spec;
    private final boolean full;
    private final boolean adopt;
    private final ItemFilter itemFilter;
    private final FolderFilter folderFilter;
    private final String filterHash;

    /**
     * @param spec  without its list of mailboxes
     * @param adopt whether it first takes into the ledger what is on the target already
     */
    public PassContext(PassId id, MigrationSpec spec, boolean full, boolean adopt) {
        this.id = id;
        this.spec = spec;
        this.full = full;
        this.adopt = adopt;
        this.itemFilter = spec.filter().onItems();
        this.folderFilter = spec.filter().onFolders();
        this.filterHash = itemFilter.hash();
    }

    public PassId id() {
        return id;
    }

    public MigrationSpec spec() {
        return spec;
    }

    public boolean full() {
        return full;
    }

    public boolean adopt() {
        return adopt;
    }

    public ItemFilter itemFilter() {
        return itemFilter;
    }

    public FolderFilter folderFilter() {
        return folderFilter;
    }

    /** Names the filter on items in watermarks. */
    public String filterHash() {
        return filterHash;
    }
}
