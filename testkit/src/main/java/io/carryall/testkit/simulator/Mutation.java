package io.carryall.testkit.simulator;

/** Something that Carryall must not do, done on purpose, to show that the simulator notices. Only the simulated world does it; no code of ours knows of it. */
public enum Mutation {
    NONE,
    /** A group is appended without its intent. */
    NO_INTENT,
    /** The committing bytes go out whatever became of the lease. */
    NO_LEASE_CHECK,
    /** The committing bytes go out under whatever lease the process holds by then. */
    ANY_LEASE,
    /** What one look does not find is absent. */
    NO_QUARANTINE,
    /** Target UIDs are not claimed. */
    NO_CLAIMS,
    /** The last fact wins, not the first. */
    FACTS_OVERWRITTEN,
    /** A page's record is let go of when it arrives. */
    EARLY_ACKNOWLEDGEMENT,
    /** A folder is recognised under new UIDs while something is on its way from it. */
    REKEYED_IN_DOUBT,
    /** A look says that nothing changed though a folder's watermark is of another filter. */
    LOOK_UNDER_ANY_FILTER,
    /** That nothing changed is written down from what the ledger knows, before the mailbox was looked at. */
    STANDING_BEFORE_THE_LOOK,
    /** Pages that came together are let go of when the first of them is durable. */
    RUN_BY_ITS_FIRST_PAGE,
    /** A watermark says where a folder stood when its scan was through. */
    STATUS_AFTER_THE_SCAN,
    /** What was only seen is noted as done. */
    SUMMARY_OF_WHAT_WAS_SEEN,
    /** A folder under another name is a new one. */
    FOLDER_BY_ITS_NAME
}
