package io.carryall.testkit.simulator;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Leases.Lease;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.record.PipelineRecord.Failure;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ItemsPage;
import io.carryall.core.record.PipelineRecord.LookRequest;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.ScanRequest;
import io.carryall.core.record.PipelineRecord.StandingFolder;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.Topic;
import io.carryall.core.scan.ScanAction;
import io.carryall.core.scan.ScanPlan;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** One life of a scanner process. What becomes of a folder is decided by the real {@link ScanPlan}. */
final class Scanner {
    private static final int ATTEMPTS_MAX = 3;
    private static final long LOOK_MILLIS = 2_000;
    private static final int LOOKS_TO_ASK_AGAIN = 15;
    private static final int LOOKS_MAX = 150;
    private static final int PAGES_TOGETHER_MAX = 16;

    private final Machine machine;
    private final Simulation simulation;
    private final World world;

    Scanner(Machine machine, Simulation simulation) {
        this.machine = machine;
        this.simulation = simulation;
        this.world = simulation.world;
        simulation.topics.join(Topic.SCANS, machine, 2, this::take);
    }

    private void take(Topics.Delivery delivery) {
        if (delivery.record() instanceof LookRequest) {
            new Look(machine, simulation, delivery).run();
        } else {
            new Attempt(delivery, 1).run();
        }
    }

    static String newScanId(Machine machine, World world) {
        return String.format("%012x-%08x", machine.wall().toEpochMilli(), world.random().nextInt());
    }

    private record Rows(List<Folder> folders, List<Watermark> marks) {}

    private final class Attempt {
        private final Topics.Delivery delivery;
        private final ScanRequest request;
        private final int number;
        private final String scan;
        private final List<FolderId> enumerated = new ArrayList<>();
        private final List<FolderId> skipped = new ArrayList<>();
        private final Deque<ScanPlan.Planned> todo = new ArrayDeque<>();
        private final List<FolderId> used = new ArrayList<>();
        private List<StandingFolder> standing = List.of();
        private int unconfirmed;
        private boolean publicationFailed;
        private Runnable allConfirmed;

        Attempt(Topics.Delivery delivery, int number) {
            this.delivery = delivery;
            this.request = (ScanRequest) delivery.record();
            this.number = number;
            this.scan = newScanId(machine, world);
        }

        void run() {
            if (!runs()) {
                delivery.acknowledge();
                return;
            }
            machine.in(world.latency(), () -> {
                if (world.fault(world.odds().mailFails())) {
                    failed();
                    return;
                }
                Sources.Listing listing = simulation.sources.listing(pair());
                simulation.books.read(machine, this::pairOfPass, known -> {
                    if (known.isEmpty() || known.get().generation() != request.generation()) {
                        delivery.acknowledge();
                        return;
                    }
                    simulation.books.read(machine, this::rows, rows -> new FolderNames(machine, simulation, request, listing, rows.folders(), rows.marks()).find(renamed -> {
                        ScanPlan plan = ScanPlan.of(simulation.known(request.pass(), request.pair(), listing, rows.folders(), rows.marks(), renamed));
                        todo.addAll(plan.folders());
                        rows.folders().forEach(row -> used.add(row.id()));
                        standing = known.get().full() ? List.of() : plan.standing();
                        next();
                    }, this::failed), this::failed);
                }, this::failed);
            });
        }

        private Optional<PassPair> pairOfPass() {
            return simulation.books.ledger().passes().pair(request.pass(), request.pair());
        }

        private boolean runs() {
            return simulation.books.ledger().passes().get(request.pass()).filter(pass -> pass.state() == PassState.RUNNING).isPresent();
        }

        private String pair() {
            return request.pair().value();
        }

        private Rows rows() {
            return new Rows(simulation.books.ledger().folders().of(request.pair(), request.generation()), simulation.books.ledger().folders().watermarks(request.pair(), request.generation()));
        }

        private void next() {
            ScanPlan.Planned folder = todo.poll();
            if (folder == null) {
                whenConfirmed(() -> end(new ScanEnd(request.pass(), request.pair(), request.generation(), scan, enumerated, skipped, List.of(), List.of(), null, standing)));
                return;
            }
            Sources.Box box = simulation.sources.inState(pair(), folder.status().uidValidity());
            if (folder.known() == null && box == null) {
                failed();
                return;
            }
            Folder row = row(folder, box);
            TargetFolder target = row.target();
            put(folder.known(), row, () -> {
                if (folder.action() instanceof ScanAction.Skip) {
                    skipped.add(row.id());
                    next();
                } else if (folder.action() instanceof ScanAction.Rekey) {
                    endOfTheFormer(row, () -> rekey(folder, row));
                } else {
                    // What failed before is met again on the way.
                    long from = folder.action() instanceof ScanAction.FromUid fromUid && !fromUid.again() ? fromUid.uid() : 1;
                    enumerate(folder, key(row), target, from, 0);
                }
            });
        }

        private Folder row(ScanPlan.Planned folder, Sources.Box box) {
            MailFolder source = folder.source();
            Folder known = folder.known();
            FolderId id = known != null ? known.id() : freshId(box);
            TargetFolder target = known != null ? known.target() : simulation.target(request.pair(), box.id);
            String targetPath = known != null ? known.targetPath() : source.path();
            return new Folder(id, source.path(), source.rawName(), targetPath, target, known == null ? folder.status().uidValidity() : known.uidValidity(), folder.placedAs(), folder.status().mailboxId(),
                    known == null ? List.of() : known.former());
        }

        /** Two scanners at once choose the same. Counted on where the folder was known before, and is not recognised. */
        private FolderId freshId(Sources.Box box) {
            return Sources.idsOf(box).stream().filter(id -> !used.contains(id)).findFirst().orElseThrow();
        }

        private void end(ScanEnd end) {
            if (end.stands()) {
                simulation.books.write(machine, 1, rows -> {
                    if (rows > 0) {
                        simulation.books.ledger().folders().scanEnded(end);
                    }
                }, delivery::acknowledge, this::failed);
            } else {
                simulation.topics.publish(machine, end, delivery::acknowledge, this::failed);
            }
        }

        /** A write that is repeated for its answer, as the real ledger's client does: what it finds then may be itself. */
        private void put(Folder expected, Folder row, Runnable done) {
            simulation.books.transact(machine, () -> simulation.books.ledger().folders().replace(request.pair(), request.generation(), expected, row), put -> {
                if (put) {
                    world.note(() -> machine.name() + " knows " + Words.of(row));
                    done.run();
                } else {
                    failed();
                }
            }, this::failed);
        }

        private FolderKey key(Folder row) {
            return new FolderKey(request.pair(), request.generation(), row.id(), row.uidValidity());
        }

        // ---- new UIDs

        private void endOfTheFormer(Folder row, Runnable done) {
            if (simulation.mutation == Mutation.REKEYED_IN_DOUBT) {
                done.run();
                return;
            }
            simulation.books.read(machine, () -> lease(row), before -> {
                if (before == null || before.isQuiet()) {
                    done.run();
                } else {
                    untilSettled(row, before.epoch(), 0, done);
                }
            }, this::failed);
        }

        private void untilSettled(Folder row, long epoch, int looks, Runnable done) {
            if (!runs()) {
                delivery.acknowledge();
                return;
            } else if (looks >= LOOKS_MAX) {
                failed();
                return;
            }
            if (looks % LOOKS_TO_ASK_AGAIN == 0) {
                simulation.topics.publish(machine, new CopyPage(request.pass(), key(row), scan, 0, row.target(), List.of()), () -> { }, () -> { });
            }
            machine.in(LOOK_MILLIS, () -> simulation.books.read(machine, () -> lease(row), now -> {
                if (now.isSettled(epoch)) {
                    done.run();
                } else {
                    untilSettled(row, epoch, looks + 1, done);
                }
            }, this::failed));
        }

        private Lease lease(Folder row) {
            return simulation.books.ledger().leases().read(row.target()).orElse(null);
        }

        private void rekey(ScanPlan.Planned folder, Folder row) {
            Folder next = row.rekeyed(folder.status().uidValidity());
            Recognition recognition = new Recognition(machine, simulation, request.pass(), scan, key(next), row.id(), next.former());
            recognition.run(simulation.sources.named(pair(), row.rawName()), this::runs, () -> put(row, next, () -> enumerate(folder, key(next), row.target(), 1, 0)), this::failed);
        }

        private void enumerate(ScanPlan.Planned folder, FolderKey key, TargetFolder target, long fromUid, int seq) {
            machine.in(world.latency(), () -> {
                Sources.Box box = simulation.sources.named(pair(), folder.source().rawName());
                if (box == null || box.uidValidity != key.serverUidValidity() || world.fault(world.odds().mailFails())) {
                    failed();
                    return;
                }
                // As many pages together as a fast server gives, and fewer of a slow one.
                int together = (int) world.between(1, PAGES_TOGETHER_MAX);
                List<SourceItem> items = box.letters.tailMap(fromUid).entrySet().stream().limit((long) together * simulation.pageItems).map(entry -> entry.getValue().as(entry.getKey())).toList();
                int count = 0;
                for (int from = 0; from < items.size(); from += simulation.pageItems) {
                    List<SourceItem> page = items.subList(from, Math.min(items.size(), from + simulation.pageItems));
                    publish(new ItemsPage(request.pass(), key, scan, seq + count++, target, page));
                }
                if (count == together) {
                    enumerate(folder, key, target, items.get(items.size() - 1).uid() + 1, seq + count);
                } else {
                    int pages = seq + count;
                    machine.in(world.latency(), () -> {
                        FolderStatus then = simulation.mutation == Mutation.STATUS_AFTER_THE_SCAN ? box.status() : folder.status();
                        publish(new FolderEnd(request.pass(), key, scan, new FolderStatus(key.uidValidity(), then.uidNext(), then.modSeq(), then.messages()), pages));
                        enumerated.add(key.folder());
                        next();
                    });
                }
            });
        }

        /** Nobody waits for it: the end of the scan is published when all of it is confirmed. */
        private void publish(PipelineRecord record) {
            unconfirmed++;
            simulation.topics.publish(machine, record, () -> confirmed(true), () -> confirmed(false));
        }

        private void confirmed(boolean well) {
            unconfirmed--;
            publicationFailed |= !well;
            if (unconfirmed == 0 && allConfirmed != null) {
                whenConfirmed(allConfirmed);
            }
        }

        private void whenConfirmed(Runnable then) {
            allConfirmed = then;
            if (unconfirmed == 0 && publicationFailed) {
                failed();
            } else if (unconfirmed == 0) {
                then.run();
            }
        }

        private void failed() {
            if (number < ATTEMPTS_MAX) {
                machine.in(world.between(500, 2_000), () -> new Attempt(delivery, number + 1).run());
                return;
            }
            Failure failure = new Failure(Reason.UNREACHABLE, "trouble");
            giveUp(new ScanEnd(request.pass(), new PairId(pair()), request.generation(), scan, List.of(), List.of(), List.of(), List.of(), failure));
        }

        private void giveUp(ScanEnd end) {
            simulation.topics.publish(machine, end, delivery::acknowledge, () -> machine.in(1_000, () -> giveUp(end)));
        }
    }
}
