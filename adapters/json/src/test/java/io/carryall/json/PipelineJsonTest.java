package io.carryall.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.record.PipelineRecord.DeadLetter;
import io.carryall.core.record.PipelineRecord.ExcludedFolder;
import io.carryall.core.record.PipelineRecord.Failure;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ItemsPage;
import io.carryall.core.record.PipelineRecord.LookRequest;
import io.carryall.core.record.PipelineRecord.Outcome;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.ScanRequest;
import io.carryall.core.record.PipelineRecord.StandingFolder;
import io.carryall.core.record.PipelineRecord.Warning;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PipelineJsonTest {
    private static final PassId PASS = new PassId("acme", 2);
    private static final PairId PAIR = new PairId("p1");
    private static final FolderKey FOLDER = new FolderKey(PAIR, 3, new FolderId("00ff"), 4_294_967_295L);
    private static final List<SourceItem> ITEMS = List.of(new SourceItem(4_294_967_294L, 12_345_678_901L, -5), new SourceItem(7, 0, SourceItem.NO_DATE));

    private final PipelineJson json = new PipelineJson();

    @Test
    void every_record_is_read_as_it_was_written() throws UnreadableRecordException {
        List<PipelineRecord> records = List.of(
                new ScanRequest(PASS, PAIR, 3),
                new LookRequest(PASS, List.of(PAIR, new PairId("another"))),
                new ItemsPage(PASS, FOLDER, "s1", 9, new TargetFolder("new/ann@new.example", "Entwürfe 📮"), ITEMS),
                new CopyPage(PASS, FOLDER, "s1", 9, new TargetFolder("new/ann@new.example", "a\"\\\n"), ITEMS),
                new ItemsPage(PASS, FOLDER, "s1", 9, new TargetFolder("new/ann", "x"), List.of(), List.of(4_294_967_294L, 7L)),
                new CopyPage(PASS, FOLDER, "s1", 9, new TargetFolder("new/ann", "x"), List.of(), List.of(4_294_967_294L)),
                new FolderEnd(PASS, FOLDER, "s1", new FolderStatus(4_294_967_295L, 8, 1L << 62, 2), 10),
                new ScanEnd(PASS, PAIR, 3, "s1", List.of(new FolderId("a"), new FolderId("b")), List.of(new FolderId("c")), List.of(new ExcludedFolder("Trash", 12)),
                        List.of(new Warning("Sent", 0, "name-escaped", "why"), new Warning(null, 0, "x", null)), null),
                new ScanEnd(PASS, PAIR, 3, "s1", List.of(), List.of(), List.of(), List.of(), new Failure(Reason.LOGIN_REFUSED, "no")),
                new ScanEnd(PASS, PAIR, 3, "s1", List.of(), List.of(new FolderId("c")), List.of(), List.of(), null, List.of(new StandingFolder("Sent", "Gesendet", 5, 4, 1))),
                new Outcome(PASS, PAIR, new FolderId("a"), "scan", "found", 256, 1 << 20, null),
                new Outcome(PASS, PAIR, null, "scan", "scan-end", 0, 0, "login-refused"),
                new DeadLetter(PASS, FOLDER, 17, Reason.TOO_LARGE, "says the server"));
        for (PipelineRecord record : records) {
            assertThat(json.read(json.write(record))).isEqualTo(record);
        }
    }

    /** What version 1 wrote; it has to be readable for ever. */
    @Test
    void the_first_version_stays_readable() throws UnreadableRecordException {
        String first = "{\"v\":1,\"type\":\"copy-page\",\"pass\":\"acme#2\",\"pair\":\"p1\",\"generation\":3,\"folder\":\"00ff\",\"uidValidity\":4294967295,\"scan\":\"s1\",\"seq\":9,"
                + "\"target\":{\"mailbox\":\"new/ann@new.example\",\"folder\":\"Sent\"},\"items\":[[4294967294,12345678901,-5],[7,0,null]]}";
        CopyPage page = new CopyPage(PASS, FOLDER, "s1", 9, new TargetFolder("new/ann@new.example", "Sent"), ITEMS);
        assertThat(json.read(first.getBytes(StandardCharsets.UTF_8))).isEqualTo(page);
        assertThat(new String(json.write(page), StandardCharsets.UTF_8)).isEqualTo(first);
    }

    @Test
    void what_a_newer_writer_added_to_items_is_passed_over_and_what_is_no_item_is_refused() throws UnreadableRecordException {
        String page = "{\"items\":%s,\"v\":1,\"type\":\"items-page\",\"pass\":\"acme#2\",\"pair\":\"p1\",\"generation\":3,\"folder\":\"00ff\",\"uidValidity\":4294967295,\"scan\":\"s1\",\"seq\":9,"
                + "\"target\":{\"mailbox\":\"new/ann\",\"folder\":\"x\"}}";
        assertThat(((ItemsPage) read(String.format(page, "[[4294967294,12345678901,-5,{\"a\":[1]},[2]],[7,0,\"geheim\"]]"))).items()).isEqualTo(ITEMS);
        for (String items : List.of("[[1,2]]", "[[1]]", "[[]]", "[7]", "[[\"geheim\",2,3]]", "[[1.5,2,3]]", "{}")) {
            assertRefused(String.format(page, items), "\"items\"");
        }
        assertRefused(String.format(page, "[[99999999999999999999,1,2]]"), "byte");
    }

    @Test
    void fields_that_a_newer_writer_added_are_ignored() throws UnreadableRecordException {
        assertThat(read("{\"v\":1,\"type\":\"scan-request\",\"pass\":\"acme#2\",\"pair\":\"p1\",\"generation\":3,\"urgent\":{\"x\":[1]}}")).isEqualTo(new ScanRequest(PASS, PAIR, 3));
    }

    @Test
    void only_a_page_of_flags_needs_the_newer_form() {
        TargetFolder target = new TargetFolder("new/ann", "x");
        assertThat(new String(json.write(new CopyPage(PASS, FOLDER, "s1", 0, target, ITEMS)), StandardCharsets.UTF_8)).contains("\"v\":1").doesNotContain("flagged");
        assertThat(new String(json.write(new CopyPage(PASS, FOLDER, "s1", 0, target, List.of(), List.of(7L))), StandardCharsets.UTF_8)).contains("\"v\":2").contains("\"flagged\":[7]");
    }

    @Test
    void a_folder_name_that_is_no_text_comes_through() throws UnreadableRecordException {
        CopyPage page = new CopyPage(PASS, FOLDER, "s1", 0, new TargetFolder("new/ann", "a\uD83D\uDCEE\uD800b\uDC00"), List.of());
        assertThat(json.read(json.write(page))).isEqualTo(page);
    }

    @Test
    void what_is_no_record_is_refused_by_saying_what_is_wrong_and_nothing_of_its_contents() {
        assertRefused("geheim", "not JSON");
        assertRefused("", "object");
        assertRefused("[\"geheim\"]", "object");
        assertRefused("{\"v\":1,\"type\":\"geheim\"}", "unknown type");
        assertRefused("{\"v\":3,\"type\":\"scan-request\"}", "version 3");
        assertRefused("{\"v\":1,\"type\":\"scan-request\",\"pass\":\"acme#2\",\"pair\":\"p1\"}", "\"generation\"");
        assertRefused("{\"v\":1,\"type\":\"scan-request\",\"pass\":\"geheim\",\"pair\":\"p1\",\"generation\":1}", "may not");
        assertThatThrownBy(() -> json.read(null)).isInstanceOf(UnreadableRecordException.class);
        assertThatThrownBy(() -> json.read(new byte[] {(byte) 0xff, 0, 1})).isInstanceOf(UnreadableRecordException.class);
    }

    private PipelineRecord read(String text) throws UnreadableRecordException {
        return json.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private void assertRefused(String text, String what) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(UnreadableRecordException.class).hasMessageContaining(what).hasMessageNotContaining("geheim");
    }
}
