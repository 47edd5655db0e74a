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

    /** Enumerate it whole. */
    record All() implements ScanAction {}

    /** Enumerate it whole, once it is sure that its UIDs still name what they named: what the server tells of it is not what follows from the watermark, or there is none. */
    record Compare() implements ScanAction {}

    /** Its UIDVALIDITY is another one: recognise its items, then enumerate it whole. */
    record Rekey() implements ScanAction {}
}
