package io.carryall.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.Folders;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PipelineRecord.ExcludedFolder;
import io.carryall.core.record.PipelineRecord.Failure;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.StandingFolder;
import io.carryall.core.record.PipelineRecord.Warning;

/** What every ledger promises of {@link Folders}: source folders of a pair, how far they are known, and what scans said at their ends. */
public interface FoldersContract extends TestedLedger {
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
    default void many_folders_of_several_pairs_are_told_together_too() {
        Names names = new Names();
        List<PairId> pairs = IntStream.range(0, 4).mapToObj(i -> new PairId(names.pair().value() + "x" + i)).toList();
        List<Folder> folders = IntStream.range(0, 300).mapToObj(i -> "f" + i).map(name -> new Folder(new FolderId(name), name, name, name, new TargetFolder("new", name), 7)).toList();
        Map<Folder, Folder> none = new HashMap<>();
        folders.forEach(folder -> none.put(folder, null));
        pairs.forEach(pair -> assertThat(ledger().folders().replace(pair, 1, none)).isEmpty());

        Map<PairId, List<Folder>> told = anotherLedger().folders().of(pairs, 1);

        assertThat(told).containsOnlyKeys(pairs);
        pairs.forEach(pair -> assertThat(told.get(pair)).containsExactlyInAnyOrderElementsOf(folders));
    }

    @Test
    default void scans_that_say_much_are_written_together_as_well() {
        Names names = new Names();
        List<ExcludedFolder> excluded = IntStream.range(0, 400).mapToObj(i -> new ExcludedFolder("Archive/of a project with a long name/and more below it/" + i, 12)).toList();
        List<ScanEnd> ends = IntStream.range(0, 10).mapToObj(i -> new ScanEnd(names.pass(1), new PairId(names.pair().value() + "x" + i), 1, "scan", List.of(), List.of(new FolderId("a")), excluded, List.of(), null,
                List.of(new StandingFolder("INBOX", "INBOX", 5, 5, 0)))).toList();
        ledger().folders().scansEnded(ends);
        ends.forEach(end -> assertThat(anotherLedger().folders().scanEnds(names.pass(1), end.pair(), 1)).containsExactly(end));
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

    private static Folders.Watermark watermark(String folder, long uidNext) {
        return new Folders.Watermark(new FolderId(folder), new FolderStatus(4_294_967_295L, uidNext, 9_000_000_000L, uidNext - 1), "hash-" + folder, "scan-" + uidNext, 10, 7, 1, 1, 1, 8_999_999_999L);
    }

    private static Folders.Folder folder(Names names, String id, String path) {
        return new Folders.Folder(new FolderId(id), path, path, path, names.target(), 7);
    }
}
