package io.carryall.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.Pages;
import io.carryall.core.record.PipelineRecord.CopyPage;

/** What every ledger promises of {@link Pages}: the to-do: what is open, settled, set aside. */
public interface PagesContract extends TestedLedger {
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
}
