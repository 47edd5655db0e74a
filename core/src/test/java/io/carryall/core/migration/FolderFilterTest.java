package io.carryall.core.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FolderFilterTest {

    @ParameterizedTest
    @CsvSource({
        "**, INBOX, true", "**, a/b/c, true", "*, a, true", "*, a/b, false", "a/*, a/b, true", "a/*, a, false", "a/*, a/b/c, false",
        "Junk/**, Junk, true", "Junk/**, Junk/a, true", "Junk/**, Junk/a/b, true", "Junk/**, Junkyard, false", "Junk/**, x/Junk, false",
        "**/Old, Old, true", "**/Old, a/Old, true", "**/Old, a/b/Old, true", "**/Old, a/Older, false", "**/Old, aOld, false",
        "a/**/z, a/z, true", "a/**/z, a/b/z, true", "a/**/z, a/b/c/z, true", "a/**/z, az, false", "**/**, a, true", "**/a/**, a, true", "**/a/**, x/a/y, true", "a/**/**, a, true", "a/**/**/z, a/z, true",
        "Arch*, Archive, true", "Arch*, Archive/2020, false", "Arch**, Archive/2020, true", "*20*, Archive 2020!, true",
        "Trash, Trash, true", "Trash, trash, false", "Trash, Trash/x, false", "inbox, INBOX, true", "Inbox/**, INBOX/x, true", "x/inbox, x/INBOX, false",
        "a.c, abc, false", "[Gmail]/All Mail, [Gmail]/All Mail, true", "(x, (x, true"
    })
    void a_glob_matches_as_documented(String glob, String path, boolean matches) {
        assertThat(new FolderFilter(List.of(glob), List.of()).lets(path)).isEqualTo(matches);
    }

    @Test
    void a_slash_inside_a_name_is_no_level() {
        assertThat(new FolderFilter(List.of("*"), List.of()).lets("a\\/b")).isTrue();
        assertThat(new FolderFilter(List.of("a/*"), List.of()).lets("a\\/b")).isFalse();
    }

    @Test
    void exclude_wins_over_include() {
        FolderFilter filter = new FolderFilter(List.of("**"), List.of("Trash", "Junk/**"));
        assertThat(filter.lets("Trash")).isFalse();
        assertThat(filter.lets("Junk/2020")).isFalse();
        assertThat(filter.lets("Sent")).isTrue();
    }

    @Test
    void a_folder_is_named_only_by_a_glob_without_wildcards() {
        FolderFilter filter = new FolderFilter(List.of("**", "[Gmail]/All Mail"), List.of());
        assertThat(filter.names(FolderPath.of("[Gmail]", "All Mail"))).isTrue();
        assertThat(filter.names(FolderPath.of("[Gmail]", "Starred"))).isFalse();
    }

    @Test
    void many_stars_against_a_long_name_end_soon() {
        assertThat(new FolderFilter(List.of("*a*a*a*b"), List.of()).lets("a".repeat(250))).isFalse();
    }
}
