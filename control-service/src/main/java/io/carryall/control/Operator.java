package io.carryall.control;

import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PairName;
import io.carryall.core.item.Reason;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Pairs.Pair;
import io.carryall.core.port.Passes.Pass;
import io.carryall.core.port.Passes.PassState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What operators do to pairs between passes. Each is done while nobody drives a pass that has these pairs, and refused otherwise. Thread-safe. */
public final class Operator {
    private static final int CHUNK = 200;
    private static final int REFUSALS_SHOWN_MAX = 20;
    private static final int RECORDED_FOLDERS_MAX = 4;
    private static final int RECORDED_UIDS_MAX = 32;

    private final ControlParts parts;
    private final Drivers drivers;

    Operator(ControlParts parts, Drivers drivers) {
        this.parts = parts;
        this.drivers = drivers;
    }

    /** What came of it. */
    public sealed interface Answer<T> {
        record Done<T>(T what) implements Answer<T> {}

        /** Somebody drives a pass, or the state of things is not as it would have to be. */
        record Refused<T>(String reason, String detail) implements Answer<T> {}
    }

    /**
     * Which failed items are meant, and what is to become of them.
     *
     * @param reason of the newest attempt at an item; null: any
     * @param folder its path on the source; null: any
     * @param uids   in that folder; empty: any
     * @param accept whether they are taken for arrived, instead of being tried again
     */
    public record Choice(Reason reason, String folder, Set<Long> uids, boolean accept) {
        public Choice {
            uids = Set.copyOf(uids);
            if (accept && reason != Reason.AMBIGUOUS) {
                throw new IllegalArgumentException("only what is ambiguous may have arrived");
            }
        }

        boolean has(Folder row) {
            return folder == null || folder.equals(row.path());
        }

        boolean has(Failed newest) {
            return (reason == null || newest.reason() == reason) && (uids.isEmpty() || uids.contains(newest.uid()));
        }
    }

    /** What retry made eligible, or took for arrived: how many items, by reason, and of which pairs. */
    public record Retried(Map<Reason, Long> items, Map<MailboxPair, Long> pairs) {}

    /**
     * Makes failed items eligible again for the next pass, or takes them for arrived.
     *
     * @param mailboxes source addresses; empty: all
     */
    public Answer<Retried> retry(MigrationSpec spec, List<String> mailboxes, Choice choice) throws InterruptedException {
        MigrationSpec part = Control.part(spec, mailboxes);
        Optional<Answer<Retried>> answer = drivers.whileStill(List.of(spec.migration()), keep -> {
            Optional<Pass> unfinished = parts.ledger().passes().newest(spec.migration()).filter(pass -> pass.state() != PassState.ENDED);
            if (unfinished.isPresent()) {
                return new Answer.Refused<>("unfinished", "pass " + unfinished.get().id().number() + " of " + spec.migration() + " has not come to its end: run goes on with it, and after its end retry can tell what failed");
            }
            return new Answer.Done<>(retry(part, choice, keep));
        });
        return answer.orElseGet(() -> running(List.of(spec.migration())));
    }

    private Retried retry(MigrationSpec part, Choice choice, Runnable keep) {
        Map<Reason, Long> items = new LinkedHashMap<>();
        Map<MailboxPair, Long> pairs = new LinkedHashMap<>();
        List<MailboxPair> list = part.mailboxes();
        for (int from = 0; from < list.size(); from += CHUNK) {
            keep.run();
            List<Optional<Retry.Retried>> chunk = parts.all(list.subList(from, Math.min(list.size(), from + CHUNK)), mailbox ->
                    parts.ledger().pairs().find(part.nameOf(mailbox)).map(pair -> new Retry(parts.ledger(), choice).run(mailbox, pair)));
            chunk.stream().flatMap(Optional::stream).filter(retried -> retried.sum() > 0).forEach(retried -> {
                retried.items().forEach((why, count) -> items.merge(why, count, Long::sum));
                pairs.put(retried.mailbox(), retried.sum());
            });
        }
        return new Retried(items, pairs);
    }

    /** Where one of them has a pass under way, that one is what holds us up. */
    private <T> Answer<T> running(Collection<String> migrations) {
        List<String> under = migrations.stream().filter(name -> parts.ledger().passes().newest(name).filter(pass -> pass.state() == PassState.RUNNING).isPresent()).toList();
        return new Answer.Refused<>("running", (under.isEmpty() ? migrations : under).stream().map(drivers::runningDetail).collect(Collectors.joining("; ")));
    }

    /**
     * A pair that is to be reset.
     *
     * @param messages that were migrated in its present generation: so many would arrive a second time, as far as they are still on the source
     */
    public record Resettable(MailboxPair mailbox, PairId pair, int generation, long messages) {}

    /** What a reset of this source mailbox would mean: nothing is changed. Empty where the ledger does not know it. */
    public List<Resettable> lookAtReset(MigrationSpec spec, String mailbox) {
        List<Resettable> found = new ArrayList<>();
        for (MailboxPair listed : Control.part(spec, List.of(mailbox)).mailboxes()) {
            parts.ledger().pairs().find(spec.nameOf(listed)).ifPresent(pair -> found.add(new Resettable(listed, pair.id(), pair.generation(), migrated(pair))));
        }
        return found;
    }

    private long migrated(Pair pair) {
        long[] count = new long[1];
        for (Folder folder : parts.ledger().folders().of(pair.id(), pair.generation())) {
            parts.ledger().items().forEachDone(new FolderKey(pair.id(), pair.generation(), folder.id(), folder.uidValidity()), done -> count[0]++);
        }
        return count[0];
    }

    /** Begins the next generation of these pairs. Refused where one of them has another generation by now than was looked at, or where somebody drives a pass that has it. */
    public Answer<List<Resettable>> reset(MigrationSpec spec, List<Resettable> agreed) throws InterruptedException {
        Collection<String> migrations = concerned(spec.migration(), agreed.stream().map(Resettable::pair).toList());
        Optional<Answer<List<Resettable>>> answer = drivers.whileStill(migrations, keep -> {
            for (Resettable one : agreed) {
                if (!parts.ledger().pairs().nextGeneration(one.pair(), one.generation())) {
                    return new Answer.Refused<>("changed", one.mailbox().source() + " was reset by somebody else meanwhile");
                }
            }
            return new Answer.Done<>(agreed);
        });
        return answer.orElseGet(() -> running(migrations));
    }

    /** A pair that got another name. {@code listed}: whether the list names it by the new one already. */
    public record Remapped(PairId pair, PairName from, PairName to, boolean listed) {}

    /** Messages that the ledger recorded in one target folder: by them it can be seen whether a mailbox is the one that they went to. */
    public record Recorded(String folder, long uidValidity, List<Long> uids) {}

    /** Some of the newest that were recorded of a pair, in a few of its folders. */
    public List<Recorded> recorded(PairId pair) {
        List<Recorded> recorded = new ArrayList<>();
        int generation = parts.ledger().pairs().get(pair).map(Pair::generation).orElse(1);
        for (Watermark mark : parts.ledger().folders().watermarks(pair, generation)) {
            if (recorded.size() < RECORDED_FOLDERS_MAX && mark.done() > 0) {
                FolderKey key = new FolderKey(pair, generation, mark.folder(), mark.status().uidValidity());
                recorded.addAll(newest(key, Math.max(1, mark.status().uidNext() - RECORDED_UIDS_MAX)));
            }
        }
        return recorded;
    }

    private List<Recorded> newest(FolderKey folder, long fromUid) {
        Map<String, Recorded> found = new LinkedHashMap<>();
        parts.ledger().items().forEachDone(folder, fromUid, done -> {
            if (done.targetUid() > 0) {
                found.computeIfAbsent(done.target().folder() + " " + done.targetUidValidity(), target -> new Recorded(done.target().folder(), done.targetUidValidity(), new ArrayList<>())).uids().add(done.targetUid());
            }
        });
        return List.copyOf(found.values());
    }

    /** Gives pairs their new names, all of them or none: refused where a new name has a ledger of its own, where the former name is not certain, or where somebody drives a pass that has one of the pairs. */
    public Answer<List<Remapped>> remap(MigrationSpec spec, Remapping remapping) throws InterruptedException {
        List<Remapped> wanted = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        spec.mailboxes().forEach(mailbox -> look(spec.nameOf(mailbox), remapping, wanted, refusals));
        if (!refusals.isEmpty()) {
            return new Answer.Refused<>("refused", String.join("; ", refusals.subList(0, Math.min(refusals.size(), REFUSALS_SHOWN_MAX))) + (refusals.size() > REFUSALS_SHOWN_MAX ? "; and more" : ""));
        }
        Collection<String> migrations = concerned(spec.migration(), wanted.stream().map(Remapped::pair).toList());
        Optional<Answer<List<Remapped>>> answer = drivers.whileStill(migrations, keep -> {
            for (Remapped one : wanted) {
                keep.run();
                if (!parts.ledger().pairs().rename(one.pair(), one.from(), one.to())) {
                    return new Answer.Refused<>("changed", shown(one.to()) + " got a ledger of its own meanwhile; pairs before it in the list have their new names, and the same command goes on");
                }
            }
            return new Answer.Done<>(wanted);
        });
        return answer.orElseGet(() -> running(migrations));
    }

    private void look(PairName listed, Remapping remapping, List<Remapped> wanted, List<String> refusals) {
        List<Remapped> found = new ArrayList<>();
        for (Remapping.Change change : remapping.changes(listed)) {
            parts.ledger().pairs().find(change.from()).ifPresent(pair -> found.add(new Remapped(pair.id(), change.from(), change.to(), change.to().equals(listed))));
        }
        if (found.size() > 1) {
            refusals.add(shown(listed) + " can be the new name of several pairs: name the side that changed");
        } else if (found.size() == 1) {
            Remapped one = found.get(0);
            Optional<Pair> other = parts.ledger().pairs().find(one.to()).filter(pair -> !pair.id().equals(one.pair()));
            if (other.isPresent()) {
                refusals.add(shown(one.to()) + " has a ledger of its own: what it holds would be forgotten");
            } else {
                wanted.add(one);
            }
        }
    }

    private static String shown(PairName name) {
        return name.sourceMailbox() + " to " + name.targetMailbox();
    }

    /** The migration itself, and every other one whose newest pass has one of the pairs, or may have, and has not come to its end. */
    private Collection<String> concerned(String migration, List<PairId> pairs) {
        Set<String> names = new TreeSet<>(Set.of(migration));
        for (String other : parts.ledger().passes().migrations()) {
            Optional<Pass> pass = parts.ledger().passes().newest(other).filter(newest -> newest.state() != PassState.ENDED);
            if (pass.isPresent() && (drivers.isBeingSetUp(pass.get()) || pairs.stream().anyMatch(pair -> parts.ledger().passes().pair(pass.get().id(), pair).isPresent()))) {
                names.add(other);
            }
        }
        return names;
    }
}
