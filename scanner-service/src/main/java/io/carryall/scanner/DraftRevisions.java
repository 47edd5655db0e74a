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
import java.util.Optional;
import java.util.Set;

/** Finds the drafts of one folder (on systems that give edited messages new ids anywhere: whatever is in it) that were edited since they were copied, before the folder is enumerated. Keeps what is new since the last time in memory. May be broken off at any point and repeated. For one thread, once. */
final class DraftRevisions {
    private static final int TOLD_MAX = 100;
    private static final int NOTED_AT_ONCE = 500;

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
        long[] newest = new long[1];
        items.forEachMessageId(key, (uid, id) -> newest[0] = Math.max(newest[0], uid));
        if (newest[0] == 0) {
            noteAll(session, rawName);
            return List.of();
        }
        List<Draft> met = new ArrayList<>();
        session.enumerateHeaders(rawName, key.serverUidValidity(), newest[0] + 1, (item, lines) -> draft(item, lines).ifPresent(met::add));
        Map<Long, String> namesakes = namesakes(met);
        UidSet present = new UidSet();
        if (!namesakes.isEmpty()) {
            session.enumerate(rawName, key.serverUidValidity(), 1, item -> present.add(item.uid()));
        }
        Set<Long> asked = new HashSet<>(namesakes.keySet());
        met.forEach(draft -> asked.add(draft.item().uid()));
        Map<Long, Facts> facts = items.facts(key, asked);
        List<Draft> fresh = met.stream().filter(draft -> !isDone(facts, draft.item().uid())).toList();
        // Without a namesake there is nothing that one of them could be the newer state of.
        List<Revision> revisions = namesakes.isEmpty() ? List.of() : Revisions.of(fresh, namesakes, uid -> isDone(facts, uid), present::contains);
        if (policy == RevisedPolicy.LEAVE) {
            items.seen(key, scan, revisions.stream().map(revision -> revision.draft().item()).toList());
            items.done(key, revisions.stream().map(revision -> left(revision, facts.get(revision.formerUid()).done())).toList());
        }
        // Noted last: what is noted is not looked at again.
        note(met);
        return told(revisions, path);
    }

    /** The first walk: nothing can be a newer state of anything yet. Streams, however large the folder is. */
    private void noteAll(SourceSession session, String rawName) throws MailException {
        List<Draft> met = new ArrayList<>();
        session.enumerateHeaders(rawName, key.serverUidValidity(), 1, (item, lines) -> {
            draft(item, lines).ifPresent(met::add);
            if (met.size() >= NOTED_AT_ONCE) {
                note(met);
                met.clear();
            }
        });
        note(met);
    }

    private void note(List<Draft> met) {
        if (!parts.gate().isOpen(pass) || Thread.currentThread().isInterrupted()) {
            throw new PassStoppedException();
        }
        Map<Long, String> ids = new HashMap<>();
        met.forEach(draft -> ids.put(draft.item().uid(), draft.messageId()));
        parts.ledger().items().messageIds(key, ids);
    }

    /** Noted items that have the Message-ID of one of these. */
    private Map<Long, String> namesakes(List<Draft> met) {
        Set<String> ids = new HashSet<>();
        met.forEach(draft -> ids.add(draft.messageId()));
        Map<Long, String> found = new HashMap<>();
        if (!ids.isEmpty()) {
            parts.ledger().items().forEachMessageId(key, (uid, id) -> {
                if (ids.contains(id)) {
                    found.put(uid, id);
                }
            });
        }
        return found;
    }

    private static Optional<Draft> draft(SourceItem item, byte[] lines) {
        Fingerprinter.Result result = Fingerprinter.ofHeaderLines(lines, item.dateEpochSecond());
        boolean named = result.messageId() != null && !result.messageId().isEmpty();
        return named ? Optional.of(new Draft(item, result.messageId(), result.fingerprint().headers())) : Optional.empty();
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
