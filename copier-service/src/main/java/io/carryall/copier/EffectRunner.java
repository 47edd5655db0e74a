package io.carryall.copier;

import io.carryall.copier.Mailboxes.Lent;
import io.carryall.copier.Mailboxes.Places;
import io.carryall.core.copy.CopyEffect;
import io.carryall.core.copy.CopyInput;
import io.carryall.core.copy.CopyInput.PreparedItem;
import io.carryall.core.copy.CopyInput.Window;
import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Clock;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Leases;
import io.carryall.core.port.MailException;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.TargetSession;
import io.carryall.core.port.TargetSession.Appended;
import io.carryall.core.port.TargetSession.Outgoing;
import io.carryall.core.port.TargetSession.Position;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.register.Standing;
import io.carryall.core.rekey.Fingerprints;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Does one effect of one folder at a time and lane, and brings the answer: against the ledger, the source and the target. It decides nothing. */
final class EffectRunner {
    private static final Duration PARKED = Duration.ofMinutes(5);

    private final TargetFolder target;
    private final Ledger ledger;
    private final Mailboxes mailboxes;
    private final ContentStore contents;
    private final Clock clock;
    private final CopierEvents events;
    private final LeaseKeeper lease;
    private final FolderCopier folder;
    private final Map<Integer, Map<Long, Outgoing>> outgoing = new ConcurrentHashMap<>();
    private volatile CopyPage newest;
    private Lent<SourceSession> source;
    private PairId sourcePair;
    private Lent<TargetSession> targetSession;
    private final Map<PairId, Map<FolderId, Folder>> folders = new HashMap<>();

    EffectRunner(TargetFolder target, Ledger ledger, Mailboxes mailboxes, ContentStore contents, Clock clock, CopierEvents events, LeaseKeeper lease, FolderCopier folder) {
        this.target = target;
        this.ledger = ledger;
        this.mailboxes = mailboxes;
        this.contents = contents;
        this.clock = clock;
        this.events = events;
        this.lease = lease;
        this.folder = folder;
    }

    void remember(CopyPage page) {
        newest = page;
    }

    Places places() {
        return places(newest);
    }

    Places places(CopyPage page) {
        return mailboxes.places(page.pass(), page.folder().pair());
    }

    void abandonLease() {
        lease.abandon();
    }

    /** @return the answer, or null where the effect has none */
    CopyInput carryOut(CopyEffect effect) {
        if (effect.lane() == CopyEffect.Lane.LEDGER) {
            return onLedger(effect);
        }
        return effect.lane() == CopyEffect.Lane.SOURCE ? onSource(effect) : onTarget(effect);
    }

    private CopyInput onLedger(CopyEffect effect) {
        if (effect instanceof CopyEffect.ReadLease it) {
            return new CopyInput.LeaseRead(it.turn(), ledger.leases().read(target).orElse(null), clock.monotonicMillis());
        } else if (effect instanceof CopyEffect.TryLease it) {
            Leases.Taken taken = lease.take(it.seen());
            return new CopyInput.LeaseTried(it.turn(), taken.taken(), taken.lease());
        } else if (effect instanceof CopyEffect.MarkSettled it) {
            return lease.settled(it.epoch()) ? null : new CopyInput.LeaseLost();
        } else if (effect instanceof CopyEffect.ReleaseLease it) {
            lease.release(it.settledEpoch());
        } else if (effect instanceof CopyEffect.ReadIntents it) {
            List<Intent> open = ledger.intents().open(target, it.fromEpoch(), it.toEpoch());
            if (!open.isEmpty()) {
                events.settling(open.size());
            }
            return new CopyInput.IntentsRead(it.turn(), open);
        } else if (effect instanceof CopyEffect.OpenIntent it) {
            ledger.intents().open(it.intent());
            return new CopyInput.IntentOpened(it.group());
        } else if (effect instanceof CopyEffect.Claim it) {
            ledger.items().claim(target, it.uidValidity(), it.items());
        } else if (effect instanceof CopyEffect.RecordDone it) {
            ledger.items().done(it.source(), it.items());
            events.recorded(it.source(), it.items());
        } else if (effect instanceof CopyEffect.RecordFailed it) {
            ledger.items().failed(it.source(), it.items());
            events.failed(it.source(), it.items());
        } else if (effect instanceof CopyEffect.CloseIntent it) {
            ledger.intents().close(target, it.epoch(), it.group());
        } else if (effect instanceof CopyEffect.Confirm it) {
            return new CopyInput.Confirmed(it.group());
        } else if (effect instanceof CopyEffect.SettlePage it) {
            ledger.pages().settled(it.page());
            folder.acknowledge(it.page());
            events.settled(it.page());
        } else if (effect instanceof CopyEffect.ParkPage it) {
            ledger.pages().park(it.page(), clock.wall().plus(PARKED), it.reason(), it.detail());
            folder.acknowledge(it.page());
            events.parked(it.page(), it.reason(), it.detail());
        } else if (effect instanceof CopyEffect.LetGo it) {
            folder.acknowledge(it.page());
        }
        return null;
    }

    // ---- source

    private CopyInput onSource(CopyEffect effect) {
        if (effect instanceof CopyEffect.Forget it) {
            forget(it.group());
            return null;
        } else if (effect instanceof CopyEffect.ReadFlags it) {
            return readFlags(it);
        }
        CopyEffect.Prepare prepare = (CopyEffect.Prepare) effect;
        try {
            return new CopyInput.Prepared(prepare.group(), prepare(prepare));
        } catch (MailException e) {
            forget(prepare.group());
            if (e.kind() != MailException.Kind.FOLDER_CHANGED) {
                sourceBroken(e);
            }
            return new CopyInput.SourceFailed(prepare.group(), e.kind(), e.getMessage(), e.backoffMillis());
        }
    }

    private CopyInput readFlags(CopyEffect.ReadFlags read) {
        try {
            SourceSession session = sourceSession(read.pass(), read.source().pair());
            Map<Long, FlagSet> flags = new HashMap<>();
            inFolder(read.source(), rawName -> session.flags(rawName, read.source().serverUidValidity(), read.uids(), (uid, names) -> flags.put(uid, FlagSet.of(names))));
            return new CopyInput.FlagsRead(read.group(), flags);
        } catch (MailException e) {
            if (e.kind() != MailException.Kind.FOLDER_CHANGED) {
                sourceBroken(e);
            }
            return new CopyInput.SourceFailed(read.group(), e.kind(), e.getMessage(), e.backoffMillis());
        }
    }

    private void forget(int group) {
        Map<Long, Outgoing> kept = outgoing.remove(group);
        if (kept != null) {
            kept.values().forEach(message -> message.content().close());
        }
    }

    private List<PreparedItem> prepare(CopyEffect.Prepare prepare) throws MailException {
        List<Long> uids = prepare.items().stream().map(SourceItem::uid).collect(java.util.stream.Collectors.toList());
        Map<Long, Facts> facts = ledger.items().facts(prepare.source(), uids);
        List<PreparedItem> prepared = new ArrayList<>();
        List<Long> open = new ArrayList<>();
        for (long uid : uids) {
            if (Standing.of(facts.get(uid), prepare.pass()) == Standing.OPEN) {
                open.add(uid);
            } else {
                prepared.add(new CopyInput.Settled(uid));
            }
        }
        if (!open.isEmpty()) {
            prepared.addAll(fetch(prepare, open));
        }
        return prepared;
    }

    private List<PreparedItem> fetch(CopyEffect.Prepare prepare, List<Long> open) throws MailException {
        long started = System.nanoTime();
        SourceSession session = sourceSession(prepare.pass(), prepare.source().pair());
        Map<Long, SourceItem> scanned = new HashMap<>();
        prepare.items().forEach(item -> scanned.put(item.uid(), item));
        FetchedItems fetched = new FetchedItems(contents, scanned);
        outgoing.put(prepare.group(), fetched.outgoing());
        inFolder(prepare.source(), rawName -> session.fetch(rawName, prepare.source().serverUidValidity(), open, fetched));
        if (fetched.broken() != null) {
            throw new MailException(MailException.Kind.TRY_LATER, "no room to keep messages on their way: " + fetched.broken(), 0, fetched.broken());
        }
        List<PreparedItem> prepared = fetched.prepared(open);
        events.fetched(prepare.pass(), fetched.outgoing().size(), fetched.bytes(), System.nanoTime() - started);
        holdBack(source.spend(fetched.bytes()));
        return prepared;
    }

    /** The lane waits, so that the limit holds for who comes after us, too. */
    private static void holdBack(long millis) {
        try {
            java.util.concurrent.TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface FolderUse {
        void of(String rawName) throws MailException;
    }

    /** Folders are renamed and UIDs used again while pages are on their way, so what is remembered is looked up once more before it is given up. */
    private void inFolder(FolderKey key, FolderUse use) throws MailException {
        Folder known = folders.getOrDefault(key.pair(), Map.of()).get(key.folder());
        if (known == null || known.uidValidity() != key.uidValidity()) {
            folders.remove(key.pair());
            known = lookUp(key);
        }
        try {
            use.of(known.rawName());
        } catch (MailException e) {
            folders.remove(key.pair());
            if (e.kind() != MailException.Kind.FOLDER_CHANGED || lookUp(key).rawName().equals(known.rawName())) {
                throw e;
            }
            use.of(lookUp(key).rawName());
        }
    }

    private Folder lookUp(FolderKey key) throws MailException {
        Map<FolderId, Folder> found = folders.computeIfAbsent(key.pair(), pair -> {
            Map<FolderId, Folder> all = new HashMap<>();
            ledger.folders().of(pair, key.generation()).forEach(folder -> all.put(folder.id(), folder));
            return all;
        });
        Folder folder = found.get(key.folder());
        if (folder == null || folder.uidValidity() != key.uidValidity()) {
            folders.remove(key.pair());
            throw new MailException(MailException.Kind.FOLDER_CHANGED, folder == null ? "the ledger does not know the source folder " + key.folder() : "the folder's UIDs name other messages by now");
        }
        return folder;
    }

    private SourceSession sourceSession(PassId pass, PairId pair) throws MailException {
        if (source != null && (!pair.equals(sourcePair) || !source.session().isAlive())) {
            source.close();
            source = null;
        }
        if (source == null) {
            source = mailboxes.source(pass, pair);
            sourcePair = pair;
        }
        return source.session();
    }

    private void sourceBroken(MailException failure) {
        if (source != null) {
            source.broken(failure);
            source = null;
        }
    }

    // ---- target

    private CopyInput onTarget(CopyEffect effect) {
        if (effect instanceof CopyEffect.Append it) {
            return new CopyInput.AppendAnswered(it.group(), append(it));
        } else if (effect instanceof CopyEffect.CarryFlags it) {
            return carryFlags(it);
        }
        int turn = effect instanceof CopyEffect.ReadPosition p ? p.turn() : effect instanceof CopyEffect.Look l ? l.turn() : ((CopyEffect.CreateFolder) effect).turn();
        try {
            TargetSession session = openTarget();
            if (effect instanceof CopyEffect.ReadPosition) {
                return new CopyInput.PositionRead(turn, session.position(target.folder()), session.capabilities());
            } else if (effect instanceof CopyEffect.Look it) {
                return new CopyInput.Looked(turn, look(session, it));
            }
            session.create(new TargetSession.Planned(target.folder(), target.folder(), null), true);
            return new CopyInput.FolderCreated(turn);
        } catch (MailException e) {
            if (e.kind() != MailException.Kind.FOLDER_CHANGED) {
                targetBroken(e);
            }
            return new CopyInput.TargetFailed(turn, e.kind(), e.getMessage(), e.backoffMillis());
        }
    }

    private CopyInput carryFlags(CopyEffect.CarryFlags carry) {
        try {
            boolean whole = new FlagCarrier(target, ledger.items(), events, () -> lease.mayCommit(carry.epoch())).carry(openTarget(), carry);
            return whole ? new CopyInput.FlagsCarried(carry.group()) : new CopyInput.FlagsNotCarried(carry.group(), MailException.Kind.TRY_LATER, "the lease had too little left", 0);
        } catch (MailException e) {
            targetBroken(e);
            return new CopyInput.FlagsNotCarried(carry.group(), e.kind(), e.getMessage(), e.backoffMillis());
        }
    }

    private Appended append(CopyEffect.Append append) {
        long started = System.nanoTime();
        Appended answer = appendTo(append);
        if (answer instanceof TargetSession.InDoubt || answer instanceof TargetSession.NotSent) {
            targetBroken(null);
        }
        events.appended(append.intent().pass(), word(answer), System.nanoTime() - started);
        return answer;
    }

    private Appended appendTo(CopyEffect.Append append) {
        Map<Long, Outgoing> kept = outgoing.getOrDefault(append.group(), Map.of());
        List<Outgoing> messages = new ArrayList<>();
        for (var item : append.intent().items()) {
            Outgoing message = kept.get(item.uid());
            if (message == null) {
                return new TargetSession.NotSent("the group was let go of meanwhile");
            }
            messages.add(message);
        }
        try {
            Appended answer = openTarget().append(target.folder(), messages, () -> lease.mayCommit(append.intent().epoch()));
            holdBack(targetSession.spend(messages.stream().mapToLong(message -> message.content().sizeBytes()).sum()));
            return answer;
        } catch (MailException e) {
            return new TargetSession.NotSent(e.getMessage());
        }
    }

    private static String word(Appended answer) {
        if (answer instanceof TargetSession.Stored || answer instanceof TargetSession.OneByOne) {
            return "stored";
        } else if (answer instanceof TargetSession.Refused) {
            return "refused";
        }
        return answer instanceof TargetSession.InDoubt ? "in-doubt" : "not-sent";
    }

    private Window look(TargetSession session, CopyEffect.Look look) throws MailException {
        Position position = session.position(target.folder());
        Map<Long, ItemKey> claimed = ledger.items().claimed(target, position.uidValidity(), look.lowUid());
        Map<ItemKey, Done> done = new HashMap<>();
        for (Intent intent : look.open()) {
            List<Long> uids = intent.items().stream().map(item -> item.uid()).collect(java.util.stream.Collectors.toList());
            ledger.items().facts(intent.source(), uids).forEach((uid, facts) -> {
                if (facts.done() != null) {
                    done.put(intent.source().item(uid), facts.done());
                }
            });
        }
        // What can't be read has no fingerprint, and its UID stays unaccounted for: it may be the item in doubt.
        Map<Long, Fingerprint> found = new HashMap<>();
        TargetSession.Seen seen = session.look(target.folder(), look.lowUid(), uid -> !claimed.containsKey(uid), new Fingerprints(print -> found.put(print.uid(), print.fingerprint())));
        return Window.of(position, seen.position(), claimed, found, done);
    }

    private TargetSession openTarget() throws MailException {
        if (targetSession != null && !targetSession.session().isAlive()) {
            targetBroken(null);
        }
        if (targetSession == null) {
            targetSession = mailboxes.target(newest.pass(), newest.folder().pair());
        }
        return targetSession.session();
    }

    private void targetBroken(MailException failure) {
        if (targetSession != null) {
            targetSession.broken(failure);
            targetSession = null;
        }
    }

    /** Called while no effect of the mail lanes runs. */
    void giveSessionsBack() {
        if (source != null) {
            source.close();
            source = null;
        }
        if (targetSession != null) {
            targetSession.close();
            targetSession = null;
        }
    }
}
