package io.carryall.core.migration;

import io.carryall.core.item.PairName;
import java.util.List;
import java.util.Objects;

/**
 * A migration as its file said when a pass began: one source, one target, the pairs, and what is to be left out. A pass keeps it unchanged to its end.
 *
 * @param migration         the migration's name
 * @param allowSharedTarget whether two sources may go into one target mailbox
 * @param mailboxes         the pairs in the order of the list
 */
public record MigrationSpec(
        String migration,
        MailServer source,
        MailServer target,
        Filter filter,
        FolderMap folders,
        FlagsPolicy flags,
        RevisedPolicy revised,
        RenamesPolicy renames,
        boolean allowSharedTarget,
        Limits limits,
        List<MailboxPair> mailboxes) {

    public MigrationSpec {
        Objects.requireNonNull(migration, "migration");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(target, "target");
        filter = filter == null ? Filter.EVERYTHING : filter;
        folders = folders == null ? FolderMap.NONE : folders;
        flags = flags == null ? FlagsPolicy.COPY : flags;
        revised = revised == null ? RevisedPolicy.LEAVE : revised;
        renames = renames == null ? RenamesPolicy.FOLLOW : renames;
        limits = limits == null ? Limits.DEFAULT : limits;
        mailboxes = mailboxes == null ? List.of() : List.copyOf(mailboxes);
    }

    /** What identifies this pair's ledger, in whatever migration it stands. */
    public PairName nameOf(MailboxPair pair) {
        return new PairName(source.system(), pair.source(), target.system(), pair.target());
    }

    /** The same migration over a part of its list. */
    public MigrationSpec withMailboxes(List<MailboxPair> part) {
        return new MigrationSpec(migration, source, target, filter, folders, flags, revised, renames, allowSharedTarget, limits, part);
    }

    /** What happens to changed flags of items that were copied before. */
    public enum FlagsPolicy {
        COPY, FOLLOW
    }

    /** What happens to drafts that were edited after they were copied. */
    public enum RevisedPolicy {
        LEAVE, COPY
    }

    /** What happens to folders that were renamed on the source. */
    public enum RenamesPolicy {
        FOLLOW, COPY
    }
}
