package io.carryall.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.carryall.core.fold.FolderCounts;
import io.carryall.core.fold.Forecast;
import io.carryall.core.fold.RateMeter.Rates;
import java.util.List;

/**
 * How a pass that runs gets along: for eyes.
 *
 * @param forecast when it will be through; null while nobody can tell
 * @param beside   passes of other migrations that have some of its mailboxes at the same time
 * @param going    the mailboxes that are being worked on, the first {@value #GOING_MAX} of them
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record PassProgress(Forecast forecast, List<Beside> beside, Scan scan, Register register, Copy copy, Recorded record, List<Going> going) {
    static final int GOING_MAX = 100;
    static final PassProgress NONE = new PassProgress(null, List.of(), new Scan(0, 0), new Register(0, 0, 0, 0), new Copy(0, 0, Rates.NONE), new Recorded(0, 0), List.of());

    record Beside(String migration, int pass, int mailboxes) {}

    /** Mailboxes walked over, items found. */
    record Scan(int mailboxes, long items) {}

    /** Items looked up in the ledger: what came of that. */
    record Register(long toCopy, long toCopyBytes, long alreadyThere, long excluded) {}

    record Copy(long items, long bytes, Rates rates) {}

    /** Items of which the ledger says how they ended. */
    record Recorded(long items, long failed) {}

    /** One mailbox. @param step that it has come to: scan, copy */
    record Going(String source, String target, String kind, String step, long found, long settled, long copied, long bytes, long failed, Rates rates, Forecast forecast) {

        static Going of(String source, String target, String kind, String step, FolderCounts counts, Rates rates, Forecast forecast) {
            return new Going(source, target, kind, step, counts.found(), counts.found() - counts.pending(), counts.migrated(), counts.bytes(), counts.failed(), rates, forecast);
        }
    }

    static Copy copy(FolderCounts counts, Rates rates) {
        return new Copy(counts.migrated(), counts.bytes(), rates);
    }

    static Recorded recorded(FolderCounts counts) {
        return new Recorded(counts.found() - counts.pending(), counts.failed());
    }
}
