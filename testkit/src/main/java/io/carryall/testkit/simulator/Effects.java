package io.carryall.testkit.simulator;

import io.carryall.core.copy.CopyEffect;
import io.carryall.core.copy.CopyInput;
import io.carryall.core.copy.CopyInput.PreparedItem;
import io.carryall.core.copy.CopyInput.Window;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Intents.Intent;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Facts;
import io.carryall.core.port.MailException;
import io.carryall.core.port.TargetSession.Appended;
import io.carryall.core.port.TargetSession.InDoubt;
import io.carryall.core.port.TargetSession.NotSent;
import io.carryall.core.port.TargetSession.OneByOne;
import io.carryall.core.port.TargetSession.Position;
import io.carryall.core.record.PageRef;
import io.carryall.core.register.Standing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Carries out one folder's effects against the simulated ledger, source and target, step by step: between any two steps something may happen. */
final class Effects {
    private static final long PARKED_SECONDS = 300;
    private static final long PATIENCE_MILLIS = 30_000;

    private final Copier copier;
    private final CopierFolder folder;
    private final TargetFolder target;
    private final LeaseHolder lease;
    private final World world;
    private final Books books;
    private final Map<Integer, Set<Long>> fetched = new HashMap<>();

    Effects(Copier copier, CopierFolder folder, TargetFolder target, LeaseHolder lease) {
        this.copier = copier;
        this.folder = folder;
        this.target = target;
        this.lease = lease;
        this.world = copier.world;
        this.books = copier.books;
    }

    void abandonLease() {
        lease.abandon();
    }

    void carryOut(CopyEffect effect, Consumer<CopyInput> answer) {
        Runnable failed = () -> answer.accept(new CopyInput.LedgerFailed());
        Runnable done = () -> answer.accept(null);
        if (effect instanceof CopyEffect.ReadLease it) {
            books.read(copier.machine, () -> books.ledger().leases().read(target), read -> answer.accept(new CopyInput.LeaseRead(it.turn(), read.orElse(null), copier.machine.monotonicMillis())), failed);
        } else if (effect instanceof CopyEffect.TryLease it) {
            lease.take(it.seen(), taken -> answer.accept(new CopyInput.LeaseTried(it.turn(), taken.taken(), taken.lease())), failed);
        } else if (effect instanceof CopyEffect.MarkSettled it) {
            lease.settled(it.epoch(), ours -> answer.accept(ours ? null : new CopyInput.LeaseLost()), failed);
        } else if (effect instanceof CopyEffect.ReleaseLease it) {
            lease.release(it.settledEpoch(), done, failed);
        } else if (effect instanceof CopyEffect.ReadIntents it) {
            books.read(copier.machine, () -> books.ledger().intents().open(target, it.fromEpoch(), it.toEpoch()), open -> answer.accept(new CopyInput.IntentsRead(it.turn(), open)), failed);
        } else if (effect instanceof CopyEffect.OpenIntent it) {
            if (copier.mutation == Mutation.NO_INTENT) {
                copier.machine.in(1, () -> answer.accept(new CopyInput.IntentOpened(it.group())));
                return;
            }
            write(1, rows -> books.ledger().intents().open(it.intent()), () -> answer.accept(new CopyInput.IntentOpened(it.group())), failed);
        } else if (effect instanceof CopyEffect.Claim it) {
            List<Map.Entry<Long, ItemKey>> claims = List.copyOf(it.items().entrySet());
            write(claims.size(), rows -> claims.subList(0, copier.mutation == Mutation.NO_CLAIMS ? 0 : rows)
                    .forEach(claim -> books.ledger().items().claim(target, it.uidValidity(), Map.of(claim.getKey(), claim.getValue()))), done, failed);
        } else if (effect instanceof CopyEffect.RecordDone it) {
            write(it.items().size(), rows -> books.done(it.source(), it.items().subList(0, rows)), done, failed);
        } else if (effect instanceof CopyEffect.RecordFailed it) {
            write(it.items().size(), rows -> books.failed(it.source(), it.items().subList(0, rows)), done, failed);
        } else if (effect instanceof CopyEffect.CloseIntent it) {
            write(1, rows -> books.ledger().intents().close(target, it.epoch(), it.group()), done, failed);
        } else if (effect instanceof CopyEffect.Confirm it) {
            answer.accept(new CopyInput.Confirmed(it.group()));
        } else if (effect instanceof CopyEffect.SettlePage it) {
            write(1, rows -> settle(it.page(), rows), () -> acknowledged(it.page(), done), failed);
        } else if (effect instanceof CopyEffect.ParkPage it) {
            write(1, rows -> park(it, rows), () -> acknowledged(it.page(), done), failed);
        } else if (effect instanceof CopyEffect.LetGo it) {
            folder.letGo(it.page());
            done.run();
        } else if (effect instanceof CopyEffect.Forget it) {
            fetched.remove(it.group());
            done.run();
        } else if (effect instanceof CopyEffect.Prepare it) {
            prepare(it, answer, failed);
        } else if (effect instanceof CopyEffect.Append it) {
            new Append(it, answer).run();
        } else {
            onTarget(effect, answer, failed);
        }
    }

    private void write(int rows, IntConsumer work, Runnable done, Runnable failed) {
        books.write(copier.machine, rows, count -> {
            if (count > 0) {
                work.accept(count);
            }
        }, done, failed);
    }

    private void settle(PageRef page, int rows) {
        books.settled(page);
    }

    private void park(CopyEffect.ParkPage it, int rows) {
        books.ledger().pages().park(it.page(), copier.machine.wall().plusSeconds(PARKED_SECONDS), it.reason(), it.detail());
    }

    private void acknowledged(PageRef page, Runnable done) {
        folder.acknowledge(page);
        done.run();
    }

    // ---- source

    private void prepare(CopyEffect.Prepare it, Consumer<CopyInput> answer, Runnable failed) {
        List<Long> uids = it.items().stream().map(SourceItem::uid).toList();
        books.read(copier.machine, () -> books.facts(it.source(), uids), facts -> {
            List<PreparedItem> prepared = new ArrayList<>();
            List<Long> open = new ArrayList<>();
            for (long uid : uids) {
                if (Standing.of(facts.get(uid), it.pass()) == Standing.OPEN) {
                    open.add(uid);
                } else {
                    prepared.add(new CopyInput.Settled(uid));
                }
            }
            if (open.isEmpty()) {
                answer.accept(new CopyInput.Prepared(it.group(), prepared));
            } else {
                copier.machine.in(world.latency(), () -> fetch(it, open, prepared, answer));
            }
        }, failed);
    }

    private void fetch(CopyEffect.Prepare it, List<Long> open, List<PreparedItem> prepared, Consumer<CopyInput> answer) {
        FolderKey source = it.source();
        Sources.Box box = copier.sources.inState(source.pair().value(), source.serverUidValidity());
        boolean isThere = box != null && isKnownAs(source, box.name());
        MailException.Kind trouble = !isThere ? MailException.Kind.FOLDER_CHANGED : world.fault(world.odds().mailFails()) ? trouble() : null;
        if (trouble != null) {
            answer.accept(new CopyInput.SourceFailed(it.group(), trouble, "trouble", 0));
            return;
        }
        Set<Long> kept = fetched.computeIfAbsent(it.group(), group -> new HashSet<>());
        for (long uid : open) {
            Sources.Letter letter = box.letters.get(uid);
            if (letter == null) {
                prepared.add(new CopyInput.Lost(uid, Reason.VANISHED, "gone"));
            } else if (world.fault(world.odds().mailFails())) {
                prepared.add(new CopyInput.Lost(uid, Reason.UNREADABLE, "the server stumbles"));
            } else {
                kept.add(uid);
                prepared.add(new CopyInput.Ready(uid, letter.fingerprint(), Set.of(), letter.fingerprint().content()));
            }
        }
        answer.accept(new CopyInput.Prepared(it.group(), prepared));
    }

    private boolean isKnownAs(FolderKey source, String name) {
        return books.ledger().folders().of(source.pair(), source.generation()).stream()
                .anyMatch(row -> row.id().equals(source.folder()) && row.uidValidity() == source.uidValidity() && row.rawName().equals(name));
    }

    private MailException.Kind trouble() {
        MailException.Kind[] kinds = {MailException.Kind.UNREACHABLE, MailException.Kind.TIMEOUT, MailException.Kind.TRY_LATER, MailException.Kind.UNREACHABLE, MailException.Kind.LOGIN_REFUSED};
        return kinds[world.random().nextInt(kinds.length)];
    }

    // ---- target

    private void onTarget(CopyEffect effect, Consumer<CopyInput> answer, Runnable ledgerFailed) {
        int turn = effect instanceof CopyEffect.ReadPosition p ? p.turn() : effect instanceof CopyEffect.Look l ? l.turn() : ((CopyEffect.CreateFolder) effect).turn();
        copier.machine.in(world.latency(), () -> {
            if (world.fault(world.odds().mailFails())) {
                answer.accept(new CopyInput.TargetFailed(turn, trouble(), "trouble", 0));
            } else if (effect instanceof CopyEffect.CreateFolder) {
                copier.targets.create(target);
                answer.accept(new CopyInput.FolderCreated(turn));
            } else if (copier.targets.box(target) == null) {
                answer.accept(new CopyInput.TargetFailed(turn, MailException.Kind.FOLDER_CHANGED, "gone", 0));
            } else if (effect instanceof CopyEffect.ReadPosition) {
                Position position = copier.targets.told(target);
                copier.machine.in(world.latency(), () -> answer.accept(new CopyInput.PositionRead(turn, position, copier.targets.capabilities)));
            } else {
                look((CopyEffect.Look) effect, copier.targets.box(target).position(), answer, ledgerFailed);
            }
        });
    }

    private void look(CopyEffect.Look it, Position position, Consumer<CopyInput> answer, Runnable failed) {
        books.read(copier.machine, () -> books.ledger().items().claimed(target, position.uidValidity(), it.lowUid()),
                claimed -> books.read(copier.machine, () -> done(it.open()), done -> copier.machine.in(world.latency(), () -> {
                    Targets.Box box = copier.targets.box(target);
                    if (box == null) {
                        answer.accept(new CopyInput.TargetFailed(it.turn(), MailException.Kind.FOLDER_CHANGED, "gone", 0));
                        return;
                    }
                    Map<Long, Fingerprint> unclaimed = new HashMap<>(box.messages.tailMap(it.lowUid()));
                    unclaimed.keySet().removeAll(claimed.keySet());
                    Window window = Window.of(position, box.position(), claimed, unclaimed, done);
                    copier.machine.in(world.latency(), () -> answer.accept(new CopyInput.Looked(it.turn(), window)));
                }), failed), failed);
    }

    private Map<ItemKey, Done> done(List<Intent> open) {
        Map<ItemKey, Done> done = new HashMap<>();
        for (Intent intent : open) {
            for (var item : intent.items()) {
                Facts facts = books.facts(intent.source().item(item.uid()));
                if (facts != null && facts.done() != null) {
                    done.put(intent.source().item(item.uid()), facts.done());
                }
            }
        }
        return done;
    }

    /** One group on its way, in one command or message by message. */
    private final class Append {
        private final CopyEffect.Append effect;
        private final Consumer<CopyInput> answer;
        private final List<List<Targets.Sent>> commands = new ArrayList<>();
        private final List<Appended> each = new ArrayList<>();
        private boolean connected = true;

        Append(CopyEffect.Append effect, Consumer<CopyInput> answer) {
            this.effect = effect;
            this.answer = answer;
        }

        void run() {
            List<Targets.Sent> all = effect.intent().items().stream().map(item -> new Targets.Sent(effect.intent().source().item(item.uid()), item.fingerprint())).toList();
            if (!fetched.getOrDefault(effect.group(), Set.of()).containsAll(all.stream().map(sent -> sent.item().uid()).toList())) {
                answer.accept(new CopyInput.AppendAnswered(effect.group(), new NotSent("the group was let go of meanwhile")));
            } else if (copier.targets.capabilities.multiAppend()) {
                commands.add(all);
                next();
            } else {
                all.forEach(sent -> commands.add(List.of(sent)));
                next();
            }
        }

        private void next() {
            if (each.size() < commands.size()) {
                send(commands.get(each.size()));
                return;
            }
            Appended whole = copier.targets.capabilities.multiAppend() ? each.get(0) : new OneByOne(each);
            answer.accept(new CopyInput.AppendAnswered(effect.group(), whole));
        }

        private void got(Appended one) {
            connected &= !(one instanceof InDoubt || one instanceof NotSent);
            each.add(one);
            next();
        }

        private void send(List<Targets.Sent> group) {
            if (!connected) {
                got(new NotSent("the connection was closed before"));
            } else if (world.fault(world.odds().appendCut())) {
                copier.machine.in(world.between(1, 5_000), () -> got(new NotSent("cut")));
            } else {
                boolean stalled = world.fault(world.odds().stalled());
                copier.machine.in(stalled ? world.between(5_000, 240_000) : world.latency(), () -> gate(group));
            }
        }

        private void gate(List<Targets.Sent> group) {
            if (!lease.mayCommit(effect.intent().epoch())) {
                world.note(() -> copier.machine.name() + " may not commit any more");
                got(new NotSent("it may not be committed any more"));
                return;
            }
            long gateMillis = world.nowMillis();
            if (world.fault(world.odds().pausedAtGate())) {
                boolean beyond = world.fault(world.odds().beyondTheLimit());
                copier.machine.pause(beyond ? world.between(copier.limits.quarantineMillis() + 20_000, 200_000) : world.between(1_000, 50_000));
            }
            copier.machine.in(0, () -> commit(group, gateMillis));
        }

        private void commit(List<Targets.Sent> group, long gateMillis) {
            if (!world.fault(world.odds().appendSilent())) {
                long there = world.latency();
                int life = copier.machine.life();
                world.in(there, () -> {
                    Appended stored = store(group, gateMillis);
                    if (life == copier.machine.life()) {
                        copier.machine.in(world.latency(), () -> got(stored));
                    }
                });
                return;
            }
            long lateMillis = world.fault(world.odds().beyondTheLimit()) ? world.between(61_000, 150_000) : world.between(1, 58_000);
            int fate = world.random().nextInt(3);
            if (fate > 0) {
                world.in(fate == 1 ? world.latency() : lateMillis, () -> store(group, gateMillis));
            }
            copier.machine.in(world.chance(0.5) ? world.between(1, 1_000) : PATIENCE_MILLIS, () -> got(new InDoubt("no answer")));
        }

        private Appended store(List<Targets.Sent> group, long gateMillis) {
            if (world.nowMillis() - gateMillis >= Simulation.QUARANTINE_MILLIS) {
                world.note(() -> "what follows is beyond the limit");
                copier.truth.beyondTheLimit(target, group);
            }
            return copier.targets.store(target, group);
        }
    }
}
