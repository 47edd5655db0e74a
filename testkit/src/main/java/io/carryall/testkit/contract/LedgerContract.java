package io.carryall.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.carryall.core.flags.FlagBase;
import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PairName;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.Folders;
import io.carryall.core.port.Intents;
import io.carryall.core.port.Items;
import io.carryall.core.port.Leases;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Pages;
import io.carryall.core.port.Pairs;
import io.carryall.core.port.Passes;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PageRef;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.record.PipelineRecord.ExcludedFolder;
import io.carryall.core.record.PipelineRecord.Failure;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.StandingFolder;
import io.carryall.core.record.PipelineRecord.Warning;

/** What every {@link Ledger} promises. See the package on how to run it. */
public interface LedgerContract {
    /** The ledger under test. */
    Ledger ledger();

    /** A second client of the same data, as another process has one. */
    Ledger anotherLedger();

    // Passes

    @Test
    default void the_next_generation_of_a_pair_is_begun_by_one_alone_and_stays() throws Exception {
        Names names = new Names();
        Pairs.Pair pair = ledger().pairs().named(names.pairName());

        List<Boolean> begun = atOnce(8, i -> (i % 2 == 0 ? ledger() : anotherLedger()).pairs().nextGeneration(pair.id(), 1));

        assertThat(begun).containsOnlyOnce(true);
        assertThat(ledger().pairs().named(names.pairName())).isEqualTo(new Pairs.Pair(pair.id(), pair.name(), 2));
        assertThat(anotherLedger().pairs().nextGeneration(pair.id(), 2)).isTrue();
        assertThat(anotherLedger().pairs().get(pair.id())).contains(new Pairs.Pair(pair.id(), pair.name(), 3));
        assertThat(ledger().pairs().nextGeneration(new PairId("nobody"), 1)).isFalse();
    }

    @Test
    default void a_renamed_pair_keeps_its_id_and_its_former_name_is_free() {
        Pairs.Pair pair = ledger().pairs().named(new Names().pairName());
        ledger().pairs().nextGeneration(pair.id(), 1);
        PairName next = new Names().pairName();

        assertThat(ledger().pairs().rename(pair.id(), pair.name(), next)).isTrue();
        assertThat(anotherLedger().pairs().rename(pair.id(), pair.name(), next)).isTrue();

        assertThat(anotherLedger().pairs().named(next)).isEqualTo(new Pairs.Pair(pair.id(), next, 2));
        assertThat(ledger().pairs().get(pair.id())).contains(new Pairs.Pair(pair.id(), next, 2));
        assertThat(ledger().pairs().find(pair.name())).isEmpty();
        assertThat(ledger().pairs().named(pair.name()).id()).isNotEqualTo(pair.id());
    }

    @Test
    default void a_pair_is_not_given_the_name_of_another_one() {
        Pairs.Pair pair = ledger().pairs().named(new Names().pairName());
        Pairs.Pair other = ledger().pairs().named(new Names().pairName());

        assertThat(ledger().pairs().rename(pair.id(), pair.name(), other.name())).isFalse();

        assertThat(anotherLedger().pairs().find(pair.name())).contains(pair);
        assertThat(anotherLedger().pairs().find(other.name())).contains(other);
    }

    @Test
    default void a_pair_that_is_new_gets_the_id_that_is_wanted_unless_it_is_anothers() {
        PairName name = new Names().pairName();
        PairId wanted = new PairId("w" + Long.toString(System.nanoTime(), Character.MAX_RADIX));

        assertThat(ledger().pairs().named(name, wanted)).isEqualTo(new Pairs.Pair(wanted, name, 1));

        assertThat(anotherLedger().pairs().named(name, new PairId("other"))).isEqualTo(new Pairs.Pair(wanted, name, 1));
        Pairs.Pair next = anotherLedger().pairs().named(new Names().pairName(), wanted);
        assertThat(next.id()).isNotEqualTo(wanted);
        assertThat(ledger().pairs().get(wanted)).contains(new Pairs.Pair(wanted, name, 1));
        assertThat(ledger().pairs().get(next.id())).contains(next);
    }

    @Test
    default void every_pair_is_walked_over_once_with_the_name_and_the_generation_that_it_has_now() {
        Pairs.Pair pair = ledger().pairs().named(new Names().pairName());
        Pairs.Pair other = ledger().pairs().named(new Names().pairName());
        PairName next = new Names().pairName();
        ledger().pairs().nextGeneration(pair.id(), 1);
        ledger().pairs().rename(pair.id(), pair.name(), next);

        List<Pairs.Pair> walked = new ArrayList<>();
        anotherLedger().pairs().forEach(walked::add);

        assertThat(walked).doesNotHaveDuplicates().contains(other, new Pairs.Pair(pair.id(), next, 2)).doesNotContain(pair);
        List<Pairs.Pair> some = new ArrayList<>();
        ledger().pairs().forEach(1, some::add);
        assertThat(some).hasSize(1);
        assertThat(walked).containsAll(some);
    }

    @Test
    default void what_scans_saw_can_be_asked_of_some_items_and_the_first_sight_stays() {
        FolderKey folder = new Names().folder();
        List<SourceItem> items = LongStream.of(1, 2, 300, 8_192, 70_000).mapToObj(uid -> new SourceItem(uid, uid * 10, uid % 2 == 0 ? SourceItem.NO_DATE : uid)).toList();
        ledger().items().seen(folder, "scan-1", items);
        ledger().items().seen(folder, "scan-2", List.of(new SourceItem(2, 7, 7), new SourceItem(3, 8, 8)));

        Map<Long, SourceItem> among = anotherLedger().items().seenAmong(folder, List.of(2L, 3L, 4L, 300L, 70_000L));

        assertThat(among).isEqualTo(Map.of(2L, items.get(1), 3L, new SourceItem(3, 8, 8), 300L, items.get(2), 70_000L, items.get(4)));
        assertThat(ledger().items().seenAmong(folder, List.of())).isEmpty();
    }

    @Test
    default void a_pass_is_created_once_and_keeps_what_it_was_created_with() {
        Names names = new Names();
        Instant started = Instant.parse("2026-01-02T03:04:05.678Z");

        assertThat(ledger().passes().create(names.pass(1), "{\"a\":\"ä\"}", true, started)).isTrue();
        assertThat(anotherLedger().passes().create(names.pass(1), "{}", false, started.plusSeconds(9))).isFalse();

        assertThat(anotherLedger().passes().get(names.pass(1))).contains(new Passes.Pass(names.pass(1), Passes.PassState.RUNNING, "{\"a\":\"ä\"}", true, started));
        assertThat(ledger().passes().get(names.pass(2))).isEmpty();
    }

    @Test
    default void the_newest_pass_is_the_one_with_the_highest_number() {
        Names names = new Names();
        assertThat(ledger().passes().newest(names.migration())).isEmpty();
        for (int number : new int[] {1, 2, 9, 10}) {
            ledger().passes().create(names.pass(number), "{}", number == 1, Instant.EPOCH);
        }

        assertThat(ledger().passes().newest(names.migration()).orElseThrow().id()).isEqualTo(names.pass(10));
        assertThat(ledger().passes().migrations()).contains(names.migration());
    }

    @Test
    default void a_pass_moves_only_from_the_state_it_is_in() {
        Names names = new Names();
        ledger().passes().create(names.pass(1), "{}", true, Instant.EPOCH);

        assertThat(ledger().passes().move(names.pass(1), Passes.PassState.RUNNING, Passes.PassState.PAUSED)).isTrue();
        assertThat(anotherLedger().passes().move(names.pass(1), Passes.PassState.RUNNING, Passes.PassState.ENDED)).isFalse();

        assertThat(ledger().passes().get(names.pass(1)).orElseThrow().state()).isEqualTo(Passes.PassState.PAUSED);
        assertThat(ledger().passes().move(names.pass(2), Passes.PassState.RUNNING, Passes.PassState.ENDED)).as("a pass that is not there").isFalse();
    }

    @Test
    default void a_pass_has_the_pairs_that_were_put_however_often() {
        Names names = new Names();
        List<Passes.PassPair> pairs = IntStream.range(0, 300).mapToObj(i -> new Passes.PassPair(new PairId(names.pair().value() + i), 1 + i % 3, i % 2 == 0, "a" + i + "@old.example", "a" + i + "@new.example",
                i % 5 == 0 ? "login" + i : null, null, i % 2 == 0 ? "env:SOURCE_" + i : null, null)).toList();

        ledger().passes().putPairs(names.pass(1), pairs);
        ledger().passes().putPairs(names.pass(1), pairs.subList(0, 10));

        List<Passes.PassPair> found = new ArrayList<>();
        anotherLedger().passes().forEachPair(names.pass(1), found::add);
        assertThat(found).containsExactlyInAnyOrderElementsOf(pairs);
        assertThat(ledger().passes().pair(names.pass(1), pairs.get(7).pair())).contains(pairs.get(7));
        assertThat(ledger().passes().pair(names.pass(2), pairs.get(7).pair())).isEmpty();
    }

    @Test
    default void the_end_of_a_pair_is_overwritten_when_it_ends_again() {
        Names names = new Names();
        assertThat(ledger().passes().pairEnd(names.pass(1), names.pair())).isEmpty();

        ledger().passes().pairEnded(names.pass(1), names.pair(), "{\"state\":\"failed\"}");
        ledger().passes().pairEnded(names.pass(1), names.pair(), "{\"state\":\"finished\"}");

        assertThat(anotherLedger().passes().pairEnd(names.pass(1), names.pair())).contains("{\"state\":\"finished\"}");
    }

    // Pairs

    @Test
    default void a_pair_has_one_id_whoever_asks_and_whatever_the_case_of_its_addresses() {
        PairName name = new Names().pairName();
        assertThat(ledger().pairs().find(name)).isEmpty();

        Pairs.Pair made = ledger().pairs().named(name);
        PairName shouted = new PairName(name.sourceSystem().toUpperCase(Locale.ROOT), name.sourceMailbox().toUpperCase(Locale.ROOT), name.targetSystem(), name.targetMailbox());

        assertThat(made.generation()).isEqualTo(1);
        assertThat(anotherLedger().pairs().named(shouted)).isEqualTo(made);
        assertThat(anotherLedger().pairs().find(name)).contains(made);
        assertThat(anotherLedger().pairs().get(made.id())).contains(made);
        assertThat(ledger().pairs().named(new Names().pairName()).id()).isNotEqualTo(made.id());
    }

    @Test
    default void callers_at_once_get_the_same_pair() {
        PairName name = new Names().pairName();

        List<Pairs.Pair> got = atOnce(8, i -> (i % 2 == 0 ? ledger() : anotherLedger()).pairs().named(name));

        assertThat(Set.copyOf(got)).hasSize(1);
        assertThat(ledger().pairs().get(got.get(0).id())).contains(got.get(0));
    }

    @Test
    default void completed_passes_belong_to_a_generation() {
        Names names = new Names();
        Pairs.Pair pair = ledger().pairs().named(names.pairName());

        assertThat(ledger().pairs().hasCompleted(pair.id(), 1)).isFalse();

        ledger().pairs().completed(pair.id(), 1, names.pass(1));
        ledger().pairs().completed(pair.id(), 1, names.pass(1));
        ledger().pairs().completed(pair.id(), 1, names.pass(2));

        assertThat(ledger().pairs().completedPasses(pair.id(), 1)).containsExactlyInAnyOrder(names.pass(1), names.pass(2));
        assertThat(ledger().pairs().completedPasses(pair.id(), 2)).isEmpty();
        assertThat(ledger().pairs().hasCompleted(pair.id(), 1)).isTrue();
        assertThat(ledger().pairs().hasCompleted(pair.id(), 2)).isFalse();
        assertThat(ledger().pairs().get(pair.id())).contains(new Pairs.Pair(pair.id(), pair.name(), 1, true));
        ledger().pairs().nextGeneration(pair.id(), 1);
        ledger().pairs().completed(pair.id(), 1, names.pass(3));
        assertThat(ledger().pairs().named(pair.name())).isEqualTo(new Pairs.Pair(pair.id(), pair.name(), 2, false));
        ledger().pairs().completed(pair.id(), 2, names.pass(4));
        ledger().pairs().completed(pair.id(), 1, names.pass(4));
        assertThat(anotherLedger().pairs().named(pair.name())).isEqualTo(new Pairs.Pair(pair.id(), pair.name(), 2, true));
    }

    // Folders

    @Test
    default void folders_are_kept_by_generation_and_replaced_by_id() {
        Names names = new Names();
        Folders.Folder first = new Folders.Folder(new FolderId("f1"), "Entwürfe/a\\/b", "Entw&APw-rfe.a/b", "Drafts", names.target(), 4_294_967_295L);
        Folders.Folder second = new Folders.Folder(new FolderId("f2"), " odd \"name\" %* ", " odd \"name\" %* ", "x", names.target(), 1);
        ledger().folders().put(names.pair(), 1, first);
        ledger().folders().put(names.pair(), 1, second);
        Folders.Folder renamed = new Folders.Folder(new FolderId("f1"), "Neu", "Neu", "Drafts", names.target(), FolderKey.usedAgain(4_294_967_295L), "Entwürfe/a\\/b", "F2212ea87-6097-4256-9d51-71338625",
                List.of(4_294_967_295L, 7L));

        ledger().folders().put(names.pair(), 1, renamed);

        assertThat(anotherLedger().folders().of(names.pair(), 1)).containsExactlyInAnyOrder(renamed, second);
        assertThat(ledger().folders().of(names.pair(), 2)).isEmpty();
    }

    @Test
    default void a_folder_is_replaced_only_where_it_stands_as_expected() {
        Names names = new Names();
        Folders.Folder first = new Folders.Folder(new FolderId("f1"), "Work", "Work", "Work", names.target(), 7);
        Folders.Folder second = first.rekeyed(8);
        Folders.Folder other = first.rekeyed(9);
        Folders folders = ledger().folders();

        assertThat(folders.replace(names.pair(), 1, first, second)).as("nothing stands there").isFalse();
        assertThat(folders.replace(names.pair(), 1, null, first)).isTrue();
        assertThat(anotherLedger().folders().replace(names.pair(), 1, null, other)).as("something stands there").isFalse();
        assertThat(anotherLedger().folders().replace(names.pair(), 1, first, second)).isTrue();
        assertThat(folders.replace(names.pair(), 1, first, second)).as("repeated").isTrue();
        assertThat(folders.replace(names.pair(), 1, first, other)).as("it moved on").isFalse();
        assertThat(ledger().folders().of(names.pair(), 1)).containsExactly(second);
    }

    @Test
    default void a_watermark_moves_only_from_what_stood_there() {
        Names names = new Names();
        Folders.Watermark first = watermark("f1", 100);
        Folders.Watermark second = watermark("f1", 200);
        Folders folders = ledger().folders();

        assertThat(folders.putWatermark(names.pair(), 1, second, first)).as("nothing stands there yet").isFalse();
        assertThat(folders.putWatermark(names.pair(), 1, null, first)).isTrue();
        assertThat(anotherLedger().folders().putWatermark(names.pair(), 1, null, second)).as("something stands there").isFalse();
        assertThat(anotherLedger().folders().putWatermark(names.pair(), 1, first, second)).isTrue();
        assertThat(folders.putWatermark(names.pair(), 1, first, second)).as("said again after a lost reply").isTrue();
        assertThat(folders.putWatermark(names.pair(), 1, null, watermark("f2", 5))).isTrue();

        assertThat(folders.watermarks(names.pair(), 1)).containsExactlyInAnyOrder(second, watermark("f2", 5));
        assertThat(folders.watermarks(names.pair(), 2)).isEmpty();
    }

    private static Folders.Watermark watermark(String folder, long uidNext) {
        return new Folders.Watermark(new FolderId(folder), new FolderStatus(4_294_967_295L, uidNext, 9_000_000_000L, uidNext - 1), "hash-" + folder, "scan-" + uidNext, 10, 7, 1, 1, 1, 8_999_999_999L);
    }

    @Test
    default void folder_ends_are_told_apart_by_scan() {
        Names names = new Names();
        FolderEnd first = new FolderEnd(names.pass(1), names.folder("f1"), "scan-a", new FolderStatus(4_000_000_000L, 8, 0, 7), 2);
        FolderEnd second = new FolderEnd(names.pass(1), names.folder("f2"), "scan-a", new FolderStatus(4_000_000_000L, 1, 3, 0), 0);
        FolderEnd other = new FolderEnd(names.pass(1), names.folder("f1"), "scan-b", new FolderStatus(4_000_000_000L, 9, 0, 8), 3);

        for (FolderEnd end : List.of(first, second, other, first)) {
            ledger().folders().folderEnded(end);
        }

        assertThat(anotherLedger().folders().folderEnds(names.pass(1), names.pair(), 1, "scan-a")).containsExactlyInAnyOrder(first, second);
        assertThat(ledger().folders().folderEnds(names.pass(1), names.pair(), 1, "scan-b")).containsExactly(other);
        assertThat(ledger().folders().folderEnds(names.pass(2), names.pair(), 1, "scan-a")).isEmpty();
        assertThat(ledger().folders().folderEnds(names.pass(1), names.pair(), 2, "scan-a")).isEmpty();
    }

    @Test
    default void what_is_known_of_several_pairs_is_told_together() {
        Names names = new Names();
        List<PairId> pairs = IntStream.range(0, 16).mapToObj(i -> new PairId(names.pair().value() + "x" + i)).toList();
        List<PassPair> ofPass = pairs.stream().map(pair -> new PassPair(pair, 1, false, pair + "@old", pair + "@new", null, null, "env:A", null)).toList();
        ledger().passes().putPairs(names.pass(1), ofPass);
        Map<PairId, List<Folder>> folders = new HashMap<>();
        Map<PairId, List<Watermark>> watermarks = new HashMap<>();
        List<ScanEnd> ends = new ArrayList<>();
        for (PairId pair : pairs) {
            for (String name : List.of("a", "b", "c", "d", "e")) {
                Folder folder = new Folder(new FolderId(name), name, name, name, new TargetFolder("new/" + pair, name), 7);
                Watermark mark = new Watermark(folder.id(), new FolderStatus(7, 9, 0, 8), "f", "s", 8, 8, 0, 0, 0);
                ledger().folders().put(pair, 1, folder);
                ledger().folders().putWatermark(pair, 1, null, mark);
                folders.computeIfAbsent(pair, none -> new ArrayList<>()).add(folder);
                watermarks.computeIfAbsent(pair, none -> new ArrayList<>()).add(mark);
            }
            List<StandingFolder> standing = IntStream.range(0, 30).mapToObj(i -> new StandingFolder("f" + i, "f" + i, i, i, 0)).toList();
            ends.add(new ScanEnd(names.pass(1), pair, 1, "scan", List.of(), List.of(new FolderId("a")), List.of(), List.of(), null, standing));
        }
        ledger().folders().scansEnded(ends);

        List<PairId> asked = Stream.concat(pairs.stream(), Stream.of(new PairId("nobody"))).toList();
        assertThat(anotherLedger().passes().pairs(names.pass(1), asked)).containsExactlyInAnyOrderElementsOf(ofPass);
        assertThat(anotherLedger().passes().pairs(names.pass(2), asked)).isEmpty();
        pairs.forEach(pair -> {
            assertThat(ledger().folders().of(asked, 1).get(pair)).containsExactlyInAnyOrderElementsOf(folders.get(pair));
            assertThat(ledger().folders().watermarks(asked, 1).get(pair)).containsExactlyInAnyOrderElementsOf(watermarks.get(pair));
            assertThat(ledger().folders().scanEnds(names.pass(1), asked, 1).get(pair)).containsExactly(ends.get(pairs.indexOf(pair)));
        });
        assertThat(ledger().folders().of(asked, 2).getOrDefault(pairs.get(0), List.of())).isEmpty();
    }

    @Test
    default void scan_ends_come_back_newest_last() {
        Names names = new Names();
        ScanEnd failed = new ScanEnd(names.pass(1), names.pair(), 1, "z-first", List.of(), List.of(), List.of(), List.of(), new Failure(Reason.UNREACHABLE, "no route"));
        ScanEnd well = new ScanEnd(names.pass(1), names.pair(), 1, "a-second", List.of(new FolderId("f1")), List.of(new FolderId("f2")), List.of(new ExcludedFolder("Trash/ä", 12)),
                List.of(new Warning("INBOX", 0, "renamed", "…")), null);
        ScanEnd standing = new ScanEnd(names.pass(1), names.pair(), 1, "b-third", List.of(), List.of(new FolderId("f1")), List.of(), List.of(), null,
                List.of(new StandingFolder("Büro", "Office", 4_000_000_000L, 3_999_999_999L, 1)));

        ledger().folders().scanEnded(failed);
        ledger().folders().scanEnded(well);
        ledger().folders().scanEnded(well);
        ledger().folders().scanEnded(standing);

        assertThat(anotherLedger().folders().scanEnds(names.pass(1), names.pair(), 1)).containsExactly(failed, well, standing);
        assertThat(ledger().folders().scanEnds(names.pass(2), names.pair(), 1)).isEmpty();
        assertThat(ledger().folders().scanEnds(names.pass(1), names.pair(), 2)).isEmpty();
    }

    @Test
    default void folders_that_are_put_together_are_put_as_if_each_were_put() {
        Names names = new Names();
        Folders folders = ledger().folders();
        Map<Folders.Folder, Folders.Folder> first = new HashMap<>();
        IntStream.range(0, 30).forEach(i -> first.put(folder(names, "f" + i, "Sent " + i), null));
        assertThat(folders.replace(names.pair(), 1, first)).isEmpty();
        assertThat(anotherLedger().folders().of(names.pair(), 1)).containsExactlyInAnyOrderElementsOf(first.keySet());

        Folders.Folder moved = folder(names, "f7", "moved on");
        assertThat(folders.replace(names.pair(), 1, folder(names, "f7", "Sent 7"), moved)).isTrue();
        Map<Folders.Folder, Folders.Folder> second = new HashMap<>();
        IntStream.range(0, 40).forEach(i -> second.put(folder(names, "f" + i, "Later " + i), i < 30 ? folder(names, "f" + i, "Sent " + i) : null));
        assertThat(folders.replace(names.pair(), 1, second)).containsExactly(folder(names, "f7", "Later 7"));
        assertThat(folders.replace(names.pair(), 1, second)).as("said again").containsExactly(folder(names, "f7", "Later 7"));

        assertThat(anotherLedger().folders().of(names.pair(), 1)).containsExactlyInAnyOrderElementsOf(IntStream.range(0, 40).mapToObj(i -> i == 7 ? moved : folder(names, "f" + i, "Later " + i)).toList());
    }

    private static Folders.Folder folder(Names names, String id, String path) {
        return new Folders.Folder(new FolderId(id), path, path, path, names.target(), 7);
    }

    @Test
    default void watermarks_that_are_put_together_are_put_as_if_each_were_put() {
        Names names = new Names();
        Folders folders = ledger().folders();
        Map<Folders.Watermark, Folders.Watermark> first = new HashMap<>();
        IntStream.range(0, 30).forEach(i -> first.put(watermark("f" + i, 5), null));
        folders.putWatermarks(names.pair(), 1, first);
        assertThat(anotherLedger().folders().watermarks(names.pair(), 1)).containsExactlyInAnyOrderElementsOf(first.keySet());

        folders.putWatermark(names.pair(), 1, watermark("f7", 5), watermark("f7", 6));
        Map<Folders.Watermark, Folders.Watermark> second = new HashMap<>();
        IntStream.range(0, 40).forEach(i -> second.put(watermark("f" + i, 9), i < 30 ? watermark("f" + i, 5) : null));
        folders.putWatermarks(names.pair(), 1, second);
        folders.putWatermarks(names.pair(), 1, second);

        assertThat(anotherLedger().folders().watermarks(names.pair(), 1)).as("another one moved one of them on")
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 40).mapToObj(i -> watermark("f" + i, i == 7 ? 6 : 9)).toList());
    }

    // Pages

    @Test
    default void a_page_is_open_until_it_is_settled_and_then_stays_so() {
        Names names = new Names();
        CopyPage page = page(names, "scan-a", 0, 3);
        ledger().pages().put(page);
        assertThat(pages(names, "scan-a")).containsExactly(new Pages.Page(page, false, null));

        ledger().pages().settled(page.ref());
        ledger().pages().put(page);
        ledger().pages().park(page.ref(), Instant.EPOCH, Reason.QUOTA, "late");

        assertThat(pages(names, "scan-a")).hasSize(1).first().matches(Pages.Page::settled);
    }

    @Test
    default void a_page_without_items_is_settled_at_once() {
        Names names = new Names();

        ledger().pages().put(page(names, "scan-a", 0, 0));

        assertThat(pages(names, "scan-a")).containsExactly(new Pages.Page(page(names, "scan-a", 0, 0), true, null));
    }

    @Test
    default void a_page_of_flags_alone_is_open_until_it_is_settled() {
        Names names = new Names();
        CopyPage page = new CopyPage(names.pass(1), names.folder(), "s", 0, names.target(), List.of(), List.of(3L, 4_294_967_295L));

        ledger().pages().put(page);

        assertThat(pages(names, "s")).containsExactly(new Pages.Page(page, false, null));
        assertThat(ledger().pages().progress(names.pass(1), names.folder(), "s")).isEqualTo(new Pages.Progress(1, 0, 0, null));
        ledger().pages().settled(page.ref());
        assertThat(pages(names, "s")).hasSize(1).first().matches(Pages.Page::settled);
    }

    @Test
    default void a_parked_page_is_open_once_it_is_reopened_and_can_be_parked_again() {
        Names names = new Names();
        CopyPage page = page(names, "s", 0, 1);
        ledger().pages().put(page);
        ledger().pages().reopen(page.ref());
        assertThat(pages(names, "s")).containsExactly(new Pages.Page(page, false, null));

        ledger().pages().park(page.ref(), Instant.EPOCH, Reason.QUOTA, "full");
        anotherLedger().pages().reopen(page.ref());
        assertThat(pages(names, "s")).containsExactly(new Pages.Page(page, false, null));
        assertThat(ledger().pages().progress(names.pass(1), names.folder(), "s")).isEqualTo(new Pages.Progress(1, 0, 0, null));

        ledger().pages().park(page.ref(), Instant.EPOCH, Reason.UNREACHABLE, "away");
        assertThat(pages(names, "s")).containsExactly(new Pages.Page(page, false, new Pages.Parked(Instant.EPOCH, Reason.UNREACHABLE, "away")));
    }

    @Test
    default void a_parked_page_stays_parked_when_it_is_put_again_and_the_newest_parking_counts() {
        Names names = new Names();
        CopyPage page = page(names, "scan-a", 0, 3);
        ledger().pages().put(page);
        Instant until = Instant.parse("2026-01-02T03:04:05.678Z");

        ledger().pages().park(page.ref(), until.plusSeconds(60), Reason.UNREACHABLE, "no route");
        ledger().pages().put(page);
        ledger().pages().park(page.ref(), until, Reason.QUOTA, "quota exceeded");

        assertThat(pages(names, "scan-a")).containsExactly(new Pages.Page(page, false, new Pages.Parked(until, Reason.QUOTA, "quota exceeded")));
    }

    @Test
    default void pages_come_in_their_order_and_by_scan() {
        Names names = new Names();
        for (int seq : new int[] {11, 2, 0, 1}) {
            ledger().pages().put(page(names, "scan-a", seq, 300));
        }
        ledger().pages().put(page(names, "scan-b", 0, 1));

        assertThat(pages(names, "scan-a")).extracting(found -> found.page().seq()).containsExactly(0, 1, 2, 11);
        assertThat(pages(names, "scan-a").get(3).page()).isEqualTo(page(names, "scan-a", 11, 300));
        assertThat(pages(names, "scan-b")).hasSize(1);
        assertThat(ledger().pages().of(names.pass(2), names.folder(), "scan-a")).isEmpty();
    }

    @Test
    default void pages_that_are_put_together_are_put_as_if_each_were_put() {
        Names names = new Names();
        ledger().pages().put(page(names, "s", 1, 2));
        ledger().pages().settled(page(names, "s", 1, 2).ref());
        ledger().pages().settled(page(names, "s", 2, 2).ref());

        assertThat(ledger().pages().put(List.of(page(names, "s", 0, 2), page(names, "s", 1, 3), page(names, "s", 2, 2), page(names, "s", 3, 0), page(names, "s", 5_000, 1)))).containsExactly(1);

        assertThat(pages(names, "s")).containsExactly(new Pages.Page(page(names, "s", 0, 2), false, null), new Pages.Page(page(names, "s", 1, 2), true, null), new Pages.Page(page(names, "s", 2, 2), true, null),
                new Pages.Page(page(names, "s", 3, 0), true, null), new Pages.Page(page(names, "s", 5_000, 1), false, null));
        assertThat(ledger().pages().put(List.of(page(names, "s", 0, 2), page(names, "s", 3, 0)))).containsExactlyInAnyOrder(0, 3);
    }

    private List<Pages.Page> pages(Names names, String scan) {
        return anotherLedger().pages().of(names.pass(1), names.folder(), scan);
    }

    private static CopyPage page(Names names, String scan, int seq, int items) {
        return new CopyPage(names.pass(1), names.folder(), scan, seq, names.target(),
                IntStream.range(0, items).mapToObj(i -> new SourceItem(seq * 1_000L + i + 1, 100 + i, i == 1 ? SourceItem.NO_DATE : 1_700_000_000L + i)).toList());
    }

    // Items

    @Test
    default void each_seen_item_comes_once_in_the_order_of_uids_however_many_scans_saw_it() {
        Names names = new Names();
        // On both sides of bucket and block borders, and at the end of the 32 bits.
        List<SourceItem> all = LongStream.of(1, 255, 256, 257, 8_190, 8_191, 8_192, 8_193, 16_384, 2_147_483_648L, 4_294_967_295L).mapToObj(uid -> new SourceItem(uid, uid % 999, 1_700_000_000L + uid % 100)).toList();
        List<SourceItem> grown = new ArrayList<>(all.subList(4, 8));
        grown.add(new SourceItem(9_000, 5, SourceItem.NO_DATE));

        ledger().items().seen(names.folder(), "scan-a", all);
        ledger().items().seen(names.folder(), "scan-a", all.subList(0, 3));
        ledger().items().seen(names.folder(), "scan-b", grown);

        List<SourceItem> expected = new ArrayList<>(all);
        expected.add(8, new SourceItem(9_000, 5, SourceItem.NO_DATE));
        assertThat(seen(names.folder())).containsExactlyElementsOf(expected);
        assertThat(seen(names.folder("f2"))).isEmpty();
    }

    @Test
    default void many_seen_items_come_back_whole() {
        Names names = new Names();
        List<SourceItem> all = LongStream.rangeClosed(8_000, 12_999).mapToObj(uid -> new SourceItem(uid, uid, uid)).toList();
        for (int from = 0; from < all.size(); from += 250) {
            ledger().items().seen(names.folder(), "scan-a", all.subList(from, from + 250));
        }

        assertThat(seen(names.folder())).isEqualTo(all);
    }

    private List<SourceItem> seen(FolderKey folder) {
        List<SourceItem> found = new ArrayList<>();
        anotherLedger().items().forEachSeen(folder, found::add);
        return found;
    }

    @Test
    default void facts_are_told_of_those_items_that_have_any() {
        Names names = new Names();
        Items.Done done = done(names, 5, 8_195, 700);
        Items.Failed failed = failed(names.pass(1), 5, Reason.UNREADABLE);
        ledger().items().seen(names.folder(), "scan-a", List.of(new SourceItem(1, 1, 1)));
        ledger().items().done(names.folder(), List.of(done));
        ledger().items().failed(names.folder(), List.of(failed, failed(names.pass(1), 6, Reason.TOO_LARGE)));

        Map<Long, Items.Facts> facts = anotherLedger().items().facts(names.folder(), List.of(1L, 5L, 6L, 8_195L, 4_294_967_295L));

        assertThat(facts).containsOnlyKeys(5L, 6L);
        assertThat(facts.get(5L)).isEqualTo(new Items.Facts(done, List.of(failed)));
        assertThat(facts.get(6L)).isEqualTo(new Items.Facts(null, List.of(failed(names.pass(1), 6, Reason.TOO_LARGE))));
        assertThat(ledger().items().facts(names.folder(), List.of())).isEmpty();
        assertThat(ledger().items().facts(names.folder("f2"), List.of(5L))).isEmpty();
    }

    @Test
    default void facts_of_many_items_at_once() {
        Names names = new Names();
        List<Items.Done> all = LongStream.rangeClosed(8_000, 8_499).mapToObj(uid -> done(names, uid, 10_000 + uid, uid)).toList();
        ledger().items().done(names.folder(), all);

        Map<Long, Items.Facts> facts = ledger().items().facts(names.folder(), LongStream.rangeClosed(7_900, 8_600).boxed().toList());

        assertThat(facts).hasSize(500);
        all.forEach(done -> assertThat(facts.get(done.uid()).done()).isEqualTo(done));
    }

    @Test
    default void the_first_done_of_an_item_stays() {
        Names names = new Names();
        Items.Done first = done(names, 5, 100, 700);
        ledger().items().done(names.folder(), List.of(first));

        ledger().items().done(names.folder(), List.of(first));
        anotherLedger().items().done(names.folder(), List.of(done(names, 5, 200, 700)));

        List<Items.Done> found = new ArrayList<>();
        ledger().items().forEachDone(names.folder(), found::add);
        assertThat(found).containsExactly(first);
        assertThat(ledger().items().facts(names.folder(), List.of(5L)).get(5L).done()).isEqualTo(first);
    }

    @Test
    default void seen_and_done_are_told_from_a_uid_on() {
        Names names = new Names();
        ledger().items().seen(names.folder(), "scan-a", List.of(new SourceItem(5, 1, 1), new SourceItem(8_190, 1, 1), new SourceItem(8_191, 1, 1), new SourceItem(8_195, 1, 1)));
        ledger().items().done(names.folder(), List.of(done(names, 5, 1, 700), done(names, 8_190, 2, 700), done(names, 8_191, 3, 700), done(names, 8_195, 4, 700)));

        List<Long> seen = new ArrayList<>();
        anotherLedger().items().forEachSeen(names.folder(), 8_191, item -> seen.add(item.uid()));
        List<Long> done = new ArrayList<>();
        anotherLedger().items().forEachDone(names.folder(), 8_191, fact -> done.add(fact.uid()));

        assertThat(seen).containsExactly(8_191L, 8_195L);
        assertThat(done).containsExactlyInAnyOrder(8_191L, 8_195L);
    }

    @Test
    default void done_without_a_target_uid_or_flags_comes_back_as_it_was() {
        Names names = new Names();
        Items.Done bare = new Items.Done(9, names.pass(1), Items.How.SETTLED, new Fingerprint(1, -5, "h", "c"), names.target(), 0, 0, Set.of(), Set.of());

        ledger().items().done(names.folder(), List.of(bare));

        assertThat(ledger().items().facts(names.folder(), List.of(9L)).get(9L).done()).isEqualTo(bare);
    }

    @Test
    default void a_summary_tells_which_items_need_no_look_and_a_pass_does_not_rely_on_its_own() {
        Names names = new Names();
        List<Long> uids = List.of(1L, 2L, 8_191L, 8_192L, 70_000L, 4_294_967_295L);
        ledger().items().seen(names.folder(), "scan-a", uids.stream().map(uid -> new SourceItem(uid, 1, 1)).toList());

        ledger().items().summarise(names.folder(), names.pass(1), LongStream.of(1, 8_191).iterator());
        ledger().items().summarise(names.folder(), names.pass(1), uids.stream().mapToLong(Long::longValue).iterator());

        assertThat(summary(names.folder(), names.pass(2))).isEqualTo(uids);
        assertThat(summary(names.folder(), names.pass(1))).isEmpty();
        assertThat(summary(names.folder("f2"), names.pass(2))).isEmpty();
        assertThat(anotherLedger().items().summarised(names.folder(), List.of(2L, 3L, 8_192L, 8_193L, 4_294_967_295L))).containsExactlyInAnyOrder(2L, 8_192L, 4_294_967_295L);
        assertThat(ledger().items().summarised(names.folder("f2"), List.of(2L))).isEmpty();
    }

    private List<Long> summary(FolderKey folder, PassId but) {
        List<Long> found = new ArrayList<>();
        anotherLedger().items().forEachSummarised(folder, but, found::add);
        return found;
    }

    @Test
    default void message_ids_of_a_folder_come_back() {
        Names names = new Names();
        ledger().items().messageIds(names.folder(), Map.of(5L, "<a@old.example>", 8_195L, " odd \"id\" % "));
        ledger().items().messageIds(names.folder(), Map.of(5L, "<a@old.example>"));

        Map<Long, String> found = new HashMap<>();
        anotherLedger().items().forEachMessageId(names.folder(), found::put);
        assertThat(found).containsExactlyInAnyOrderEntriesOf(Map.of(5L, "<a@old.example>", 8_195L, " odd \"id\" % "));
        ledger().items().forEachMessageId(names.folder("f2"), (uid, id) -> assertThat(uid).as("another folder's").isNull());
    }

    @Test
    default void failures_are_one_for_each_pass_and_come_oldest_first() {
        Names names = new Names();
        for (int number : new int[] {1, 2, 10}) {
            ledger().items().failed(names.folder(), List.of(failed(names.pass(number), 5, Reason.UNREADABLE)));
        }
        ledger().items().failed(names.folder(), List.of(failed(names.pass(2), 5, Reason.UNREADABLE)));

        assertThat(ledger().items().facts(names.folder(), List.of(5L)).get(5L).failures()).extracting(Items.Failed::pass).containsExactly(names.pass(1), names.pass(2), names.pass(10));
        List<Items.Failed> found = new ArrayList<>();
        anotherLedger().items().forEachFailed(names.folder(), found::add);
        assertThat(found).hasSize(3).contains(failed(names.pass(10), 5, Reason.UNREADABLE));
    }

    @Test
    default void that_an_item_may_have_arrived_prevails_over_what_else_is_said_of_it_in_that_pass() {
        Names names = new Names();
        Items.Failed ambiguous = failed(names.pass(2), 5, Reason.AMBIGUOUS);
        ledger().items().failed(names.folder(), List.of(failed(names.pass(1), 5, Reason.UNREADABLE)));
        ledger().items().failed(names.folder(), List.of(failed(names.pass(2), 5, Reason.UNREADABLE)));
        ledger().items().failed(names.folder(), List.of(ambiguous));
        ledger().items().failed(names.folder(), List.of(failed(names.pass(2), 5, Reason.VANISHED)));

        assertThat(anotherLedger().items().facts(names.folder(), List.of(5L)).get(5L).failures()).containsExactly(failed(names.pass(1), 5, Reason.UNREADABLE), ambiguous);
    }

    @Test
    default void of_what_was_carried_of_flags_the_highest_epoch_stays_and_in_it_the_highest_step() {
        Names names = new Names();
        Items items = ledger().items();
        Items.FollowedFlags inherited = followed(names, 1, Items.Followed.SAME);
        Items.FollowedFlags first = followed(names, 1, Items.Followed.CARRIED, "\\Seen", "Büro", "%x y");
        Items.FollowedFlags second = followed(names, 1, Items.Followed.GONE, "\\Flagged");

        items.flags(names.folder(), 0, 0, List.of(inherited, followed(names, 8_192, Items.Followed.SAME)));
        items.flags(names.folder(), 3, 1, List.of(second));
        anotherLedger().items().flags(names.folder(), 2, Items.FLAG_STEPS_MAX - 1, List.of(first));
        assertThat(items.flags(names.folder(), List.of(1L)).values()).as("a zombie's comes too late").containsExactly(second);
        items.flags(names.folder(), 3, 2, List.of(first));
        items.flags(names.folder(), 3, 0, List.of(second));

        assertThat(anotherLedger().items().flags(names.folder(), List.of(1L, 2L, 8_192L))).isEqualTo(Map.of(1L, first, 8_192L, followed(names, 8_192, Items.Followed.SAME)));
        assertThat(items.flags(names.folder("f2"), List.of(1L))).isEmpty();
    }

    private static Items.FollowedFlags followed(Names names, long uid, Items.Followed how, String... flags) {
        return new Items.FollowedFlags(uid, names.pass(2), new FlagBase(FlagSet.of(flags), FlagSet.NONE, FlagSet.of(flags)), how, FlagSet.of("no"));
    }

    @Test
    default void claimed_target_uids_are_told_from_a_uid_on() {
        Names names = new Names();
        TargetFolder target = names.target();
        Items items = ledger().items();
        items.claim(target, 77, claims(names, 1, 8_191, 8_192, 4_294_967_295L));
        items.claim(target, 77, claims(names, 8_191));
        items.claim(target, 78, claims(names, 5));

        assertThat(anotherLedger().items().claimed(target, 77, 8_191)).isEqualTo(claims(names, 8_191, 8_192, 4_294_967_295L));
        assertThat(items.claimed(target, 77, 0)).hasSize(4);
        assertThat(items.claimed(target, 79, 0)).isEmpty();
        assertThat(anotherLedger().items().newestClaim(target, 77)).hasValue(4_294_967_295L);
        assertThat(items.newestClaim(target, 79)).isEmpty();
    }

    private static Map<Long, ItemKey> claims(Names names, long... uids) {
        Map<Long, ItemKey> claims = new HashMap<>();
        for (long uid : uids) {
            claims.put(uid, names.folder().item(uid + 1_000));
        }
        return claims;
    }

    private static Items.Done done(Names names, long uid, long targetUid, long size) {
        return new Items.Done(uid, names.pass(1), Items.How.COPIED, new Fingerprint(size, 1_700_000_000L + uid, "headers" + uid, "content" + uid), names.target(), 4_000_000_001L, targetUid,
                Set.of("\\Seen", "$Forwarded"), Set.of("$Forwarded"));
    }

    @Test
    default void a_forgiven_attempt_reads_as_retryable_for_good_and_others_stay_as_they_are() {
        Names names = new Names();
        Items.Failed large = failed(names.pass(1), 5, Reason.TOO_LARGE);
        ledger().items().failed(names.folder(), List.of(large, failed(names.pass(1), 6, Reason.TOO_LARGE)));

        ledger().items().forgive(names.folder(), List.of(large));
        ledger().items().forgive(names.folder(), List.of(large));
        anotherLedger().items().failed(names.folder(), List.of(large));

        Items.Failed forgiven = new Items.Failed(5, large.pass(), large.reason(), large.detail(), true, large.messageId(), large.sizeBytes());
        assertThat(anotherLedger().items().facts(names.folder(), List.of(5L, 6L))).isEqualTo(Map.of(5L, new Items.Facts(null, List.of(forgiven)),
                6L, new Items.Facts(null, List.of(failed(names.pass(1), 6, Reason.TOO_LARGE)))));
        List<Items.Failed> all = new ArrayList<>();
        ledger().items().forEachFailed(names.folder(), all::add);
        assertThat(all).containsExactly(forgiven, failed(names.pass(1), 6, Reason.TOO_LARGE));
    }

    private static Items.Failed failed(PassId pass, long uid, Reason reason) {
        return new Items.Failed(uid, pass, reason, "the server said: ü", reason.retryable(), uid % 2 == 0 ? null : "<m" + uid + "@old.example>", 3_000_000_000L);
    }

    // Leases

    @Test
    default void a_lease_that_nobody_held_is_taken_once() {
        TargetFolder folder = new Names().target();
        assertThat(ledger().leases().read(folder)).isEmpty();

        Leases.Taken first = ledger().leases().take(folder, null, "token-a");
        Leases.Taken second = anotherLedger().leases().take(folder, null, "token-b");

        assertThat(first.taken()).isTrue();
        assertThat(first.lease().token()).isEqualTo("token-a");
        assertThat(second).isEqualTo(new Leases.Taken(false, first.lease()));
        assertThat(anotherLedger().leases().read(folder)).contains(first.lease());
    }

    @Test
    default void of_many_challengers_one_takes_the_lease() {
        TargetFolder folder = new Names().target();
        Leases.Lease dead = ledger().leases().take(folder, null, "dead").lease();

        List<Leases.Taken> taken = atOnce(6, i -> (i % 2 == 0 ? ledger() : anotherLedger()).leases().take(folder, dead, "challenger-" + i));

        assertThat(taken.stream().filter(Leases.Taken::taken)).hasSize(1);
        Leases.Lease winner = taken.stream().filter(Leases.Taken::taken).findFirst().orElseThrow().lease();
        assertThat(winner.epoch()).isEqualTo(dead.epoch() + 1);
        assertThat(taken).allMatch(one -> one.lease().equals(winner));
    }

    @Test
    default void a_take_that_is_said_again_after_a_lost_reply_is_the_same_take() {
        TargetFolder folder = new Names().target();
        Leases.Taken first = ledger().leases().take(folder, null, "token-a");

        assertThat(ledger().leases().take(folder, null, "token-a")).isEqualTo(first);
    }

    @Test
    default void a_lease_is_renewed_by_its_holder_alone() {
        TargetFolder folder = new Names().target();
        Leases.Lease first = ledger().leases().take(folder, null, "token-a").lease();

        assertThat(ledger().leases().renew(folder, "token-a", "token-a2")).isTrue();
        assertThat(ledger().leases().renew(folder, "token-a", "token-a2")).as("said again after a lost reply").isTrue();
        assertThat(anotherLedger().leases().take(folder, first, "token-b").taken()).as("by one who saw the old token").isFalse();
        Leases.Lease renewed = anotherLedger().leases().read(folder).orElseThrow();
        assertThat(renewed).isEqualTo(new Leases.Lease("token-a2", first.epoch(), first.settledEpoch()));
        assertThat(anotherLedger().leases().take(folder, renewed, "token-b").taken()).isTrue();

        assertThat(ledger().leases().renew(folder, "token-a2", "token-a3")).isFalse();
        assertThat(ledger().leases().settled(folder, "token-a2", first.epoch())).isFalse();
        assertThat(ledger().leases().read(folder).orElseThrow().token()).isEqualTo("token-b");
        assertThat(ledger().leases().renew(new Names().target(), "token-a", "token-b")).as("a lease that was never taken").isFalse();
    }

    @Test
    default void the_settled_epoch_outlives_holders() {
        TargetFolder folder = new Names().target();
        Leases leases = ledger().leases();
        Leases.Lease first = leases.take(folder, null, "token-a").lease();
        assertThat(leases.settled(folder, "token-a", first.epoch() - 1)).isTrue();

        leases.release(folder, "token-a", first.epoch());
        leases.release(folder, "token-a", first.epoch());

        Leases.Lease free = anotherLedger().leases().read(folder).orElseThrow();
        assertThat(free.isFree()).isTrue();
        assertThat(free).isEqualTo(new Leases.Lease("", first.epoch(), first.epoch()));
        Leases.Taken next = anotherLedger().leases().take(folder, free, "token-b");
        assertThat(next).isEqualTo(new Leases.Taken(true, new Leases.Lease("token-b", first.epoch() + 1, first.epoch())));
    }

    @Test
    default void a_lease_of_somebody_else_is_not_released() {
        TargetFolder folder = new Names().target();
        Leases.Lease first = ledger().leases().take(folder, null, "token-a").lease();
        Leases.Lease second = anotherLedger().leases().take(folder, first, "token-b").lease();

        ledger().leases().release(folder, "token-a", first.epoch());

        assertThat(ledger().leases().read(folder)).contains(second);
    }

    // Intents

    @Test
    default void open_intents_come_in_order_of_epoch_and_group_within_the_epochs_asked_for() {
        Names names = new Names();
        List<Intents.Intent> all = List.of(intent(names, 2, 0), intent(names, 2, 1), intent(names, 2, 10), intent(names, 3, 0), intent(names, 10, 0));
        for (int i : new int[] {4, 2, 0, 3, 1}) {
            ledger().intents().open(all.get(i));
        }

        assertThat(anotherLedger().intents().open(names.target(), 2, 10)).containsExactlyElementsOf(all);
        assertThat(ledger().intents().open(names.target(), 3, 9)).containsExactly(all.get(3));
        assertThat(ledger().intents().open(new Names().target(), 0, 100)).isEmpty();
    }

    /** One that is not found is an item that is copied twice. */
    @Test
    default void open_intents_are_found_whatever_their_numbers() {
        Names names = new Names();
        List<Intents.Intent> all = List.of(intent(names, 2, 1_030), intent(names, 2, 9_000_000), intent(names, 3, 0), intent(names, 3, 5_000));
        all.forEach(ledger().intents()::open);

        assertThat(anotherLedger().intents().open(names.target(), 1, 5)).containsExactlyElementsOf(all);
    }

    @Test
    default void a_closed_intent_stays_closed_even_when_its_line_is_written_again() {
        Names names = new Names();
        Intents.Intent first = intent(names, 2, 0);
        ledger().intents().open(first);
        ledger().intents().open(intent(names, 2, 1));

        ledger().intents().close(names.target(), 2, 0);
        ledger().intents().close(names.target(), 2, 0);
        anotherLedger().intents().open(first);

        assertThat(anotherLedger().intents().open(names.target(), 0, 5)).containsExactly(intent(names, 2, 1));
    }

    private static Intents.Intent intent(Names names, long epoch, int group) {
        List<Intents.Item> items = LongStream.rangeClosed(1, 200).mapToObj(uid -> new Intents.Item(4_294_967_000L + uid, new Fingerprint(uid, 1_700_000_000L, "h" + uid, "c" + uid), uid % 2 == 0 ? Set.of() : Set.of("\\Seen", "todo"))).toList();
        return new Intents.Intent(names.target(), epoch, group, names.pass(1), names.folder(), 4_294_967_295L, 17, items);
    }

    /** Runs the work with 0 … n-1 at the same time and gives the results in that order. */
    private static <T> List<T> atOnce(int n, IntFunction<T> work) {
        ExecutorService threads = Executors.newFixedThreadPool(n);
        try {
            List<Future<T>> running = IntStream.range(0, n).mapToObj(i -> threads.submit(() -> work.apply(i))).toList();
            return running.stream().map(future -> Names.unchecked(future::get)).toList();
        } finally {
            threads.shutdownNow();
        }
    }
}
