package io.carryall.testkit.fake;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Folders;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ScanEnd;

/** Folders, watermarks, and what scans said at their ends. */
final class FakeFolders implements Folders {
    private final FakeCalls calls;
    private final FakeRows data;

    FakeFolders(FakeCalls calls) {
        this.calls = calls;
        this.data = calls.rows();
    }

    @Override
    public List<Folder> of(PairId pair, int generation) {
        return calls.call("folders.of", () -> List.copyOf(data.folders.getOrDefault(new FakeRows.Life(pair, generation), Map.of()).values()));
    }

    @Override
    public void put(PairId pair, int generation, Folder folder) {
        calls.write("folders.put", () -> data.folders.computeIfAbsent(new FakeRows.Life(pair, generation), l -> new LinkedHashMap<>()).put(folder.id(), folder));
    }

    @Override
    public boolean replace(PairId pair, int generation, Folder expected, Folder next) {
        return calls.call("folders.replace", () -> {
            Map<FolderId, Folder> folders = data.folders.computeIfAbsent(new FakeRows.Life(pair, generation), l -> new LinkedHashMap<>());
            Folder now = folders.get(next.id());
            if (!Objects.equals(now, expected) && !next.equals(now)) {
                return false;
            }
            folders.put(next.id(), next);
            return true;
        });
    }

    @Override
    public List<Watermark> watermarks(PairId pair, int generation) {
        return calls.call("folders.watermarks", () -> List.copyOf(data.watermarks.getOrDefault(new FakeRows.Life(pair, generation), Map.of()).values()));
    }

    @Override
    public boolean putWatermark(PairId pair, int generation, Watermark expected, Watermark next) {
        return calls.call("folders.putWatermark", () -> {
            Map<FolderId, Watermark> marks = data.watermarks.computeIfAbsent(new FakeRows.Life(pair, generation), l -> new LinkedHashMap<>());
            Watermark now = marks.get(next.folder());
            if (!Objects.equals(now, expected) && !next.equals(now)) {
                return false;
            }
            marks.put(next.folder(), next);
            return true;
        });
    }

    @Override
    public void folderEnded(FolderEnd end) {
        calls.write("folders.folderEnded", () -> data.folderEnds.computeIfAbsent(end.folder().pair(), pair -> new LinkedHashSet<>()).add(end));
    }

    @Override
    public List<FolderEnd> folderEnds(PassId pass, PairId pair, int generation, String scan) {
        return calls.call("folders.folderEnds", () -> data.folderEnds.getOrDefault(pair, Set.of()).stream()
                .filter(end -> end.pass().equals(pass) && end.folder().generation() == generation && end.scan().equals(scan)).toList());
    }

    @Override
    public void scanEnded(ScanEnd end) {
        calls.write("folders.scanEnded", () -> data.scanEnds.computeIfAbsent(end.pair(), pair -> new LinkedHashSet<>()).add(end));
    }

    @Override
    public List<ScanEnd> scanEnds(PassId pass, PairId pair, int generation) {
        return calls.call("folders.scanEnds", () -> data.scanEnds.getOrDefault(pair, Set.of()).stream().filter(end -> end.pass().equals(pass) && end.generation() == generation).toList());
    }
}
