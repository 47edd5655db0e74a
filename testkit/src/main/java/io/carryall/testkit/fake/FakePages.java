package io.carryall.testkit.fake;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.port.Pages;
import io.carryall.core.record.PageRef;
import io.carryall.core.record.PipelineRecord.CopyPage;

/** Page rows. */
final class FakePages implements Pages {
    private final FakeCalls calls;
    private final FakeRows data;

    FakePages(FakeCalls calls) {
        this.calls = calls;
        this.data = calls.rows();
    }

    private FakeRows.PageRow row(PageRef page) {
        return data.pages.computeIfAbsent(page.folder(), folder -> new LinkedHashMap<>()).computeIfAbsent(page, ref -> new FakeRows.PageRow());
    }

    @Override
    public Set<Integer> put(List<CopyPage> pages) {
        return calls.call("pages.put", () -> {
            Set<Integer> there = new HashSet<>();
            for (CopyPage page : pages) {
                FakeRows.PageRow row = row(page.ref());
                if (row.page == null) {
                    row.page = page;
                    row.settled |= page.onlyAsksToSettle();
                } else {
                    there.add(page.seq());
                }
            }
            return there;
        });
    }

    @Override
    public void settled(PageRef page) {
        calls.write("pages.settled", () -> row(page).settled = true);
    }

    @Override
    public void park(PageRef page, Instant until, Reason reason, String detail) {
        calls.write("pages.park", () -> row(page).parked = new Parked(until, reason, detail));
    }

    @Override
    public void reopen(PageRef page) {
        calls.write("pages.reopen", () -> row(page).parked = null);
    }

    @Override
    public List<Page> of(PassId pass, FolderKey folder, String scan) {
        return calls.call("pages.of", () -> data.pages.getOrDefault(folder, Map.of()).entrySet().stream()
                .filter(row -> row.getValue().page != null && row.getKey().pass().equals(pass) && row.getKey().scan().equals(scan))
                .sorted(Comparator.comparingInt(row -> row.getKey().seq()))
                .map(row -> new Page(row.getValue().page, row.getValue().settled, row.getValue().settled ? null : row.getValue().parked)).toList());
    }
}
