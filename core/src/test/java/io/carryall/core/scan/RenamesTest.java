package io.carryall.core.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.record.FolderStatus;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RenamesTest {
    private final List<MailFolder> source = new ArrayList<>();
    private final Map<String, FolderStatus> statuses = new LinkedHashMap<>();
    private final List<Folder> known = new ArrayList<>();
    private final List<Watermark> watermarks = new ArrayList<>();

    @Test
    void a_folder_is_followed_by_its_mailbox_id() {
        known("Project", 7, "F1");
        now("Project 2025", 9, 5, "F1");
        assertThat(renames().found()).containsEntry("Project 2025", new FolderId("id-Project"));
        assertThat(renames().strangers()).isEmpty();
    }

    @Test
    void two_folders_that_changed_names_are_followed_by_their_mailbox_ids() {
        known("A", 7, "F1");
        known("B", 8, "F2");
        now("A", 8, 5, "F2");
        now("B", 7, 5, "F1");
        assertThat(renames().found()).containsEntry("A", new FolderId("id-B")).containsEntry("B", new FolderId("id-A"));
    }

    @Test
    void without_mailbox_ids_a_folder_that_is_gone_is_a_candidate_by_its_uidvalidity() {
        known("Project", 7, null);
        known("Other", 8, null);
        now("Project 2025", 7, 5, null);
        assertThat(renames().found()).isEmpty();
        assertThat(candidates("Project 2025")).containsExactly("Project");
    }

    @Test
    void a_folder_whose_name_was_given_to_a_new_one_is_a_candidate_too() {
        known("Project", 7, null);
        now("Project", 9, 1, null);
        now("Project 2025", 7, 5, null);
        assertThat(candidates("Project 2025")).containsExactly("Project");
    }

    @Test
    void what_stands_under_its_name_is_nobody_elses_former_self() {
        known("Project", 7, null);
        now("Project", 7, 5, null);
        now("Copy", 7, 5, null);
        assertThat(candidates("Copy")).isEmpty();
    }

    @Test
    void another_uidvalidity_another_mailbox_id_or_a_uidnext_that_went_back_rule_a_candidate_out() {
        known("A", 7, null);
        known("B", 8, "F1");
        known("C", 9, null);
        watermarks.add(new Watermark(new FolderId("id-C"), new FolderStatus(9, 100, 0, 90), "f", "s", 90, 90, 0, 0, 0));
        now("X", 6, 5, null);
        now("Y", 8, 5, "F2");
        now("Z", 9, 99, null);
        assertThat(candidates("X")).isEmpty();
        assertThat(candidates("Y")).isEmpty();
        assertThat(candidates("Z")).isEmpty();
    }

    @Test
    void of_several_candidates_the_one_with_the_nearest_uidnext_comes_first() {
        for (long next : new long[] {10, 50, 90}) {
            known("A" + next, 1, null);
            watermarks.add(new Watermark(new FolderId("id-A" + next), new FolderStatus(1, next, 0, 0), "f", "s", 0, 0, 0, 0, 0));
        }
        now("B", 1, 52, null);
        assertThat(candidates("B")).containsExactly("A50", "A10");
    }

    @Test
    void what_was_confirmed_is_no_candidate_any_more() {
        known("A", 1, null);
        now("X", 1, 5, null);
        now("Y", 1, 5, null);
        Renames renames = renames();
        renames.confirm(source.get(0), known.get(0));
        assertThat(renames.candidates(source.get(1))).isEmpty();
        assertThat(renames.found()).containsOnlyKeys("X");
    }

    @Test
    void inbox_is_never_renamed() {
        known("INBOX", 1, null);
        now("X", 1, 5, null);
        assertThat(candidates("X")).isEmpty();
    }

    @Test
    void a_folder_that_was_followed_to_the_name_of_a_deleted_one_is_itself_from_then_on() {
        known("Archive", 5, null);
        known.add(new Folder(new FolderId("id-Archive 2025"), "Archive", "Archive", "Archive 2025", new TargetFolder("new/ann", "Archive 2025"), 7, "Archive 2025", null, List.of()));
        now("Archive", 7, 5, null);
        assertThat(renames().strangers()).isEmpty();
        assertThat(renames().found()).isEmpty();
    }

    private List<String> candidates(String stranger) {
        return renames().candidates(source.stream().filter(folder -> folder.path().equals(stranger)).findFirst().orElseThrow()).stream().map(Folder::path).toList();
    }

    private Renames renames() {
        return new Renames(source, statuses, known, watermarks);
    }

    private void known(String name, long uidValidity, String mailboxId) {
        known.add(new Folder(new FolderId("id-" + name), name, name, name, new TargetFolder("new/ann", name), uidValidity, name, mailboxId, List.of()));
    }

    private void now(String name, long uidValidity, long uidNext, String mailboxId) {
        source.add(new MailFolder(name, name, null, true, true));
        statuses.put(name, new FolderStatus(uidValidity, uidNext, 0, 3, mailboxId));
    }
}
