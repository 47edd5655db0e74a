package io.carryall.core.migration;

import java.util.Objects;

/**
 * A line of the mailbox list.
 *
 * @param source       the source mailbox's address
 * @param target       the target mailbox's address
 * @param sourceUser   the name that logs in (or is acted for) at the source; the address where the list gives none
 * @param targetUser   the same at the target
 * @param sourceSecret reference to the source mailbox's password; null where an administrator logs in
 * @param targetSecret the same for the target
 */
public record MailboxPair(String source, String target, String sourceUser, String targetUser, String sourceSecret, String targetSecret) {

    public MailboxPair {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(target, "target");
        sourceUser = sourceUser == null ? source : sourceUser;
        targetUser = targetUser == null ? target : targetUser;
    }
}
