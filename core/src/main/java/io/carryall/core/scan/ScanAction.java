package io.carryall.core.scan;

/** What a scan does with one folder. */
public sealed interface ScanAction {

    /** It stands where its watermark stands. */
    record Skip() implements ScanAction {}

    /** It only grew since its watermark: what stood there then is settled. */
    record FromUid(long uid) implements ScanAction {}

    /** Enumerate and compare. */
    record All() implements ScanAction {}
}
