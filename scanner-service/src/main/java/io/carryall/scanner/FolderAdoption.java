package io.carryall.scanner;

import io.carryall.core.fold.UidSet;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.Fingerprinter;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Items;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.MailException;
import io.carryall.core.port.SourceSession;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.rekey.Adoption;
import io.carryall.core.rekey.Adoption.Match;
import io.carryall.core.rekey.Adoption.Unclear;
import io.carryall.core.rekey.Fingerprints;
import io.carryall.core.rekey.Traits;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes into the ledger what of one folder is on the target already, before any of it is published. May be broken off at any point and repeated: what was adopted is done, and what was claimed for an item and not recorded is that item's. For
 * one thread, once.
 */
final class FolderAdoption {
    private static final int BATCH_ITEMS = 250;
    private static final int READ_ITEMS = 200;

    private final Scanner.Parts parts;
    private final PairMailboxes mailboxes;
    private final PassId pass;
    private final String scan;
    private final FolderKey key;
    private final String rawName;
    private final TargetFolder target;
    private final Adoption adoption = new Adoption();
    private final UidSet done = new UidSet();
    private final UidSet claimedForThis = new UidSet();
    private final Map<Long, Long> claims = new HashMap<>();
    private final List<Match> batch = new ArrayList<>();
    private long targetUidValidity;
    private long claimedBefore;
    private long unclear;

    /** @param rawName of the source folder */
    FolderAdoption(Scanner.Parts parts, PairMailboxes mailboxes, PassId pass, String scan, FolderKey key, String rawName, TargetFolder target) {
        this.parts = parts;
        this.mailboxes = mailboxes;
        this.pass = pass;
        this.scan = scan;
        this.key = key;
        this.rawName = rawName;
        this.target = target;
    }

    /** @param fromUid what is before it is settled. Returns what came of it, for people; empty where the target holds nothing that could be adopted */
    Optional<String> run(long fromUid) throws CannotScanException, InterruptedException {
        if (!lookAtTarget()) {
            return Optional.empty();
        }
        parts.ledger().items().forEachDone(key, this::known);
        claims();
        mailboxes.source("looking at " + rawName, session -> {
            session.enumerateHeaders(rawName, key.serverUidValidity(), fromUid, (item, lines) -> take(Traits.of(item, lines)));
            return null;
        });
        write();
        read();
        adoption.matched().forEach(this::adopt);
        write();
        List<Unclear> all = adoption.unclear();
        for (int from = 0; from < all.size(); from += BATCH_ITEMS) {
            List<Unclear> some = all.subList(from, Math.min(all.size(), from + BATCH_ITEMS));
            fail(some, messageIds(some));
        }
        return Optional.of(told());
    }

    /** False where there is nothing that is nobody's. */
    private boolean lookAtTarget() throws CannotScanException, InterruptedException {
        mailboxes.target("looking at " + target.folder() + " on the target", session -> {
            SourceSession reading = session.reading();
            FolderStatus status = reading.statuses(List.of(target.folder())).get(target.folder());
            if (status != null && status.messages() > 0) {
                targetUidValidity = status.uidValidity();
                reading.enumerateHeaders(target.folder(), targetUidValidity, 1, (message, lines) -> adoption.message(Traits.of(message, lines)));
            }
            return null;
        });
        if (adoption.isNeedless()) {
            return false;
        }
        // After the look: see there.
        UidSet own = new UidSet();
        Owners owners = Owners.of(parts.ledger(), target, targetUidValidity, 1, (uid, item) -> {
            if (item.folder().equals(key)) {
                own.add(uid);
            }
        });
        adoption.keepOnly(uid -> !owners.isClaimed(uid));
        adoption.inDoubt(owners.inDoubt());
        own.stream().filter(uid -> uid < owners.doubtFrom()).forEach(claimedForThis::add);
        return !adoption.isNeedless() || claimedForThis.size() > 0;
    }

    /** What was claimed and not recorded: what is done needs its claim no more. */
    private void claims() {
        if (claimedForThis.size() > 0) {
            parts.ledger().items().forEachClaim(target, targetUidValidity, 1, (uid, item) -> {
                if (claimedForThis.contains(uid) && item.folder().equals(key) && !done.contains(item.uid())) {
                    claims.putIfAbsent(item.uid(), uid);
                }
            });
        }
    }

    private void known(Done fact) {
        done.add(fact.uid());
        if (fact.targetUid() == 0 && fact.target().equals(target)) {
            adoption.done(fact.fingerprint());
        }
    }

    private void take(Traits item) {
        if (done.contains(item.item().uid())) {
            return;
        }
        Long claimed = claims.get(item.item().uid());
        if (claimed != null) {
            claimedBefore++;
            adopt(new Match(item.item(), item.headers(), "", claimed, Adoption.How.SAME));
        } else {
            adoption.item(item).ifPresent(this::adopt);
        }
    }

    private void read() throws CannotScanException, InterruptedException {
        List<Long> messages = adoption.messagesToRead();
        List<Long> items = adoption.itemsToRead().stream().map(SourceItem::uid).toList();
        if (messages.isEmpty() || items.isEmpty()) {
            return;
        }
        mailboxes.target("reading " + target.folder() + " on the target", session -> {
            fetch(session.reading(), target.folder(), targetUidValidity, messages, new Fingerprints(adoption::messageRead));
            return null;
        });
        mailboxes.source("reading " + rawName, session -> {
            fetch(session, rawName, key.serverUidValidity(), items, new Fingerprints(adoption::itemRead));
            return null;
        });
    }

    private void fetch(SourceSession session, String folder, long uidValidity, List<Long> uids, Fingerprints prints) throws MailException {
        for (int from = 0; from < uids.size(); from += READ_ITEMS) {
            requireRunning();
            session.fetch(folder, uidValidity, uids.subList(from, Math.min(uids.size(), from + READ_ITEMS)), prints);
        }
    }

    private void requireRunning() {
        if (!parts.gate().isOpen(pass) || Thread.currentThread().isInterrupted()) {
            throw new PassStoppedException();
        }
    }

    private void adopt(Match match) {
        batch.add(match);
        if (batch.size() >= BATCH_ITEMS) {
            write();
        }
    }

    /** Claimed first, as copiers do: a message that is one item's is never matched with another. */
    private void write() {
        if (batch.isEmpty()) {
            return;
        }
        requireRunning();
        Items items = parts.ledger().items();
        Map<Long, ItemKey> claiming = new LinkedHashMap<>();
        batch.forEach(match -> claiming.put(match.targetUid(), key.item(match.item().uid())));
        items.claim(target, targetUidValidity, claiming);
        items.seen(key, scan, batch.stream().map(Match::item).toList());
        items.done(key, batch.stream().map(this::done).toList());
        batch.clear();
    }

    private Done done(Match match) {
        SourceItem item = match.item();
        Fingerprint print = new Fingerprint(item.sizeBytes(), item.dateEpochSecond(), match.headers(), match.content());
        return new Done(item.uid(), pass, How.ADOPTED, print, target, targetUidValidity, match.targetUid(), Set.of(), Set.of());
    }

    /** For the operator, who has to find them. */
    private Map<Long, String> messageIds(List<Unclear> some) throws CannotScanException, InterruptedException {
        Map<Long, String> ids = new HashMap<>();
        mailboxes.source("looking at " + rawName, session -> {
            session.headers(rawName, key.serverUidValidity(), some.stream().map(one -> one.item().uid()).toList(), (item, lines) -> ids.put(item.uid(), Fingerprinter.ofHeaderLines(lines, item.dateEpochSecond()).messageId()));
            return null;
        });
        return ids;
    }

    private void fail(List<Unclear> some, Map<Long, String> messageIds) {
        requireRunning();
        Items items = parts.ledger().items();
        Map<Long, Facts> facts = items.facts(key, some.stream().map(one -> one.item().uid()).toList());
        List<Unclear> undecided = some.stream().filter(one -> !isDecided(facts.get(one.item().uid()))).toList();
        unclear += undecided.size();
        items.seen(key, scan, undecided.stream().map(Unclear::item).toList());
        items.failed(key, undecided.stream().map(one -> failed(one, messageIds.get(one.item().uid()))).toList());
    }

    /** An operator has looked, and wants it copied. */
    private static boolean isDecided(Facts facts) {
        return facts != null && facts.failures().stream().anyMatch(failure -> failure.reason() == Reason.AMBIGUOUS && failure.retryable());
    }

    private Failed failed(Unclear one, String messageId) {
        String detail = "UID " + one.targetUid() + " in the target folder has the same Message-ID, Date, From, To and Subject, but another body";
        return new Failed(one.item().uid(), pass, Reason.AMBIGUOUS, detail, false, messageId, one.item().sizeBytes());
    }

    private String told() {
        long same = adoption.recognised(Adoption.How.SAME) + claimedBefore;
        long contents = adoption.recognised(Adoption.How.CONTENTS);
        long bodies = adoption.recognised(Adoption.How.BODY);
        return (same + contents + bodies) + " messages were on the target already" + (contents > 0 ? ", " + contents + " of them with another date or other line ends, or without a Message-ID" : "")
                + (bodies > 0 ? ", " + bodies + " with other headers than on the source" : "") + (unclear > 0 ? "; " + unclear + " resemble one that is there and may be another: these are ambiguous" : "")
                + "; " + (adoption.open() - unclear) + " are not there, " + adoption.free() + " of the target are none of the source's. Flags and keywords on the target stay as they are";
    }
}
