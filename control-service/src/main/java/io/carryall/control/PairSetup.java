package io.carryall.control;

import io.carryall.control.PairWatch.Ended;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PairName;
import io.carryall.core.item.PassId;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.Pairs.Pair;
import io.carryall.core.port.Passes.Pass;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Finds or makes the pairs of a pass, chunk by chunk, so that the first are scanned while the last are named. Used by one thread; may be repeated after it failed.
 */
final class PairSetup {
    private static final int CHUNK = 1_000;
    private static final int WALKED_FROM = 50;
    /** So many pairs are walked over for each of the list. */
    private static final int WALKED_FACTOR = 20;

    private final ControlParts parts;
    private final Pass pass;
    private final MigrationSpec asked;
    private final PassState before;
    private final PairRows rows;
    private final OpenPages openPages;
    private final PairEnds ends;
    private final boolean flags;
    private volatile boolean stopped;
    /** Passes of other migrations that are under way: written by one thread before others read it. */
    private volatile List<PassId> others = List.of();

    PairSetup(ControlParts parts, Pass pass, MigrationSpec asked, PassState before, boolean flags) {
        this.parts = parts;
        this.pass = pass;
        this.asked = asked;
        this.before = before;
        this.rows = new PairRows(parts.ledger(), pass.id());
        this.openPages = new OpenPages(parts, pass.id());
        this.ends = new PairEnds(parts.ledger(), parts.results());
        this.flags = flags;
    }

    /**
     * A pair of the pass.
     *
     * @param ended    how it had ended in it before the pass was resumed; null where it has not
     * @param scanned  a scan from before stands, so that none needs to be asked for
     * @param outdated scans that decide nothing
     * @param open     what the scan from before left open
     * @param beside   a pass of another migration that has it at the same time; null where there is none
     */
    record Found(PassPair pair, Ended ended, boolean scanned, Set<String> outdated, OpenPages.Open open, PassId beside) {}

    void stop() {
        stopped = true;
    }

    void run(Consumer<List<Found>> into) {
        others = parts.ledger().passes().migrations().stream().filter(name -> !name.equals(pass.id().migration())).map(parts.ledger().passes()::newest).flatMap(Optional::stream)
                .filter(other -> other.state() == PassState.RUNNING).map(Pass::id).toList();
        Map<PairId, PassPair> standing = new LinkedHashMap<>();
        if (before != null) {
            parts.ledger().passes().forEachPair(pass.id(), pair -> standing.put(pair.pair(), pair));
        }
        List<MailboxPair> list = asked.mailboxes();
        Map<PairName, Pair> known = walked(list);
        for (int from = 0; from < list.size() && !stopped; from += CHUNK) {
            List<MailboxPair> chunk = list.subList(from, Math.min(list.size(), from + CHUNK));
            List<PassPair> pairs = parts.all(chunk, mailbox -> named(mailbox, known, standing));
            parts.ledger().passes().putPairs(pass.id(), pairs);
            hand(pairs, standing, into);
            pairs.forEach(pair -> standing.remove(pair.pair()));
        }
        List<PassPair> rest = new ArrayList<>(standing.values());
        for (int from = 0; from < rest.size() && !stopped; from += CHUNK) {
            List<PassPair> chunk = parts.all(rest.subList(from, Math.min(rest.size(), from + CHUNK)), this::renewed);
            parts.ledger().passes().putPairs(pass.id(), chunk.stream().filter(pair -> !pair.equals(standing.get(pair.pair()))).toList());
            hand(chunk, standing, into);
        }
    }

    /** Where the list has a good part of all pairs, a walk over them takes a fraction of what it takes to look for each. Those that it does not meet are looked for. */
    private Map<PairName, Pair> walked(List<MailboxPair> list) {
        Map<PairName, Pair> met = new HashMap<>();
        if (list.size() >= WALKED_FROM) {
            Set<PairName> wanted = list.stream().map(asked::nameOf).collect(Collectors.toSet());
            parts.ledger().pairs().forEach(list.size() * WALKED_FACTOR, pair -> {
                if (wanted.contains(pair.name())) {
                    met.put(pair.name(), pair);
                }
            });
        }
        return met;
    }

    /** A pair that was reset since the pass stopped goes on in its present generation, one that was renamed under its new name. */
    private PassPair renewed(PassPair known) {
        return parts.ledger().pairs().get(known.pair()).map(now -> renewed(known, now)).orElse(known);
    }

    private static PassPair renewed(PassPair known, Pair now) {
        String source = present(known.source(), known.source(), now.name().sourceMailbox());
        String target = present(known.target(), known.target(), now.name().targetMailbox());
        return new PassPair(known.pair(), now.generation(), known.full() || now.generation() != known.generation(), source, target, present(known.sourceUser(), known.source(), source), present(known.targetUser(), known.target(), target),
                known.sourceSecret(), known.targetSecret());
    }

    /** What was the former address is the present one, where that is another. */
    private static String present(String text, String former, String present) {
        return former.equals(text) && !former.equalsIgnoreCase(present) ? present : text;
    }

    /** On a resumed pass everything stays as it was, but for pairs that were reset meanwhile, and for the references to secrets, which belong to the run. */
    private PassPair named(MailboxPair mailbox, Map<PairName, Pair> walked, Map<PairId, PassPair> standing) {
        PairName name = asked.nameOf(mailbox);
        Pair pair = walked.containsKey(name) ? walked.get(name) : parts.ledger().pairs().named(name);
        PassPair known = standing.get(pair.id());
        int generation = pair.generation();
        boolean full = known == null || known.generation() != generation ? !pair.hasCompleted() && !parts.ledger().pairs().hasCompleted(pair.id(), generation) : known.full();
        return new PassPair(pair.id(), generation, full, mailbox.source(), mailbox.target(), mailbox.sourceUser(), mailbox.targetUser(), mailbox.sourceSecret(), mailbox.targetSecret());
    }

    private void hand(List<PassPair> pairs, Map<PairId, PassPair> standing, Consumer<List<Found>> into) {
        into.accept(parts.all(pairs, pair -> found(pair, standing.get(pair.pair()))));
    }

    private PassId beside(PassPair pair) {
        return others.stream().filter(other -> parts.ledger().passes().pair(other, pair.pair()).filter(its -> ends.of(other, its, false).isEmpty()).isPresent()).findFirst().orElse(null);
    }

    private Found found(PassPair pair, PassPair known) {
        if (known == null || known.generation() != pair.generation()) {
            return new Found(pair, null, false, Set.of(), OpenPages.Open.NONE, beside(pair));
        }
        List<ScanEnd> scans = parts.ledger().folders().scanEnds(pass.id(), pair.pair(), pair.generation());
        Optional<Ended> ended = ends.beforeGoingOn(pass.id(), pair, scans, flags).map(parts.results()::ended).filter(end -> end.state().equals("finished"));
        if (ended.isPresent()) {
            return new Found(pair, ended.get(), true, Set.of(), OpenPages.Open.NONE, null);
        }
        boolean stands = !scans.isEmpty() && rows.isWhole(pair, scans.get(scans.size() - 1));
        if (!stands) {
            return new Found(pair, null, false, scans.stream().map(ScanEnd::scan).collect(Collectors.toSet()), OpenPages.Open.NONE, beside(pair));
        }
        OpenPages.Open open = openPages.publishAll(pair, scans.get(scans.size() - 1));
        return new Found(pair, null, true, scans.subList(0, scans.size() - 1).stream().map(ScanEnd::scan).collect(Collectors.toSet()), open, beside(pair));
    }
}
