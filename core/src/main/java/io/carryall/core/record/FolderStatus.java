package io.carryall.core.record;

/**
 * A folder at one moment, as STATUS tells it (RFC 9051, 6.3.11).
 *
 * @param modSeq HIGHESTMODSEQ (RFC 7162), 0 where the server has none
 */
public record FolderStatus(long uidValidity, long uidNext, long modSeq, long messages) {}
