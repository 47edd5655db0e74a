package io.carryall.core.record;

/**
 * A folder at one moment, as STATUS tells it (RFC 9051, 6.3.11).
 *
 * @param modSeq    HIGHESTMODSEQ (RFC 7162), 0 where the server has none
 * @param mailboxId MAILBOXID (RFC 8474), which outlives renames; null where the server has none, and in all that is kept: the folder's row has it
 */
public record FolderStatus(long uidValidity, long uidNext, long modSeq, long messages, String mailboxId) {
    public FolderStatus(long uidValidity, long uidNext, long modSeq, long messages) {
        this(uidValidity, uidNext, modSeq, messages, null);
    }
}
