package io.carryall.scanner;

import io.carryall.core.fold.UidSet;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.Fingerprinter;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.migration.MigrationSpec.RevisedPolicy;
import io.carryall.core.port.Items;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.MailException;
import io.carryall.core.port.SourceSession;
import io.carryall.core.record.PipelineRecord.Warning;
import io.carryall.core.rekey.Revisions;
import io.carryall.core.rekey.Revisions.Draft;
import io.carryall.core.rekey.Revisions.Revision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the drafts of one folder that were edited since they were copied, before the folder is enumerated. May be broken off at any point and repeated. For one thread, once. */
final class DraftRevisions {
    private static final int TOLD_MAX = 100;

    private final Scanner.Parts parts;
    private final PassId pass;
    private final String scan;
    private final FolderKey key;
    private final RevisedPolicy policy;

    DraftRevisions(Scanner.Parts parts, PassId pass, String scan, FolderKey key, RevisedPolicy policy) {
        this.parts = parts;
        this.pass = pass;
        this.scan = scan;
        this.key = key;
        this.policy = policy;
    }

    /** @param path how warnings name the folder */
    List<Warning> run(SourceSession session, String rawName, String path) throws MailException {
        Items items = parts.ledger().items();
        Map<Long, String> noted = new HashMap<>();
        items.forEachMessageId(key, noted::put);
        UidSet present = new UidSet();
        session.enumerate(rawName, key.serverUidValidity(), 1, item -> present.add(item.uid()));
        List<Draft> met = new ArrayList<>();
        long next = noted.keySet().stream().mapToLong(Long::longValue).max().orElse(0) + 1;
        session.enumerateHeaders(rawName, key.serverUidValidity(), next, (item, lines) -> meet(met, item, lines));

        Set<Long> asked = new HashSet<>(noted.keySet());
        met.forEach(draft -> asked.add(draft.item().uid()));
        Map<Long, Facts> facts = items.facts(key, asked);
        List<Draft> fresh = met.stream().filter(draft -> !isDone(facts, draft.item().uid())).toList();
        List<Revision> revisions = Revisions.of(fresh, noted, uid -> isDone(facts, uid), present::contains);
        if (policy == RevisedPolicy.LEAVE) {
            items.seen(key, scan, revisions.stream().map(revision -> revision.draft().item()).toList());
            items.done(key, revisions.stream().map(revision -> left(revision, facts.get(revision.formerUid()).done())).toList());
        }
        // Noted last: what is noted is not looked at again.
        Map<Long, String> ids = new HashMap<>();
        met.forEach(draft -> ids.put(draft.item().uid(), draft.messageId()));
        items.messageIds(key, ids);
        return told(revisions, path);
    }

    private static void meet(List<Draft> met, SourceItem item, byte[] lines) {
        Fingerprinter.Result result = Fingerprinter.ofHeaderLines(lines, item.dateEpochSecond());
        if (result.messageId() != null && !result.messageId().isEmpty()) {
            met.add(new Draft(item, result.messageId(), result.fingerprint().headers()));
        }
    }

    private static boolean isDone(Map<Long, Facts> facts, long uid) {
        return facts.containsKey(uid) && facts.get(uid).done() != null;
    }

    /** By its own size, date and headers it is recognised should its folder be restored. */
    private Done left(Revision revision, Done former) {
        SourceItem item = revision.draft().item();
        Fingerprint print = new Fingerprint(item.sizeBytes(), item.dateEpochSecond(), revision.draft().headers(), former.fingerprint().content());
        return new Done(item.uid(), pass, How.REVISED, print, former.target(), former.targetUidValidity(), former.targetUid(), former.flags(), former.dropped());
    }

    private List<Warning> told(List<Revision> revisions, String path) {
        List<Warning> told = new ArrayList<>();
        for (Revision revision : revisions.subList(0, Math.min(revisions.size(), TOLD_MAX))) {
            long uid = revision.draft().item().uid();
            told.add(policy == RevisedPolicy.LEAVE
                    ? new Warning(path, uid, "revised", "it is a newer state of UID " + revision.formerUid() + ", which was copied and is gone from the source; the first copy is left as it is")
                    : new Warning(path, revision.formerUid(), "superseded", "UID " + uid + " is its newer state and is copied too; the first copy stays on the target until somebody deletes it"));
        }
        if (revisions.size() > TOLD_MAX) {
            told.add(new Warning(path, 0, policy == RevisedPolicy.LEAVE ? "revised" : "superseded", (revisions.size() - TOLD_MAX) + " more than are listed"));
        }
        return told;
    }
}
