package io.carryall.core.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.fold.PairEnd.Failed;
import io.carryall.core.fold.PairEnd.FolderProgress;
import io.carryall.core.fold.PairEnd.Running;
import io.carryall.core.fold.PairEnd.SetAside;
import io.carryall.core.fold.PairEnd.Settled;
import io.carryall.core.fold.PairEnd.Stood;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.port.Pages.Parked;
import io.carryall.core.record.PipelineRecord.Failure;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.StandingFolder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PairEndTest {
    private static final FolderId INBOX = new FolderId("inbox");
    private static final FolderId SENT = new FolderId("sent");
    private static final Parked FULL = new Parked(Instant.EPOCH, Reason.QUOTA, "over quota");

    @Test
    void runs_until_a_scan_has_ended() {
        assertThat(decide(List.of(), Map.of())).isInstanceOf(Running.class);
    }

    @Test
    void a_pair_without_folders_is_settled_when_its_scan_has_ended() {
        assertThat(decide(List.of(scan("a")), Map.of())).isInstanceOf(Settled.class);
    }

    @Test
    void runs_while_a_folder_end_is_missing() {
        assertThat(decide(List.of(scan("a", INBOX)), Map.of(INBOX, new FolderProgress(-1, 3, 3, 0, null)))).isInstanceOf(Running.class);
    }

    @Test
    void runs_while_a_page_is_not_registered() {
        assertThat(decide(List.of(scan("a", INBOX)), Map.of(INBOX, new FolderProgress(2, 1, 1, 0, null)))).isInstanceOf(Running.class);
    }

    @Test
    void runs_while_a_page_is_open_even_if_others_are_parked() {
        assertThat(decide(List.of(scan("a", INBOX)), Map.of(INBOX, new FolderProgress(3, 3, 1, 1, FULL)))).isInstanceOf(Running.class);
        assertThat(decide(List.of(scan("a", INBOX, SENT)), Map.of(INBOX, new FolderProgress(1, 1, 0, 1, FULL), SENT, new FolderProgress(1, 1, 0, 0, null)))).isInstanceOf(Running.class);
    }

    @Test
    void is_settled_when_every_page_is() {
        assertThat(decide(List.of(scan("a", INBOX, SENT)), Map.of(INBOX, new FolderProgress(2, 2, 2, 0, null), SENT, new FolderProgress(0, 0, 0, 0, null)))).isInstanceOf(Settled.class);
    }

    @Test
    void is_set_aside_when_all_open_pages_are_parked() {
        PairEnd end = decide(List.of(scan("a", INBOX, SENT)), Map.of(INBOX, new FolderProgress(2, 2, 1, 1, FULL), SENT, new FolderProgress(1, 1, 1, 0, null)));
        assertThat(end).isEqualTo(new SetAside(scan("a", INBOX, SENT), Reason.QUOTA, "over quota"));
    }

    @Test
    void fails_when_its_scan_failed_and_waits_for_what_that_had_published() {
        assertThat(decide(List.of(failed("a")), Map.of())).isEqualTo(new Failed(failed("a"), Reason.UNREACHABLE, "no route"));
        assertThat(decide(List.of(failed("a")), Map.of(INBOX, new FolderProgress(-1, 2, 1, 0, null)))).isInstanceOf(Running.class);
        assertThat(decide(List.of(failed("a")), Map.of(INBOX, new FolderProgress(-1, 2, 2, 0, null)))).isInstanceOf(Failed.class);
    }

    @Test
    void the_newest_scan_decides_and_an_outdated_one_does_not() {
        assertThat(decide(List.of(failed("a"), scan("b")), Map.of())).isInstanceOf(Settled.class);
        assertThat(PairEnd.decide(List.of(failed("a")), Set.of("a"), List.of(), (scan, folder) -> null)).isInstanceOf(Running.class);
    }

    @Test
    void a_pair_in_which_nothing_had_changed_ended_as_its_only_scan_says() {
        ScanEnd standing = new ScanEnd(new PassId("acme", 2), new PairId("p"), 1, "a", List.of(), List.of(INBOX), List.of(), List.of(), null, List.of(new StandingFolder("INBOX", "INBOX", 5, 5, 0)));
        assertThat(decide(List.of(standing), Map.of())).isEqualTo(new Stood(standing));
        assertThat(PairEnd.stood(List.of(standing))).contains(standing);
        assertThat(PairEnd.stood(List.of(standing, failed("b")))).isEmpty();
        assertThat(decide(List.of(failed("b"), standing), Map.of())).as("what the other scan published may have been settled in this pass").isEqualTo(new Settled(standing));
        assertThat(PairEnd.decide(List.of(failed("b"), standing), Set.of("b"), List.of(), (scan, folder) -> null)).isEqualTo(new Settled(standing));
    }

    @Test
    void what_copiers_set_aside_before_they_heard_that_the_pass_goes_on_awaits_the_pass() {
        assertThat(new SetAside(scan("a", INBOX), Reason.INTERRUPTED, "the pass was paused").awaitsThePass()).isTrue();
        assertThat(new SetAside(scan("a", INBOX), Reason.QUOTA, "over quota").awaitsThePass()).isFalse();
    }

    @Test
    void what_is_set_aside_has_second_chances_and_not_for_ever() {
        SetAside aside = new SetAside(scan("a", INBOX), Reason.UNREACHABLE, "no route");
        assertThat(IntStream.iterate(0, taken -> aside.hasSecondChance(taken), taken -> taken + 1).count()).isEqualTo(5);
    }

    @Test
    void a_page_that_was_set_aside_is_due_when_its_time_has_come_and_at_once_where_the_pass_stood_still() {
        Instant now = Instant.parse("2026-03-01T12:00:00Z");
        assertThat(new Parked(now, Reason.QUOTA, "").isDue(now)).isTrue();
        assertThat(new Parked(now.plusMillis(1), Reason.QUOTA, "").isDue(now)).isFalse();
        assertThat(new Parked(Instant.MAX, Reason.INTERRUPTED, "").isDue(now)).isTrue();
    }

    private static PairEnd decide(List<ScanEnd> scans, Map<FolderId, FolderProgress> folders) {
        return PairEnd.decide(scans, Set.of(), folders.keySet(), (scan, folder) -> folders.get(folder));
    }

    private static ScanEnd scan(String id, FolderId... enumerated) {
        return new ScanEnd(new PassId("wave", 1), new PairId("p1"), 1, id, List.of(enumerated), List.of(), List.of(), List.of(), null);
    }

    private static ScanEnd failed(String id) {
        return new ScanEnd(new PassId("wave", 1), new PairId("p1"), 1, id, List.of(), List.of(), List.of(), List.of(), new Failure(Reason.UNREACHABLE, "no route"));
    }
}
