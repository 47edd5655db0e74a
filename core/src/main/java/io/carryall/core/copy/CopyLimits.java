package io.carryall.core.copy;

/**
 * The bounds of copying into one folder.
 *
 * @param groupItemsMax    messages of one group (of one MULTIAPPEND)
 * @param groupBytesMax    bytes of one group by the sizes that the source announced; a larger message goes alone
 * @param quarantineMillis how long "absent" is not believed: longer than a server, or a kernel between us, may still carry out what it had received
 * @param leaseMillis      the length of a lease
 * @param attemptsMax      how often in a row something that may pass by itself is tried before its pages are parked
 * @param backoffMillis    the wait before the second attempt; doubled for each further one
 * @param looksMax         how often a folder is looked at before what stays unclear is called ambiguous
 * @param epochGroupsMax   after so many groups the lease is taken anew, so that the intents of an epoch stay one small partition
 */
public record CopyLimits(int groupItemsMax, long groupBytesMax, long quarantineMillis, long leaseMillis, int attemptsMax, long backoffMillis, int looksMax, int epochGroupsMax) {
    /** With what operators do not set. */
    public static CopyLimits usual(int groupItemsMax, long groupBytesMax, long quarantineMillis, long leaseMillis) {
        return new CopyLimits(groupItemsMax, groupBytesMax, quarantineMillis, leaseMillis, 5, 1_000, 6, 1_000);
    }

    long backoff(int attempt, long askedMillis) {
        return Math.max(askedMillis, backoffMillis << Math.min(attempt - 1, 6));
    }
}
