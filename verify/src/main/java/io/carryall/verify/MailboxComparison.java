package io.carryall.verify;

import io.carryall.core.migration.ItemFilter;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.MailException;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.port.TargetSession.Planned;
import io.carryall.verify.FolderPlan.Way;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Compares one target mailbox with the source mailboxes that go into it: one, as a rule. All that goes into one target folder is compared together, since the same message from two sources is there twice rightly. Holds two
 * folders at a time, one of each side.
 */
final class MailboxComparison {
    /** A source mailbox, where its findings go. */
    record Source(Mailbox mailbox, PairFindings findings) {}

    private record From(Source source, Way way) {}

    /** Messages of a source folder stand from {@code first} to {@code end}, exclusive. */
    private record Part(From from, int first, int end) {
        String folder() {
            return from.way.source().path();
        }

        IntStream of(IntStream messages) {
            return messages.filter(i -> i >= first && i < end);
        }
    }

    private final MigrationSpec spec;
    private final VerifyOptions options;
    private final List<Source> sources;
    private final Mailbox target;
    private final Executor besides;
    private final VerifyProgress progress;
    private final FlagSets flagSets = new FlagSets();
    private final ItemFilter filter;

    /** @param besides reads the target while the source is being read */
    MailboxComparison(MigrationSpec spec, VerifyOptions options, List<Source> sources, Mailbox target, Executor besides, VerifyProgress progress) {
        this.spec = spec;
        this.options = options;
        this.sources = sources;
        this.target = target;
        this.besides = besides;
        this.progress = progress;
        this.filter = spec.filter().onItems();
    }

    /** Leaves what it finds, or why it could not look, in the findings of the sources. */
    void run() {
        try {
            compareAll();
        } catch (MailException e) {
            // what a mailbox should hold is only known when all that go into it could be read
            sources.forEach(source -> source.findings.fail(e));
        } finally {
            sources.forEach(source -> source.mailbox.close());
            target.close();
        }
    }

    private void compareAll() throws MailException {
        List<MailFolder> targetFolders = target.folders();
        Map<String, List<From>> byTarget = new LinkedHashMap<>();
        Set<String> notLookedAt = new HashSet<>();
        for (Source source : sources) {
            FolderPlan plan = plan(source.mailbox.folders(), targetFolders);
            plan.ways().forEach(way -> byTarget.computeIfAbsent(place(way), place -> new ArrayList<>()).add(new From(source, way)));
            plan.leftOut().forEach(way -> {
                source.findings.excludedFolders.add(way.source().path());
                notLookedAt.add(place(way));
            });
            release(source);
        }
        for (List<From> froms : byTarget.values()) {
            compare(froms);
        }
        for (MailFolder folder : targetFolders) {
            String place = place(folder.rawName());
            if (folder.selectable() && !FolderPlan.isDouble(folder) && !byTarget.containsKey(place) && !notLookedAt.contains(place)) {
                listExtra(folder);
            }
        }
    }

    private FolderPlan plan(List<MailFolder> sourceFolders, List<MailFolder> targetFolders) throws MailException {
        Map<String, List<Planned>> names = new HashMap<>();
        for (String path : FolderPlan.paths(spec, sourceFolders)) {
            names.put(path, target.names(path));
        }
        return FolderPlan.of(spec, sourceFolders, targetFolders, names::get);
    }

    private static String place(Way way) {
        return way.targetName() == null ? "missing " + way.targetPath() : place(way.targetName());
    }

    private static String place(String rawName) {
        // the same in any case (RFC 9051, section 5.1)
        return "there " + (rawName.equalsIgnoreCase("INBOX") ? "INBOX" : rawName);
    }

    /** Where many mailboxes go into one, their connections are open one at a time. */
    private void release(Source source) {
        if (sources.size() > 1) {
            source.mailbox.close();
        }
    }

    private void compare(List<From> froms) throws MailException {
        String targetName = froms.get(0).way.targetName();
        Entries targetEntries = new Entries(0);
        CompletableFuture<Void> targetRead = CompletableFuture.runAsync(() -> unchecked(() -> {
            target.list(targetName, ItemFilter.EVERYTHING, flagSets, targetEntries);
            digestIfAsked(target, targetName, targetEntries);
        }), besides);
        Entries sourceEntries = new Entries(0);
        List<Part> parts;
        try {
            parts = readSources(froms, sourceEntries);
        } finally {
            awaitQuietly(targetRead);
        }
        await(targetRead);
        FolderComparison comparison = decide(parts, sourceEntries, targetName, targetEntries);
        tell(parts, sourceEntries, targetEntries, comparison);
    }

    private List<Part> readSources(List<From> froms, Entries entries) throws MailException {
        List<Part> parts = new ArrayList<>();
        for (From from : froms) {
            int first = entries.size();
            String folder = from.way.source().rawName();
            from.source.mailbox.list(folder, filter, flagSets, entries);
            Part part = new Part(from, first, entries.size());
            if (options.bodies()) {
                from.source.mailbox.digest(folder, entries, IntStream.range(first, entries.size()).filter(i -> !entries.excluded(i)));
            }
            parts.add(part);
            release(from.source);
        }
        return parts;
    }

    private void digestIfAsked(Mailbox mailbox, String folder, Entries entries) throws MailException {
        if (options.bodies()) {
            mailbox.digest(folder, entries, IntStream.range(0, entries.size()));
        }
    }

    private FolderComparison decide(List<Part> parts, Entries source, String targetName, Entries targetEntries) throws MailException {
        FolderComparison comparison = FolderComparison.compare(source, targetEntries, options.bodies());
        if (!comparison.doubtfulSource().isEmpty() || !comparison.doubtfulTarget().isEmpty()) {
            for (Part part : parts) {
                IntStream doubtful = part.of(comparison.doubtfulSource().stream());
                progress.inDoubt(part.from.source.findings.pair.source(), part.folder(), part.of(comparison.doubtfulSource().stream()).count());
                part.from.source.mailbox.digest(part.from.way.source().rawName(), source, doubtful);
                release(part.from.source);
            }
            target.digest(targetName, targetEntries, comparison.doubtfulTarget().stream());
            comparison = FolderComparison.compare(source, targetEntries, options.bodies());
        }
        return forgiveKeywords(comparison, source, targetName, targetEntries);
    }

    /** What the target's folder can't store is no difference: the message arrived as well as it can. */
    private FolderComparison forgiveKeywords(FolderComparison comparison, Entries source, String targetName, Entries targetEntries) throws MailException {
        FolderComparison compared = comparison;
        boolean lacking = compared.different().anyMatch(s -> flagSets.lacksKeyword(targetEntries.flagSet(compared.targetOf(s)), source.flagSet(s)));
        if (!lacking) {
            return compared;
        }
        Predicate<String> storable = target.storableKeywords(targetName);
        source.mapFlagSets(set -> flagSets.storable(set, storable));
        return FolderComparison.compare(source, targetEntries, options.bodies());
    }

    private void tell(List<Part> parts, Entries source, Entries targetEntries, FolderComparison comparison) throws MailException {
        Way way = parts.get(0).from.way;
        Map<Long, String> targetIds = target.messageIds(way.targetName(), targetEntries, IntStream.concat(comparison.doubled(), comparison.extra()));
        for (Part part : parts) {
            PairFindings findings = part.from.source.findings;
            boolean once = part == parts.get(0);
            Map<Long, String> ids = part.from.source.mailbox.messageIds(part.from.way.source().rawName(), source, part.of(IntStream.concat(comparison.missing(), comparison.different())));
            release(part.from.source);
            part.of(comparison.missing()).forEach(s -> findings.missing.add(findings.item(part.folder(), source.uid(s), ids.get(source.uid(s)), null, null)));
            if (way.targetName() == null && part.of(comparison.missing()).findAny().isEmpty()) {
                findings.missing.add(findings.item(part.folder(), null, null, "folder", "the target has no folder " + way.targetPath()));
            }
            part.of(comparison.different()).forEach(s -> tellDifferent(findings, part.folder(), source, s, targetEntries, comparison, ids.get(source.uid(s))));
            int[] doubled = comparison.doubled().filter(t -> part.of(IntStream.of(comparison.sourceOf(t))).count() > 0).toArray();
            IntStream.of(doubled).forEach(t -> findings.doubled.add(targetItem(findings, way.targetPath(), targetEntries, t, targetIds)));
            int[] extra = once ? comparison.extra().toArray() : new int[0];
            IntStream.of(extra).forEach(t -> findings.extra.add(targetItem(findings, way.targetPath(), targetEntries, t, targetIds)));
            findings.folders.add(new VerifyResult.Folder(part.folder(), way.targetPath(), part.end - part.first, once ? targetEntries.size() : 0,
                    IntStream.range(part.first, part.end).filter(source::excluded).count(), part.of(comparison.missing()).count(), doubled.length, part.of(comparison.different()).count(), extra.length));
            progress.compared(findings.pair.source(), part.folder(), part.end - part.first);
        }
    }

    private static VerifyResult.Item targetItem(PairFindings findings, String folder, Entries target, int t, Map<Long, String> ids) {
        return findings.item(folder, target.uid(t), ids.get(target.uid(t)), null, null);
    }

    private void tellDifferent(PairFindings findings, String folder, Entries source, int s, Entries targetEntries, FolderComparison comparison, String messageId) {
        int t = comparison.targetOf(s);
        for (FolderComparison.Aspect aspect : comparison.differences(s)) {
            findings.different.add(findings.item(folder, source.uid(s), messageId, aspect.word(), Difference.told(aspect, source, s, targetEntries, t, flagSets)));
        }
    }

    /** A folder that nothing of the source goes to. */
    private void listExtra(MailFolder folder) throws MailException {
        Entries entries = new Entries(0);
        target.list(folder.rawName(), ItemFilter.EVERYTHING, flagSets, entries);
        Map<Long, String> ids = target.messageIds(folder.rawName(), entries, IntStream.range(0, entries.size()));
        PairFindings findings = sources.get(0).findings;
        IntStream.range(0, entries.size()).forEach(t -> findings.extra.add(targetItem(findings, folder.path(), entries, t, ids)));
        if (entries.size() > 0) {
            findings.folders.add(new VerifyResult.Folder(null, folder.path(), 0, entries.size(), 0, 0, 0, 0, entries.size()));
        }
    }

    private interface Looking {
        void run() throws MailException;
    }

    private static void unchecked(Looking looking) {
        try {
            looking.run();
        } catch (MailException e) {
            throw new CompletionException(e);
        }
    }

    private static void await(CompletableFuture<Void> read) throws MailException {
        try {
            read.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof MailException mail) {
                throw mail;
            }
            throw e;
        }
    }

    /** The target's connection must be at rest before anybody closes it. */
    private static void awaitQuietly(CompletableFuture<Void> read) {
        read.handle((nothing, failure) -> nothing).join();
    }
}
