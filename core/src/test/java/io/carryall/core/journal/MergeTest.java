package io.carryall.core.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.journal.Merge.FolderMerge;
import io.carryall.core.port.Folders.Folder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MergeTest {
    private static final Folder DELETED = folder("deleted", 5);
    private static final Folder RENAMED = folder("renamed", 7);

    @Test
    void of_two_folders_of_one_name_each_is_the_one_in_its_state_in_whatever_order_they_are_told() {
        Map<FolderId, FolderMerge> both = Map.of(DELETED.id(), new FolderMerge.Joined(DELETED), RENAMED.id(), new FolderMerge.Joined(RENAMED));
        assertThat(Merge.folders(List.of(DELETED, RENAMED), List.of(DELETED, RENAMED), true).merges()).isEqualTo(both);
        assertThat(Merge.folders(List.of(RENAMED, DELETED), List.of(DELETED, RENAMED), true).merges()).isEqualTo(both);
    }

    @Test
    void of_two_folders_of_one_name_only_the_one_in_its_state_is_the_one_that_is_known_here() {
        Merge.Folders folders = Merge.folders(List.of(RENAMED), List.of(DELETED, RENAMED), true);
        assertThat(folders.merges()).containsEntry(RENAMED.id(), new FolderMerge.Joined(RENAMED)).containsEntry(DELETED.id(), new FolderMerge.Taken(DELETED));
    }

    @Test
    void a_folder_of_the_same_name_in_another_state_is_the_same_folder() {
        assertThat(Merge.folders(List.of(folder("here", 9)), List.of(RENAMED), true).merges().get(RENAMED.id())).isInstanceOf(FolderMerge.Apart.class);
    }

    private static Folder folder(String id, long uidValidity) {
        return new Folder(new FolderId(id), "Archive", "Archive", "Archive", new TargetFolder("new/ann", "Archive"), uidValidity);
    }
}
