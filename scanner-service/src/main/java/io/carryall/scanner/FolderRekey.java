package io.carryall.scanner;

import io.carryall.core.flags.FlagBase;
import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.Fingerprinter;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Items;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Items.Followed;
import io.carryall.core.port.Items.FollowedFlags;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.MailException;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.SourceSession;
import io.carryall.core.rekey.Fingerprints;
import io.carryall.core.rekey.Measures;
import io.carryall.core.rekey.Rekey;
import io.carryall.core.rekey.Rekey.Match;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Recognises the items of one folder whose UIDs are new, and writes what they inherit, before any of them is published. May be broken off at any point and repeated: what was inherited is not inherited again. For one thread, once.
 */
final class FolderRekey {
    private static final int BATCH_ITEMS = 250;
    private static final int BODIES_ITEMS = 50;

    private final Scanner.Parts parts;
    private final PassId pass;
    private final String scan;
    private final List<FolderKey> former;
    private final FolderKey key;
    private final Rekey rekey = new Rekey();
    private final List<Match> matches = new ArrayList<>();
    private long heirsWritten;

    /** @param folder in its new state */
    FolderRekey(Scanner.Parts parts, PassId pass, PassPair pair, String scan, Folder folder) {
        this.parts = parts;
        this.pass = pass;
        this.scan = scan;
        this.key = key(pair, folder.id(), folder.uidValidity());
        this.former = folder.former().stream().map(state -> key(pair, folder.id(), state)).toList();
    }

    /** Reads every fact of the folder: to be called before the others but for {@link #mayHoldMore}. */
    FolderRekey load() {
        parts.ledger().items().forEachDone(key, rekey::already);
        for (int state = 0; state < former.size(); state++) {
            int at = state;
            parts.ledger().items().forEachDone(former.get(state), fact -> rekey.former(at, fact));
        }
        return this;
    }

    private static FolderKey key(PassPair pair, FolderId folder, long state) {
        return new FolderKey(pair.pair(), pair.generation(), folder, state);
    }

    /** Whether nothing was ever done that could be recognised. */
    boolean isNeedless() {
        return rekey.isEmpty();
    }

    long recognised() {
        return rekey.recognised();
    }

    long unknown() {
        return rekey.unknown();
    }

    /** How many items took over from their former selves in this attempt. */
    long inherited() {
        return heirsWritten;
    }

    /** Whether an item that came into the folder after it was recognised may be one that was done in a former state: of size and date of one that was seen there. */
    boolean mayHoldMore(SourceSession session, String rawName, long fromUid) throws MailException {
        Measures came = new Measures();
        session.enumerate(rawName, key.serverUidValidity(), fromUid, came::add);
        boolean[] met = new boolean[1];
        former.forEach(state -> parts.ledger().items().forEachSeen(state, item -> met[0] |= came.contains(item)));
        return met[0];
    }

    void run(SourceSession session, String rawName, long fromUid) throws MailException {
        session.enumerateHeaders(rawName, key.serverUidValidity(), fromUid,
                (item, lines) -> rekey.item(item, Fingerprinter.ofHeaderLines(lines, item.dateEpochSecond()).fingerprint().headers()).ifPresent(this::inherit));
        List<SourceItem> doubtful = rekey.doubtful();
        for (int from = 0; from < doubtful.size(); from += BODIES_ITEMS) {
            Map<Long, SourceItem> some = new HashMap<>();
            doubtful.subList(from, Math.min(doubtful.size(), from + BODIES_ITEMS)).forEach(item -> some.put(item.uid(), item));
            Consumer<Fingerprints.Print> compare = print -> rekey.content(some.get(print.uid()), print.fingerprint().content()).ifPresent(this::inherit);
            session.fetch(rawName, key.serverUidValidity(), List.copyOf(some.keySet()), new Fingerprints(compare));
        }
        write();
    }

    private void inherit(Match match) {
        matches.add(match);
        if (matches.size() >= BATCH_ITEMS) {
            write();
        }
    }

    private void write() {
        if (!parts.gate().isOpen(pass) || Thread.currentThread().isInterrupted()) {
            throw new PassStoppedException();
        }
        Items items = parts.ledger().items();
        Map<Integer, List<Long>> uids = new HashMap<>();
        matches.forEach(match -> uids.computeIfAbsent(match.state(), state -> new ArrayList<>()).add(match.formerUid()));
        Map<Integer, Map<Long, Facts>> facts = new HashMap<>();
        Map<Integer, Map<Long, FollowedFlags>> flags = new HashMap<>();
        uids.forEach((state, ofState) -> facts.put(state, items.facts(former.get(state), ofState)));
        uids.forEach((state, ofState) -> flags.put(state, items.flags(former.get(state), ofState)));
        List<SourceItem> seen = new ArrayList<>();
        List<Done> heirs = new ArrayList<>();
        List<FollowedFlags> inherited = new ArrayList<>();
        for (Match match : matches) {
            Done known = facts.get(match.state()).get(match.formerUid()).done();
            Optional<Done> heir = match.heirOf(known, pass);
            if (heir.isEmpty()) {
                rekey.misled();
                continue;
            }
            seen.add(match.item());
            heirs.add(heir.get());
            FollowedFlags followed = flags.get(match.state()).get(match.formerUid());
            if (followed != null) {
                inherited.add(new FollowedFlags(match.item().uid(), followed.pass(), followed.base(), followed.how(), followed.refused()));
            } else if (known.how() == How.ADOPTED || known.how() == How.REVISED) {
                // The heir does not tell any more that its flags are not those with which the copy was made.
                inherited.add(new FollowedFlags(match.item().uid(), known.pass(), FlagBase.copied(known.flags(), known.dropped()), Followed.UNKNOWN, FlagSet.NONE));
            }
        }
        // An item that goes away before it is enumerated was seen all the same.
        items.seen(key, scan, seen);
        items.flags(key, 0, 0, inherited);
        items.done(key, heirs);
        heirsWritten += heirs.size();
        matches.clear();
    }
}
