package io.carryall.core.scan;

/** What a scan does with one folder. */
public sealed interface ScanAction {

    /** It stands where its watermark stands. */
    record Skip() implements ScanAction {}

    /**
     * It only grew since its watermark, or not even that: what stood there then is settled.
     *
     * @param again some of it failed and may be tried again: that is queued by its key, not by walking over the folder
     */
    record FromUid(long uid, boolean again) implements ScanAction {}

    /** Enumerate and compare. */
    record All() implements ScanAction {}
}
