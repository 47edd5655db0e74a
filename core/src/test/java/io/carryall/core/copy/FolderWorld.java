package io.carryall.core.copy;

import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Intents;
import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.Leases.Lease;
import io.carryall.core.port.MailException;
import io.carryall.core.port.TargetSession.Appended;
import io.carryall.core.port.TargetSession.Capabilities;
import io.carryall.core.port.TargetSession.Position;
import io.carryall.core.port.TargetSession.Refused;
import io.carryall.core.port.TargetSession.Stored;
import io.carryall.core.record.PipelineRecord.CopyPage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** One target folder, one source folder and a ledger that answer each effect at once, and remember what they were asked. */
final class FolderWorld {
    static final TargetFolder TARGET = new TargetFolder("new/ann@new.example", "INBOX");
    static final PassId PASS = new PassId("m", 1);
    static final FolderKey SOURCE = new FolderKey(new PairId("p1"), 1, new FolderId("f"), 7);
    static final CopyLimits LIMITS = new CopyLimits(4, 1_000_000, 60_000, 20_000, 3, 1_000, 4, 1_000);

    interface Answer {
        Appended to(List<Long> messages);
    }

    final FolderCopy machine;
    final List<CopyEffect> effects = new ArrayList<>();
    final Deque<Answer> nextAnswers = new ArrayDeque<>();
    final List<Long> stored = new ArrayList<>();
    final Map<Long, Long> uidOf = new LinkedHashMap<>();
    final Map<Long, ItemKey> claims = new HashMap<>();
    final Set<Long> done = new TreeSet<>();
    final Map<Long, Reason> failed = new HashMap<>();
    final Map<Integer, Intent> openIntents = new LinkedHashMap<>();
    final List<Integer> settledPages = new ArrayList<>();
    final List<Integer> letGo = new ArrayList<>();
    final Map<Integer, Reason> parkedPages = new HashMap<>();
    final List<Long> waits = new ArrayList<>();
    final Deque<MailException.Kind> sourceFails = new ArrayDeque<>();
    Map<Long, Refused> refuses = Map.of();
    Set<Long> lost = Set.of();
    Set<Long> same = Set.of();
    Map<Long, PassId> unreadableInPass = Map.of();
    Class<? extends CopyEffect> failsAt;
    Class<? extends CopyEffect> stopsAt;
    final List<CopyEffect> undone = new ArrayList<>();
    long mostOfTheSameInOpenIntents;
    final List<Long> carried = new ArrayList<>();
    MailException.Kind flagsFail;
    MailException.Kind flagsSourceFails;
    boolean targetIsGone;
    Lease lease;
    boolean uidPlus = true;
    long nextUid = 10;
    long nowMillis;
    Runnable onWait = () -> { };

    FolderWorld() {
        this(LIMITS);
    }

    FolderWorld(CopyLimits limits) {
        machine = new FolderCopy(TARGET, limits);
    }

    static CopyPage page(int seq, long firstUid, int count) {
        List<SourceItem> items = LongStream.range(firstUid, firstUid + count).mapToObj(uid -> new SourceItem(uid, 100, uid)).collect(Collectors.toList());
        return new CopyPage(PASS, SOURCE, "scan", seq, TARGET, items);
    }

    static CopyPage flagsPage(int seq, long from, long to) {
        return new CopyPage(PASS, SOURCE, "scan", seq, TARGET, List.of(), LongStream.rangeClosed(from, to).boxed().collect(Collectors.toList()));
    }

    static Done done(long uid, long targetUid) {
        return new Done(uid, PASS, How.COPIED, fingerprint(uid), TARGET, 1, targetUid, Set.of(), Set.of());
    }

    static Fingerprint fingerprint(long uid) {
        return new Fingerprint(100, uid, "h" + uid, "c" + uid);
    }

    void arrives(CopyPage page) {
        tell(new CopyInput.PageArrived(page));
    }

    void tell(CopyInput input) {
        tellAll(input);
    }

    /** All at once, before any of their effects is carried out. */
    void tellAll(CopyInput... inputs) {
        Deque<CopyEffect> todo = new ArrayDeque<>();
        for (CopyInput input : inputs) {
            todo.addAll(machine.on(input));
        }
        while (!todo.isEmpty()) {
            CopyEffect effect = todo.poll();
            if (effect.getClass() == stopsAt || !undone.isEmpty()) {
                undone.add(effect);
                continue;
            }
            effects.add(effect);
            boolean fails = effect.getClass() == failsAt;
            if (fails) {
                failsAt = null;
                todo.removeIf(waiting -> waiting.lane() == CopyEffect.Lane.LEDGER);
            }
            CopyInput answer = fails ? new CopyInput.LedgerFailed() : answer(effect);
            if (answer != null) {
                todo.addAll(machine.on(answer));
            }
        }
    }

    record Settled(Set<Long> items) {}

    /** By the next holder of the lease, who looks at the folder and at the ledger. */
    Settled settledBySomebodyElse() {
        Settlement settlement = Settlement.decide(List.copyOf(openIntents.values()), window(10));
        Set<Long> items = settlement.found().stream().map(found -> found.doubt().item().uid()).collect(Collectors.toSet());
        done.addAll(items);
        return new Settled(items);
    }

    List<String> names() {
        return effects.stream().map(effect -> effect.getClass().getSimpleName()).collect(Collectors.toList());
    }

    void store(List<Long> messages) {
        for (long uid : messages) {
            stored.add(uid);
            uidOf.put(uid, nextUid++);
        }
    }

    void delete(long uid) {
        stored.remove(uid);
        uidOf.remove(uid);
    }

    Intent intentOf(long epoch, long... uids) {
        List<Intents.Item> items = LongStream.of(uids)
                .mapToObj(uid -> new Intents.Item(uid, fingerprint(uid), Set.of())).collect(Collectors.toList());
        return new Intent(TARGET, epoch, 1, PASS, SOURCE, 1, 10, items);
    }

    CopyInput answer(CopyEffect effect) {
        if (effect instanceof CopyEffect.ReadLease it) {
            return new CopyInput.LeaseRead(it.turn(), lease, nowMillis);
        } else if (effect instanceof CopyEffect.TryLease it) {
            long epoch = lease == null ? 1 : lease.epoch() + 1;
            lease = new Lease("mine", epoch, lease == null ? 0 : lease.settledEpoch());
            return new CopyInput.LeaseTried(it.turn(), true, lease);
        } else if (effect instanceof CopyEffect.ReadIntents it) {
            return new CopyInput.IntentsRead(it.turn(), List.copyOf(openIntents.values()));
        } else if (effect instanceof CopyEffect.ReadFlags it) {
            return flagsSourceFails != null ? new CopyInput.SourceFailed(it.group(), flagsSourceFails, "no", 0)
                    : new CopyInput.FlagsRead(it.group(), it.uids().stream().collect(Collectors.toMap(uid -> uid, uid -> FlagSet.of("\\Seen"))));
        } else if (effect instanceof CopyEffect.CarryFlags it) {
            if (flagsFail != null) {
                return new CopyInput.FlagsNotCarried(it.group(), flagsFail, "no", 0);
            }
            it.flags().keySet().stream().sorted().forEach(carried::add);
            return new CopyInput.FlagsCarried(it.group());
        } else if (effect instanceof CopyEffect.ReadPosition it && targetIsGone) {
            return new CopyInput.TargetFailed(it.turn(), MailException.Kind.FOLDER_CHANGED, "gone", 0);
        } else if (effect instanceof CopyEffect.ReadPosition it) {
            return new CopyInput.PositionRead(it.turn(), new Position(1, nextUid), new Capabilities(uidPlus, true, -1));
        } else if (effect instanceof CopyEffect.Look it) {
            return new CopyInput.Looked(it.turn(), window(it.lowUid()));
        } else if (effect instanceof CopyEffect.Prepare it && !sourceFails.isEmpty()) {
            return new CopyInput.SourceFailed(it.group(), sourceFails.poll(), "no", 0);
        } else if (effect instanceof CopyEffect.Prepare it) {
            return new CopyInput.Prepared(it.group(), it.items().stream().map(item -> prepared(item.uid(), it.pass())).collect(Collectors.toList()));
        } else if (effect instanceof CopyEffect.CreateFolder it) {
            return new CopyInput.FolderCreated(it.turn());
        } else if (effect instanceof CopyEffect.OpenIntent it) {
            openIntents.put(it.intent().group(), it.intent());
            long ofTheSame = openIntents.values().stream().flatMap(intent -> intent.items().stream()).filter(item -> same.contains(item.uid())).count();
            mostOfTheSameInOpenIntents = Math.max(mostOfTheSameInOpenIntents, ofTheSame);
            return new CopyInput.IntentOpened(it.group());
        } else if (effect instanceof CopyEffect.Append it) {
            return new CopyInput.AppendAnswered(it.group(), append(it.intent().items().stream().map(item -> item.uid()).collect(Collectors.toList())));
        } else if (effect instanceof CopyEffect.Claim it) {
            claims.putAll(it.items());
        } else if (effect instanceof CopyEffect.RecordDone it) {
            it.items().forEach(item -> done.add(item.uid()));
        } else if (effect instanceof CopyEffect.RecordFailed it) {
            it.items().forEach(item -> failed.put(item.uid(), item.reason()));
        } else if (effect instanceof CopyEffect.CloseIntent it) {
            openIntents.remove(it.group());
        } else if (effect instanceof CopyEffect.Confirm it) {
            return new CopyInput.Confirmed(it.group());
        } else if (effect instanceof CopyEffect.SettlePage it) {
            settledPages.add(it.page().seq());
        } else if (effect instanceof CopyEffect.LetGo it) {
            letGo.add(it.page().seq());
        } else if (effect instanceof CopyEffect.ReleaseLease it) {
            lease = new Lease("", lease.epoch(), it.settledEpoch());
        } else if (effect instanceof CopyEffect.MarkSettled it) {
            lease = new Lease(lease.token(), lease.epoch(), it.epoch());
        } else if (effect instanceof CopyEffect.ParkPage it) {
            parkedPages.put(it.page().seq(), it.reason());
        } else if (effect instanceof CopyEffect.Wait it) {
            waits.add(it.millis());
            nowMillis += it.millis();
            onWait.run();
            onWait = () -> { };
            return new CopyInput.WaitOver(it.timer());
        }
        return null;
    }

    private CopyInput.PreparedItem prepared(long uid, PassId pass) {
        boolean settled = done.contains(uid) || failed.containsKey(uid) && !unreadableInPass.containsKey(uid);
        if (pass.equals(unreadableInPass.get(uid))) {
            return new CopyInput.Lost(uid, Reason.UNREADABLE, "stumbled");
        }
        if (lost.contains(uid) && !settled) {
            return new CopyInput.Lost(uid, Reason.VANISHED, "gone");
        }
        return settled ? new CopyInput.Settled(uid) : new CopyInput.Ready(uid, print(uid), Set.of("\\Seen"), null);
    }

    private Fingerprint print(long uid) {
        return fingerprint(same.contains(uid) ? 1 : uid);
    }

    private Appended append(List<Long> messages) {
        if (!nextAnswers.isEmpty()) {
            return nextAnswers.poll().to(messages);
        }
        for (long uid : messages) {
            if (refuses.containsKey(uid)) {
                return refuses.get(uid);
            }
        }
        return stored(messages);
    }

    Stored stored(List<Long> messages) {
        store(messages);
        return new Stored(1, uidPlus ? messages.stream().map(uidOf::get).collect(Collectors.toList()) : List.of(), List.of());
    }

    private CopyInput.Window window(long low) {
        Map<Long, ItemKey> claimed = new HashMap<>(claims);
        claimed.keySet().removeIf(uid -> uid < low);
        Map<Long, Fingerprint> unclaimed = new HashMap<>();
        uidOf.forEach((uid, targetUid) -> {
            if (targetUid >= low && !claimed.containsKey(targetUid)) {
                unclaimed.put(targetUid, print(uid));
            }
        });
        Map<ItemKey, Done> known = new HashMap<>();
        done.forEach(uid -> known.put(SOURCE.item(uid), done(uid, uidPlus ? uidOf.getOrDefault(uid, 0L) : 0L)));
        return new CopyInput.Window(new Position(1, nextUid), claimed, unclaimed, known);
    }
}
