package io.carryall.testkit.fake;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PairName;
import io.carryall.core.item.PassId;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Folders;
import io.carryall.core.port.Intents;
import io.carryall.core.port.Items;
import io.carryall.core.port.Leases;
import io.carryall.core.port.Pages;
import io.carryall.core.port.Pairs;
import io.carryall.core.port.Passes;
import io.carryall.core.record.PageRef;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ScanEnd;

/** What all clients of one fake ledger have in common. Guarded by its own lock: see {@link FakeCalls}. */
final class FakeRows {
    final Map<PassId, Passes.Pass> passes = new LinkedHashMap<>();
    final Map<PassId, Map<PairId, Passes.PassPair>> passPairs = new HashMap<>();
    final Map<PassId, Map<PairId, String>> pairEnds = new HashMap<>();
    final Map<PairName, Pairs.Pair> pairs = new LinkedHashMap<>();
    final Map<PairId, PairName> pairNames = new HashMap<>();
    int pairsMade;
    final Map<Life, Set<PassId>> completed = new HashMap<>();
    final Map<Life, Map<FolderId, Folders.Folder>> folders = new HashMap<>();
    final Map<Life, Map<FolderId, Folders.Watermark>> watermarks = new HashMap<>();
    final Map<PairId, Set<FolderEnd>> folderEnds = new HashMap<>();
    final Map<PairId, Set<ScanEnd>> scanEnds = new HashMap<>();
    final Map<FolderKey, Map<PageRef, PageRow>> pages = new HashMap<>();
    final Map<FolderKey, TreeMap<Long, SourceItem>> seen = new HashMap<>();
    final Map<FolderKey, TreeMap<Long, Items.Done>> done = new HashMap<>();
    final Map<FolderKey, TreeMap<Long, Map<PassId, Items.Failed>>> failed = new HashMap<>();
    final Map<FolderKey, Summary> summaries = new HashMap<>();
    final Map<FolderKey, TreeMap<Long, String>> messageIds = new HashMap<>();
    final Map<FolderKey, TreeMap<Long, FlagsRow>> flags = new HashMap<>();
    final Map<Claims, TreeMap<Long, ItemKey>> claims = new HashMap<>();
    final Map<TargetFolder, Leases.Lease> leases = new HashMap<>();
    final Map<IntentId, Intents.Intent> intents = new HashMap<>();
    final Set<IntentId> closedIntents = new HashSet<>();

    PairId freshId() {
        PairId id = new PairId("p" + ++pairsMade);
        return pairNames.containsKey(id) ? freshId() : id;
    }

    Pairs.Pair named(PairName name, PairId id) {
        pairNames.put(id, name);
        return new Pairs.Pair(id, name, 1);
    }

    record Summary(PassId pass, Set<Long> uids) { }

    record Life(PairId pair, int generation) { }

    record FlagsRow(long epoch, int step, Items.FollowedFlags flags) {
        boolean isAbove(FlagsRow other) {
            return epoch > other.epoch || epoch == other.epoch && step >= other.step;
        }
    }

    record Claims(TargetFolder target, long uidValidity) { }

    record IntentId(TargetFolder target, long epoch, int group) { }

    static final class PageRow {
        CopyPage page;
        boolean settled;
        Pages.Parked parked;
    }
}
