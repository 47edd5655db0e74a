package io.carryall.scanner;

import io.carryall.core.fold.UidSet;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PairName;
import io.carryall.core.item.Reason;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.migration.ItemFilter;
import io.carryall.core.port.MailException;
import io.carryall.core.port.Pairs.Pair;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.rekey.Sample;
import io.carryall.core.rekey.Traits;
import io.carryall.core.scan.Destination;
import io.carryall.core.scan.ScanAction;
import io.carryall.core.scan.ScanPlan.Planned;
import io.carryall.runtime.PassContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps a pair from being copied a second time where the ledger has forgotten that it was, or another tool did it: looks, before anything of the pair is published, whether the target holds what a sample of what is to be copied holds.
 * Where the target has no such folder, or nothing in it, that costs a line of LIST and one of STATUS; and where the newest message of a folder is one that the ledger knows, a STATUS. For one thread, once.
 */
final class CopiedBefore {
    private final Scanner.Parts parts;
    private final PassContext pass;
    private final PassPair pair;
    private final PairMailboxes mailboxes;

    CopiedBefore(Scanner.Parts parts, PassContext pass, PassPair pair, PairMailboxes mailboxes) {
        this.parts = parts;
        this.pass = pass;
        this.pair = pair;
        this.mailboxes = mailboxes;
    }

    /** Where a folder's items would go, and how that stands. */
    private record Place(Planned folder, TargetFolder target, String path, FolderStatus status) {}

    /** @throws CannotScanException with {@link Reason#COPIED_BEFORE} */
    void check(List<Planned> folders) throws CannotScanException, InterruptedException {
        if (pair.generation() > 1 && !parts.ledger().pairs().hasCompleted(pair.pair(), pair.generation())) {
            // It was reset: everything is to be copied again, however often its first pass breaks off.
            return;
        }
        if (pass.adopt() && !isNew()) {
            return;
        }
        List<Planned> growing = folders.stream().filter(CopiedBefore::mayHaveNews).toList();
        if (growing.isEmpty()) {
            return;
        }
        for (Place place : places(growing)) {
            check(place);
        }
    }

    private boolean isNew() {
        return !parts.ledger().pairs().hasCompleted(pair.pair(), pair.generation());
    }

    /** What is recognised by itself ({@link ScanAction.Rekey}) is not looked for. */
    private static boolean mayHaveNews(Planned folder) {
        if (folder.action() instanceof ScanAction.FromUid from) {
            return folder.status().uidNext() > from.uid();
        }
        return folder.status().messages() > 0 && (folder.action() instanceof ScanAction.All || folder.action() instanceof ScanAction.Compare);
    }

    /** Those that there are, and that hold something. */
    private List<Place> places(List<Planned> folders) throws CannotScanException, InterruptedException {
        return mailboxes.target("looking at the target's folders", session -> {
            // Without UIDPLUS the ledger cannot tell which messages are those that it knows of, in a folder that it knows or to which others of its items went.
            boolean tellsUids = session.capabilities().uidPlus();
            List<Planned> askable = tellsUids ? folders : folders.stream().filter(folder -> folder.known() == null).toList();
            List<MailFolder> there = askable.stream().anyMatch(Planned::needsTarget) ? session.folders() : List.of();
            List<Place> places = new ArrayList<>();
            for (Planned folder : askable) {
                if (!folder.needsTarget()) {
                    places.add(new Place(folder, folder.known().target(), folder.known().targetPath(), null));
                    continue;
                }
                Destination destination = Destination.of(folder, there, session::plan);
                TargetFolder target = target(destination.name().rawName());
                if (destination.isThere() && (tellsUids || parts.ledger().leases().read(target).isEmpty())) {
                    places.add(new Place(folder, target, destination.name().path(), null));
                }
            }
            Map<String, FolderStatus> statuses = session.reading().statuses(places.stream().map(place -> place.target().folder()).distinct().toList());
            return places.stream().map(place -> new Place(place.folder(), place.target(), place.path(), statuses.get(place.target().folder())))
                    .filter(place -> place.status() != null && place.status().messages() > 0).toList();
        });
    }

    private TargetFolder target(String rawName) {
        return new TargetFolder((pass.spec().target().system() + "/" + pair.target()).toLowerCase(Locale.ROOT), rawName);
    }

    private void check(Place place) throws CannotScanException, InterruptedException {
        long fromUid = place.folder().known() == null ? 1 : firstUnknown(place);
        if (place.status().uidNext() > 0 && fromUid >= place.status().uidNext()) {
            return;
        }
        Sample sample = new Sample();
        mailboxes.source("looking at " + place.folder().source().path(), session -> {
            sampleSource(session, place.folder(), sample);
            return null;
        });
        if (sample.sampled() == 0) {
            return;
        }
        Map<Long, String> headers = new HashMap<>();
        mailboxes.target("looking at " + place.path() + " on the target", session -> {
            SourceSession reading = session.reading();
            reading.enumerate(place.target().folder(), place.status().uidValidity(), fromUid, sample::target);
            reading.headers(place.target().folder(), place.status().uidValidity(), sample.targetUids(), (item, lines) -> {
                Traits message = Traits.of(item, lines);
                headers.put(item.uid(), message.headers());
                sample.targetTraits(message);
            });
            return null;
        });
        Set<Long> alike = new HashSet<>(sample.certain());
        if (place.folder().known() == null) {
            // What a ledger forgot it had copied itself, as it is. What merely resembles it in a folder that it knows was delivered to both systems.
            alike.addAll(sample.likely());
        }
        if (alike.isEmpty()) {
            return;
        }
        Map<Long, PairId> pairs = new HashMap<>();
        Owners owners = Owners.of(parts.ledger(), place.target(), place.status().uidValidity(), alike.stream().mapToLong(Long::longValue).min().orElseThrow(), (uid, item) -> {
            if (alike.contains(uid)) {
                pairs.put(uid, item.folder().pair());
            }
        });
        stopNamesake(place, sample, pairs);
        alike.removeIf(uid -> owners.isClaimed(uid) || owners.mayBeInDoubt(uid, headers.get(uid)));
        if (!pass.adopt() && sample.saysCopied(alike)) {
            throw new CannotScanException(Reason.COPIED_BEFORE, "the target's folder " + place.path() + " holds messages of the source's " + place.folder().source().path() + " that the ledger knows nothing of (" + alike.size()
                    + " were found with a sample of " + sample.sampled() + "): the ledger was lost or is an older one, or another tool has copied. Nothing was copied, since it would be there twice. "
                    + "run --adopt takes what is there into the ledger and copies what is missing", 0, 0);
        }
    }

    /** Where the file does not name its systems their hosts do, and after a switch of servers the same mailbox would be met as one of another system, which nobody ever copied. That can't be adopted either: the messages are known. */
    private void stopNamesake(Place place, Sample sample, Map<Long, PairId> pairs) throws CannotScanException {
        if (place.folder().known() != null || !isNew()) {
            return;
        }
        Map<Long, String> systems = new HashMap<>();
        pairs.forEach((uid, other) -> systemOfNamesake(other).ifPresent(system -> systems.put(uid, system)));
        if (sample.saysCopied(systems.keySet())) {
            throw new CannotScanException(Reason.COPIED_BEFORE, "the target's folder " + place.path() + " holds messages of the source's " + place.folder().source().path() + " that were copied there from the same address of the system "
                    + systems.values().iterator().next() + ". Nothing was copied, since it would be there twice. If it is the same system under another host's name, say so in the migration file (source: system: "
                    + systems.values().iterator().next() + "); if it is another one, reset has it copied all the same", 0, 0);
        }
    }

    /** The source system of another pair with the same addresses. */
    private Optional<String> systemOfNamesake(PairId other) {
        boolean another = !other.equals(pair.pair());
        return another ? parts.ledger().pairs().get(other).map(Pair::name).filter(name -> name.sourceMailbox().equalsIgnoreCase(pair.source()) && name.targetMailbox().equalsIgnoreCase(pair.target())).map(PairName::sourceSystem) : Optional.empty();
    }

    /** What was copied and forgotten since a backup of the ledger was taken stands behind all that the ledger knows of. */
    private long firstUnknown(Place place) {
        return parts.ledger().items().newestClaim(place.target(), place.status().uidValidity()).orElse(0) + 1;
    }

    /** Of what would be copied: items that the filter lets through and that the ledger knows nothing of. */
    private void sampleSource(SourceSession session, Planned folder, Sample sample) throws MailException {
        ItemFilter filter = pass.itemFilter();
        String rawName = folder.source().rawName();
        long fromUid = folder.action() instanceof ScanAction.FromUid from ? from.uid() : 1;
        UidSet known = new UidSet();
        if (folder.known() != null) {
            FolderKey key = new FolderKey(pair.pair(), pair.generation(), folder.id(), folder.known().uidValidity());
            parts.ledger().items().forEachDone(key, fromUid, done -> known.add(done.uid()));
            parts.ledger().items().forEachFailed(key, failed -> known.add(failed.uid()));
        }
        session.enumerate(rawName, folder.status().uidValidity(), fromUid, item -> {
            if (!known.contains(item.uid()) && filter.lets(item.sizeBytes(), item.hasDate() ? item.date() : null).letsThrough()) {
                sample.source(item);
            }
        });
        session.headers(rawName, folder.status().uidValidity(), sample.sourceUids(), (item, lines) -> sample.sourceTraits(Traits.of(item, lines)));
    }
}
