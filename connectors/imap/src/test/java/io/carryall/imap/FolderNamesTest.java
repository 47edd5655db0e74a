package io.carryall.imap;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.migration.FolderPath;
import org.junit.jupiter.api.Test;

class FolderNamesTest {
    private static final FolderNames SLASH = new FolderNames('/', "");
    private static final FolderNames DOT = new FolderNames('.', "INBOX.");
    private static final FolderNames FLAT = new FolderNames((char) 0, "");

    @Test
    void text_goes_through_modified_utf_7_and_back() {
        for (String text : new String[] {"Entwürfe", "台北", "a&b", "Räksmörgås & co", "\uD83D\uDE00 smile", "~peter/x", "plain"}) {
            assertThat(ModifiedUtf7.decode(ModifiedUtf7.encode(text))).contains(text);
        }
        assertThat(ModifiedUtf7.encode("~peter/mail/台北/日本語")).isEqualTo("~peter/mail/&U,BTFw-/&ZeVnLIqe-");
    }

    @Test
    void a_name_that_is_not_the_one_way_to_write_its_text_is_invalid() {
        for (String raw : new String[] {"a&b", "&", "&AGE-", "&AAE", "&U,BTF-", "&U,BTFw-&ZeVnLIqe-", "&2D0-", "&Jjo!", "\u00FF\u00FE"}) {
            assertThat(ModifiedUtf7.decode(raw)).as(raw).isEmpty();
        }
    }

    @Test
    void a_name_in_raw_utf_8_is_read_as_such() {
        assertThat(path(SLASH, "Entw\u00C3\u00BCrfe")).isEqualTo("Entwürfe");
    }

    @Test
    void an_invalid_name_is_shown_escaped_always_the_same_way() {
        assertThat(path(SLASH, "a&b/c")).isEqualTo("a=26b/c");
        assertThat(path(SLASH, "a\u00FF")).isEqualTo("a=FF");
    }

    @Test
    void levels_are_written_with_slashes_whatever_the_delimiter() {
        assertThat(path(DOT, "INBOX.a.b/c")).isEqualTo("a/b\\/c");
        assertThat(path(DOT, "inbox")).isEqualTo("INBOX");
        assertThat(path(SLASH, "a/b.c")).isEqualTo("a/b.c");
        assertThat(path(SLASH, "parent/")).isEqualTo("parent");
        assertThat(new FolderNames((char) 0, "").path("a/b", (char) 0).toString()).isEqualTo("a\\/b");
    }

    @Test
    void a_path_gets_delimiter_and_prefix_of_the_target() {
        assertThat(raw(DOT, "Sent/2024")).isEqualTo("INBOX.Sent.2024");
        assertThat(raw(DOT, "INBOX")).isEqualTo("INBOX");
        assertThat(raw(SLASH, "inbox/child")).isEqualTo("INBOX/child");
        assertThat(raw(SLASH, "Entwürfe")).isEqualTo("Entw&APw-rfe");
    }

    @Test
    void what_a_path_can_not_say_on_the_target_is_escaped_with_a_warning() {
        assertThat(raw(DOT, "v1.2/x")).isEqualTo("INBOX.v1=2E2.x");
        assertThat(DOT.plan(FolderPath.parse("v1.2/x")).path()).isEqualTo("v1=2E2/x");
        assertThat(DOT.plan(FolderPath.parse("v1.2/x")).warning()).contains("v1=2E2/x");
        assertThat(raw(SLASH, "a\\/b")).isEqualTo("a=2Fb");
        assertThat(SLASH.plan(FolderPath.parse("a.b")).warning()).isNull();
        assertThat(FLAT.plan(FolderPath.parse("a/b")).warning()).isNotNull();
    }

    @Test
    void a_refused_name_has_an_escaped_one_that_any_server_takes() {
        assertThat(SLASH.planEscaped(FolderPath.parse("~x")).rawName()).isEqualTo("=7Ex");
        assertThat(SLASH.planEscaped(FolderPath.parse(" a*b% ")).rawName()).isEqualTo("=20a=2Ab=25=20");
        assertThat(SLASH.planEscaped(FolderPath.parse("n".repeat(300))).rawName()).hasSize(99);
    }

    private static String path(FolderNames names, String raw) {
        return names.path(raw, names.delimiter()).toString();
    }

    private static String raw(FolderNames names, String path) {
        return names.plan(FolderPath.parse(path)).rawName();
    }
}
