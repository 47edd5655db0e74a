package io.carryall.core.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.migration.FolderFilter;
import io.carryall.core.migration.FolderMap;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.port.TargetSession;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PipelineRecord.ExcludedFolder;
import io.carryall.core.record.PipelineRecord.StandingFolder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ScanPlanTest {
    private static final FolderStatus THEN = new FolderStatus(7, 101, 0, 90);

    private final List<MailFolder> source = new ArrayList<>();
    private final Map<String, FolderStatus> statuses = new HashMap<>();
    private final List<Folder> known = new ArrayList<>();
    private final List<Watermark> watermarks = new ArrayList<>();
    private FolderFilter filter = new FolderFilter(List.of("**"), List.of());
    private FolderMap map = FolderMap.NONE;
    private final Map<String, FolderId> renamed = new HashMap<>();
    private boolean flags;
    private long flagsModSeq;

    @Test
    void a_folder_that_nobody_knows_is_enumerated_whole_and_needs_the_target() {
        folder("Work", null, THEN);
        ScanPlan.Planned planned = only();
        assertThat(planned.action()).isEqualTo(new ScanAction.All());
        assertThat(planned.needsTarget()).isTrue();
        assertThat(planned.id().value()).matches("[0-9a-f]{16}");
    }

    @Test
    void ids_come_from_the_name_and_step_aside_where_a_renamed_folder_has_it() {
        folder("Work", null, THEN);
        FolderId first = only().id();
        known.add(row(first, "Work, renamed", "Work"));
        assertThat(only().id().value()).isEqualTo(first + "-2");
    }

    @Test
    void a_known_folder_keeps_its_id_and_its_way() {
        folder("Work", null, THEN);
        known.add(row(new FolderId("abc"), "Work", "Work"));
        assertThat(only().id()).isEqualTo(new FolderId("abc"));
        assertThat(only().needsTarget()).isFalse();
    }

    @Test
    void a_known_folder_that_the_operator_sends_elsewhere_now_needs_the_target() {
        folder("Work", null, THEN);
        known.add(row(new FolderId("abc"), "Work", "Work"));
        map = new FolderMap(Map.of("Work", "Old/Work"));
        assertThat(only().needsTarget()).isTrue();
    }

    @Test
    void inbox_is_the_same_folder_in_any_case() {
        folder("Inbox", null, THEN);
        known.add(row(new FolderId("abc"), "INBOX", "INBOX"));
        assertThat(only().id()).isEqualTo(new FolderId("abc"));
    }

    @Test
    void what_stands_where_its_watermark_stands_is_skipped() {
        assertThat(actionFor(THEN, "f", 0)).isEqualTo(new ScanAction.Skip());
        assertThat(actionFor(new FolderStatus(7, 101, 999, 90), "f", 0)).isEqualTo(new ScanAction.Skip());
    }

    @Test
    void where_every_folder_stands_and_nothing_failed_the_watermarks_say_all_that_is_to_be_told() {
        standing("Work", 90, 80, 10);
        standing("INBOX", 5, 5, 0);
        assertThat(plan().standing()).containsExactly(new StandingFolder("INBOX", "INBOX", 5, 5, 0), new StandingFolder("Work", "Work", 90, 80, 10));
        source.add(new MailFolder("Parent", "Parent", null, false, false));
        assertThat(plan().standing()).hasSize(2);
    }

    @Test
    void where_one_folder_changed_failed_goes_elsewhere_or_cannot_be_looked_into_none_of_it_is_told_that_way() {
        standing("Work", 90, 90, 0);
        map = new FolderMap(Map.of("Work", "Old/Work"));
        assertThat(plan().standing()).isEmpty();
        map = FolderMap.NONE;
        assertThat(plan().standing()).hasSize(1);
        folder("New", null, THEN);
        assertThat(plan().standing()).isEmpty();
        source.remove(1);
        source.add(new MailFolder("Shut", "Shut", null, true, true));
        assertThat(plan().standing()).isEmpty();
        source.remove(1);
        watermarks.set(0, new Watermark(new FolderId("Work"), THEN, "f", "s", 90, 89, 0, 1, 0));
        assertThat(only().action()).isEqualTo(new ScanAction.Skip());
        assertThat(plan().standing()).isEmpty();
    }

    @Test
    void a_pair_is_unchanged_where_every_folder_stands_and_is_known_as_it_is() {
        standing("Work", 90, 80, 10);
        assertThat(unchanged(true)).isPresent();
        folder("INBOX", null, THEN);
        known.add(new Folder(new FolderId("1"), "Inbox", "Inbox", "INBOX", new TargetFolder("new/ann", "INBOX"), 7, "INBOX", null, List.of()));
        watermarks.add(new Watermark(new FolderId("1"), THEN, "f", "s", 9, 9, 0, 0, 0));
        assertThat(plan().standing()).hasSize(2);
        assertThat(unchanged(false)).as("its row is to be written anew").isEmpty();
    }

    @Test
    void a_pair_is_not_unchanged_under_another_filter_or_with_a_folder_that_was_restored() {
        standing("Work", 90, 80, 10);
        watermarks.set(0, new Watermark(new FolderId("Work"), THEN, "other", "s", 90, 80, 10, 0, 0));
        assertThat(unchanged(false)).isEmpty();
        watermarks.set(0, new Watermark(new FolderId("Work"), THEN, "f", "s", 90, 80, 10, 0, 0));
        statuses.put("Work", new FolderStatus(8, 101, 0, 90));
        assertThat(unchanged(false)).isEmpty();
    }

    @Test
    void where_a_folder_may_be_one_that_was_renamed_a_scan_has_to_tell_unless_renames_are_not_followed() {
        standing("Work", 90, 90, 0);
        FolderStatus now = new FolderStatus(7, 101, 0, 90, "box-2");
        statuses.put("Work", now);
        known.set(0, new Folder(new FolderId("Work"), "Work", "Work", "Work", new TargetFolder("new/ann", "Work"), 7, "Work", "box-2", List.of()));
        known.add(new Folder(new FolderId("Old"), "Old", "Old", "Old", new TargetFolder("new/ann", "Old"), 7, "Old", "box-3", List.of()));
        assertThat(unchanged(true)).isPresent();
        statuses.put("Work", new FolderStatus(7, 101, 0, 90, "box-3"));
        assertThat(unchanged(true)).as("by its MAILBOXID it is Old").isEmpty();
        assertThat(unchanged(false)).as("its MAILBOXID is to be written anew").isEmpty();
    }

    @Test
    void of_two_folders_that_are_known_by_one_name_it_is_the_one_in_its_state_in_whatever_order_the_ledger_tells_them() {
        standing("Archive", 90, 90, 0);
        known.add(0, new Folder(new FolderId("deleted"), "Archive", "Archive", "Archive", new TargetFolder("new/ann", "Archive"), 5, "Archive", null, List.of()));
        assertThat(only().id()).isEqualTo(new FolderId("Archive"));
        assertThat(only().action()).isEqualTo(new ScanAction.Skip());
        assertThat(unchanged(true)).isPresent();
        Collections.reverse(known);
        assertThat(only().id()).isEqualTo(new FolderId("Archive"));
    }

    @Test
    void of_two_folders_that_are_known_by_one_name_it_is_the_one_with_its_mailbox_id_whatever_became_of_its_uids() {
        folder("Archive", null, new FolderStatus(9, 101, 0, 90, "box-2"));
        known.add(new Folder(new FolderId("deleted"), "Archive", "Archive", "Archive", new TargetFolder("new/ann", "Archive"), 9, "Archive", "box-1", List.of()));
        known.add(new Folder(new FolderId("renamed"), "Archive", "Archive", "Archive", new TargetFolder("new/ann", "Archive"), 7, "Archive", "box-2", List.of()));
        assertThat(only().id()).isEqualTo(new FolderId("renamed"));
        assertThat(only().action()).isEqualTo(new ScanAction.Rekey());
    }

    @Test
    void of_two_folders_that_are_known_by_one_name_and_neither_is_in_its_state_it_is_the_one_that_was_scanned_last() {
        folder("Archive", null, new FolderStatus(9, 101, 0, 90));
        known.add(row(new FolderId("deleted"), "Archive", "Archive"));
        known.add(row(new FolderId("renamed"), "Archive", "Archive"));
        watermarks.add(new Watermark(new FolderId("deleted"), THEN, "f", "0001", 90, 90, 0, 0, 0));
        watermarks.add(new Watermark(new FolderId("renamed"), THEN, "f", "0002", 90, 90, 0, 0, 0));
        assertThat(only().id()).isEqualTo(new FolderId("renamed"));
    }

    @Test
    void of_two_folders_of_one_name_on_a_server_whose_folders_are_all_in_one_state_it_is_the_one_that_had_another_name_before() {
        folder("Archive", null, THEN);
        FolderId first = only().id();
        known.add(row(first, "Archive", "Archive"));
        known.add(row(new FolderId("renamed"), "Archive", "Archive"));
        watermarks.add(new Watermark(first, new FolderStatus(7, 900, 0, 800), "f", "0003", 800, 800, 0, 0, 0));
        watermarks.add(new Watermark(new FolderId("renamed"), THEN, "f", "0001", 90, 90, 0, 0, 0));
        assertThat(only().id()).as("though it rested since, and the deleted one was scanned later").isEqualTo(new FolderId("renamed"));
        assertThat(only().action()).isEqualTo(new ScanAction.Skip());
    }

    private Optional<ScanPlan> unchanged(boolean renames) {
        return ScanPlan.unchanged(all(), renames);
    }

    private void standing(String name, long found, long done, long excluded) {
        folder(name, null, THEN);
        known.add(row(new FolderId(name), name, name));
        watermarks.add(new Watermark(new FolderId(name), THEN, "f", "s", found, done, excluded, 0, 0));
    }

    @Test
    void where_flags_are_followed_a_folder_stands_only_if_its_mod_sequence_does() {
        flags = true;
        flagsModSeq = 500;
        FolderStatus then = new FolderStatus(7, 101, 500, 90);
        assertThat(actionFor(then, then, "f", 0)).isEqualTo(new ScanAction.Skip());
        assertThat(actionFor(new FolderStatus(7, 101, 501, 90), then, "f", 0)).isEqualTo(new ScanAction.FromUid(101, false));
        assertThat(only().flagsSince()).isEqualTo(500);
    }

    @Test
    void where_flags_were_never_followed_or_have_no_mod_sequence_all_of_them_are_looked_at() {
        flags = true;
        FolderStatus then = new FolderStatus(7, 101, 500, 90);
        assertThat(actionFor(then, then, "f", 0)).as("the passes before left flags alone").isEqualTo(new ScanAction.FromUid(101, false));
        assertThat(only().flagsSince()).isZero();
        FolderStatus without = new FolderStatus(7, 101, 0, 90);
        assertThat(actionFor(without, without, "f", 0)).isEqualTo(new ScanAction.FromUid(101, false));
        flagsModSeq = 500;
        assertThat(actionFor(new FolderStatus(7, 90, 600, 90), then, "f", 0)).isEqualTo(new ScanAction.Compare());
        assertThat(only().flagsSince()).as("its UIDs may name other messages").isZero();
    }

    @Test
    void what_only_grew_is_enumerated_from_the_old_end_on() {
        assertThat(actionFor(new FolderStatus(7, 106, 0, 95), "f", 0)).isEqualTo(new ScanAction.FromUid(101, false));
        assertThat(actionFor(new FolderStatus(7, 106, 0, 80), "f", 0)).isEqualTo(new ScanAction.FromUid(101, false));
        assertThat(actionFor(new FolderStatus(7, 101, 0, 80), "f", 0)).isEqualTo(new ScanAction.FromUid(101, false));
    }

    @Test
    void what_does_not_add_up_is_compared() {
        assertThat(actionFor(new FolderStatus(7, 100, 0, 90), "f", 0)).isEqualTo(new ScanAction.Compare());
        assertThat(actionFor(new FolderStatus(7, 101, 0, 91), "f", 0)).isEqualTo(new ScanAction.Compare());
        assertThat(actionFor(new FolderStatus(7, 0, 0, 90), "f", 0)).isEqualTo(new ScanAction.Compare());
        assertThat(actionFor(new FolderStatus(7, 100, 0, 90), "other", 0)).isEqualTo(new ScanAction.Compare());
        assertThat(actionFor(new FolderStatus(7, 101, 4, 90, null), new FolderStatus(7, 101, 5, 90), "f", 0)).isEqualTo(new ScanAction.Compare());
    }

    @Test
    void another_uidvalidity_means_to_recognise_what_is_there() {
        assertThat(actionFor(new FolderStatus(8, 101, 0, 90), "f", 0)).isEqualTo(new ScanAction.Rekey());
    }

    @Test
    void a_watermark_of_a_former_state_says_nothing() {
        folder("Work", null, THEN);
        Folder again = row(new FolderId("abc"), "Work", "Work").rekeyed(7);
        known.add(again);
        watermarks.add(new Watermark(again.id(), THEN, "f", "s", 90, 90, 0, 0, 0));
        assertThat(again.uidValidity()).isEqualTo(FolderKey.usedAgain(7));
        assertThat(again.former()).containsExactly(7L);
        assertThat(only().action()).isEqualTo(new ScanAction.Compare());
    }

    @Test
    void a_folder_that_was_made_before_and_never_came_to_a_watermark_is_compared() {
        folder("Work", null, THEN);
        known.add(row(new FolderId("abc"), "Work", "Work"));
        assertThat(only().action()).isEqualTo(new ScanAction.Compare());
    }

    @Test
    void drafts_are_seen_whole_when_anything_changed() {
        assertThat(draftsFor(new FolderStatus(7, 106, 0, 95))).isEqualTo(new ScanAction.All());
        assertThat(draftsFor(THEN)).isEqualTo(new ScanAction.Skip());
    }

    @Test
    void a_renamed_folder_keeps_its_id_and_its_place_on_the_target() {
        folder("Project 2025", null, THEN);
        known.add(row(new FolderId("abc"), "Project", "Project"));
        renamed.put("Project 2025", new FolderId("abc"));
        assertThat(only().id()).isEqualTo(new FolderId("abc"));
        assertThat(only().isRenamed()).isTrue();
        assertThat(only().needsTarget()).isFalse();
        assertThat(destination(List.of(), only()).name()).isEqualTo(named("Project"));
    }

    @Test
    void a_renamed_folder_goes_on_where_the_operator_sends_its_old_name_unless_the_new_one_is_sent_elsewhere() {
        folder("Project 2025", null, THEN);
        known.add(row(new FolderId("abc"), "Project", "Old/Project"));
        renamed.put("Project 2025", new FolderId("abc"));
        map = new FolderMap(Map.of("Project", "Old/Project"));
        assertThat(only().needsTarget()).isFalse();
        map = new FolderMap(Map.of("Project", "Old/Project", "Project 2025", "Elsewhere"));
        assertThat(only().needsTarget()).isTrue();
        assertThat(only().mapped()).hasToString("Elsewhere");
    }

    @Test
    void a_new_folder_under_the_name_of_a_renamed_one_is_a_new_folder() {
        folder("Project", null, new FolderStatus(8, 1, 0, 0));
        folder("Project 2025", null, THEN);
        known.add(row(new FolderId("abc"), "Project", "Project"));
        renamed.put("Project 2025", new FolderId("abc"));
        assertThat(plan().folders()).extracting(ScanPlan.Planned::id).doesNotHaveDuplicates().contains(new FolderId("abc"));
        assertThat(plan().folders().get(0).known()).isNull();
    }

    @Test
    void a_folder_is_not_taken_for_one_that_stands_elsewhere_now_though_that_one_is_left_out() {
        folder("Trash/Project", null, new FolderStatus(7, 101, 0, 90, "box-1"));
        folder("Project", null, new FolderStatus(8, 1, 0, 0, "box-2"));
        Folder before = new Folder(new FolderId("abc"), "Project", "Project", "Project", new TargetFolder("new/ann", "Project"), 7, "Project", "box-1", List.of());
        known.add(before);
        filter = new FolderFilter(List.of("**"), List.of("Trash/**"));
        assertThat(only().known()).isNull();

        renamed.put("Trash/Project", before.id());
        filter = new FolderFilter(List.of("**"), List.of());
        assertThat(plan().folders()).extracting(ScanPlan.Planned::known).containsExactly(before, null);
    }

    @Test
    void a_folder_whose_mailboxid_nobody_bears_any_more_is_known_by_its_name() {
        folder("Work", null, new FolderStatus(8, 101, 0, 90, "box-2"));
        known.add(new Folder(new FolderId("abc"), "Work", "Work", "Work", new TargetFolder("new/ann", "Work"), 7, "Work", "box-1", List.of()));
        assertThat(only().action()).as("a server that was restored").isEqualTo(new ScanAction.Rekey());
    }

    @Test
    void a_folder_that_the_operator_sends_elsewhere_or_no_longer_goes_to_its_new_place() {
        folder("Work", null, THEN);
        known.add(row(new FolderId("abc"), "Work", "Work"));
        map = new FolderMap(Map.of("Work", "Old/Work"));
        assertThat(only().id()).isEqualTo(new FolderId("abc"));
        assertThat(destination(List.of(), only()).name()).isEqualTo(named("Old/Work"));

        known.set(0, row(new FolderId("abc"), "Work", "Old/Work"));
        map = FolderMap.NONE;
        assertThat(only().needsTarget()).isTrue();
        assertThat(destination(List.of(), only()).name()).isEqualTo(named("Work"));
    }

    @Test
    void a_folder_that_is_sent_elsewhere_is_not_enumerated_for_that() {
        assertThat(actionFor(THEN, "f", 0)).isEqualTo(new ScanAction.Skip());
        map = new FolderMap(Map.of("Work", "Old/Work"));
        assertThat(only().action()).isEqualTo(new ScanAction.Skip());
    }

    @Test
    void another_filter_means_everything() {
        assertThat(actionFor(THEN, "other", 0)).isEqualTo(new ScanAction.All());
    }

    @Test
    void failures_to_try_again_are_queued_by_their_keys_and_not_walked_to() {
        assertThat(actionFor(THEN, "f", 1)).isEqualTo(new ScanAction.FromUid(101, true));
        assertThat(actionFor(new FolderStatus(7, 106, 0, 95), "f", 1)).isEqualTo(new ScanAction.FromUid(101, true));
    }

    @Test
    void folders_that_the_filter_leaves_out_are_listed_with_their_messages() {
        folder("Trash", "\\Trash", THEN);
        filter = new FolderFilter(List.of("**"), List.of("Trash"));
        assertThat(plan().folders()).isEmpty();
        assertThat(plan().excluded()).containsExactly(new ExcludedFolder("Trash", 90));
        assertThat(plan().warnings()).isEmpty();
    }

    @Test
    void folders_that_show_others_again_are_left_out_and_told_unless_included_by_name() {
        folder("[Gmail]/All Mail", "\\All", THEN);
        assertThat(plan().folders()).isEmpty();
        assertThat(plan().excluded()).containsExactly(new ExcludedFolder("[Gmail]/All Mail", 90));
        assertThat(plan().warnings()).singleElement().satisfies(warning -> assertThat(warning.what()).isEqualTo("folder-left-out"));
        filter = new FolderFilter(List.of("**", "[Gmail]/All Mail"), List.of());
        assertThat(plan().folders()).hasSize(1);
        assertThat(plan().warnings()).isEmpty();
    }

    @Test
    void a_folder_that_tells_nothing_of_itself_is_not_left_out_in_silence() {
        source.add(new MailFolder("Shut", "Shut", null, true, true));
        assertThat(plan().warnings()).singleElement().satisfies(warning -> assertThat(warning.what()).isEqualTo("folder-unreadable"));
    }

    @Test
    void folders_that_hold_no_messages_and_folders_listed_twice_are_nothing_to_scan() {
        source.add(new MailFolder("Parent", "Parent", null, false, false));
        folder("A", null, THEN);
        folder("A", null, THEN);
        assertThat(plan().folders()).hasSize(1);
        assertThat(plan().warnings()).isEmpty();
    }

    @Test
    void a_folder_goes_to_its_counterpart_by_special_use_unless_the_operator_says_otherwise() {
        folder("Sent Messages", "\\Sent", THEN);
        List<MailFolder> target = List.of(new MailFolder("Sent", "Sent", "\\Sent", true, true));
        assertThat(destination(target)).isEqualTo(new Destination(named("Sent"), true, true));
        map = new FolderMap(Map.of("Sent Messages", "Gone"));
        assertThat(destination(target)).isEqualTo(new Destination(named("Gone"), false, false));
    }

    @Test
    void a_folder_of_special_use_that_the_operator_sends_elsewhere_no_longer_goes_to_its_counterpart_once_something_goes_there() {
        MailFolder sent = new MailFolder("Sent", "Sent", "\\Sent", true, true);
        MailFolder other = new MailFolder("Sent Items", "Sent Items", "\\Sent", true, true);
        folder("Sent Messages", "\\Sent", new FolderStatus(7, 106, 0, 95));
        known.add(row(new FolderId("abc"), "Sent Messages", "Gone"));
        watermarks.add(new Watermark(new FolderId("abc"), THEN, "f", "scan", 90, 90, 0, 0, 0));
        assertThat(only().needsTarget()).isTrue();
        assertThat(destination(List.of(sent, other), only()).name()).isEqualTo(named("Sent"));

        known.set(0, row(new FolderId("abc"), "Sent Messages", "Sent Items"));
        assertThat(destination(List.of(sent, other), only()).name()).isEqualTo(named("Sent Items"));

        statuses.put("Sent Messages", THEN);
        assertThat(only().needsTarget()).isFalse();
    }

    @Test
    void without_a_counterpart_it_keeps_its_path() {
        folder("Sent Messages", "\\Sent", THEN);
        assertThat(destination(List.of())).isEqualTo(new Destination(named("Sent Messages"), false, false));
        assertThat(destination(List.of(new MailFolder("Sent Messages", "Sent Messages", null, true, true))).isThere()).isTrue();
        assertThat(destination(List.of(new MailFolder("Sent Messages", "Sent Messages", null, false, true))).isThere()).isFalse();
    }

    @Test
    void inbox_is_always_there() {
        folder("INBOX", null, THEN);
        assertThat(destination(List.of())).isEqualTo(new Destination(named("INBOX"), true, false));
    }

    private Destination destination(List<MailFolder> target) {
        return destination(target, only());
    }

    private static Destination destination(List<MailFolder> target, ScanPlan.Planned folder) {
        return Destination.of(folder, target, ScanPlanTest::named);
    }

    private static TargetSession.Planned named(String path) {
        return new TargetSession.Planned(path, path, null);
    }

    private ScanAction actionFor(FolderStatus now, String filterHash, long retry) {
        return actionFor(now, THEN, filterHash, retry);
    }

    private ScanAction actionFor(FolderStatus now, FolderStatus then, String filterHash, long retry) {
        return actionFor(null, now, then, filterHash, retry);
    }

    private ScanAction draftsFor(FolderStatus now) {
        return actionFor("\\Drafts", now, THEN, "f", 0);
    }

    private ScanAction actionFor(String use, FolderStatus now, FolderStatus then, String filterHash, long retry) {
        source.clear();
        known.clear();
        watermarks.clear();
        folder("Work", use, now);
        known.add(row(new FolderId("abc"), "Work", "Work"));
        watermarks.add(new Watermark(new FolderId("abc"), then, filterHash, "s", 90, 90, 0, 0, retry, flagsModSeq));
        return only().action();
    }

    /** A mailbox may have tens of thousands of folders: what is known of all is not gone through for each of them. */
    @Test
    void what_is_known_of_folders_is_gone_through_a_few_times_only() {
        int[] looks = new int[1];
        List<Watermark> marks = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            folder("F" + i, null, THEN);
            known.add(row(new FolderId("id" + i), "F" + i, "F" + i));
            marks.add(new Watermark(new FolderId("id" + i), THEN, "f", "s", 90, 90, 0, 0, 0));
        }
        List<Watermark> counted = new java.util.AbstractList<>() {
            @Override
            public Watermark get(int index) {
                looks[0]++;
                return marks.get(index);
            }

            @Override
            public int size() {
                return marks.size();
            }
        };

        ScanPlan plan = ScanPlan.of(new ScanPlan.Known(source, statuses, filter, map, known, counted, "f", renamed, false));

        assertThat(plan.folders()).hasSize(500).allMatch(folder -> folder.action() instanceof ScanAction.Skip);
        assertThat(looks[0]).isLessThan(2_000);
    }

    private static Folder row(FolderId id, String name, String targetPath) {
        return new Folder(id, name, name, targetPath, new TargetFolder("new/ann", targetPath), 7);
    }

    private void folder(String name, String use, FolderStatus status) {
        source.add(new MailFolder(name, name.equalsIgnoreCase("INBOX") ? "INBOX" : name, use, true, true));
        statuses.put(name, status);
    }

    private ScanPlan.Planned only() {
        assertThat(plan().folders()).hasSize(1);
        return plan().folders().get(0);
    }

    private ScanPlan plan() {
        return ScanPlan.of(all());
    }

    private ScanPlan.Known all() {
        return new ScanPlan.Known(source, statuses, filter, map, known, watermarks, "f", renamed, flags);
    }
}
