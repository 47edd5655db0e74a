package io.carryall.scanner;

import io.carryall.core.item.Reason;
import io.carryall.core.migration.MigrationSpec.FlagsPolicy;
import io.carryall.core.migration.MigrationSpec.RenamesPolicy;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.MailException;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.SourceSession.Listing;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.scan.ScanPlan;
import io.carryall.core.scan.ScanPlan.Planned;
import io.carryall.runtime.Acquired;
import io.carryall.runtime.PassContext;
import io.carryall.runtime.Pooled;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether nothing changed in a pair, told from one look at its source and from what the ledger knew of it a moment before. Whatever else there may be (something to do, a server that is slow or away, a folder under another name) is left
 * to a scan: so the work on a pair never holds up those that are looked at after it. A server that takes a connection and then says nothing is waited for once: the pairs after that one are left to scans without a look, since all pairs
 * of a pass have the same source. For one record of pairs, and for one thread.
 */
final class FirstLook {
    private static final Duration WAIT_FOR_ROOM = Duration.ofSeconds(1);

    private final Scanner.Parts parts;
    private final PassContext pass;
    private boolean silent;

    FirstLook(Scanner.Parts parts, PassContext pass) {
        this.parts = parts;
        this.pass = pass;
    }

    /** @param scan its id; empty where the pair is to be scanned */
    Optional<ScanEnd> at(PassPair pair, List<Folder> known, List<Watermark> watermarks, String scan) {
        boolean mayStand = !silent && !pair.full() && !watermarks.isEmpty();
        return (mayStand ? listing(pair) : Optional.<Listing>empty()).flatMap(listing -> decide(pair, listing, known, watermarks, scan));
    }

    private Optional<Listing> listing(PassPair pair) {
        Acquired<SourceSession> acquired = parts.connections().source(pass, pair, WAIT_FOR_ROOM);
        if (!(acquired instanceof Acquired.Open<SourceSession> open)) {
            silent = acquired instanceof Acquired.Unavailable<SourceSession> unavailable && unavailable.reason() == Reason.TIMEOUT;
            return Optional.empty();
        }
        Pooled<SourceSession> connection = open.connection();
        MailException failure = null;
        boolean sound = false;
        try {
            Listing listing = connection.session().listing();
            sound = true;
            return Optional.of(listing);
        } catch (MailException e) {
            failure = e;
            silent = e.kind() == MailException.Kind.TIMEOUT;
            return Optional.empty();
        } finally {
            if (sound) {
                connection.close();
            } else {
                connection.broken(failure);
            }
        }
    }

    private Optional<ScanEnd> decide(PassPair pair, Listing listing, List<Folder> known, List<Watermark> watermarks, String scan) {
        ScanPlan.Known all = new ScanPlan.Known(listing.folders(), listing.statuses(), pass.folderFilter(), pass.spec().folders(), known, watermarks, pass.filterHash(), Map.of(),
                pass.spec().flags() == FlagsPolicy.FOLLOW);
        return ScanPlan.unchanged(all, pass.spec().renames() != RenamesPolicy.COPY).map(plan -> new ScanEnd(pass.id(), pair.pair(), pair.generation(), scan, List.of(),
                plan.folders().stream().map(Planned::id).toList(), plan.excluded(), plan.warnings(), null, plan.standing()));
    }
}
