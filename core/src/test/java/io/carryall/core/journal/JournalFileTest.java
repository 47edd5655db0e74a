package io.carryall.core.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carryall.core.flags.FlagBase;
import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PairName;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Intents;
import io.carryall.core.port.Items;
import io.carryall.core.record.FolderStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFileTest {
    private static final TargetFolder TARGET = new TargetFolder("new/ann@new.example", "Sent, 100% \u00e4\ud83d\ude00");
    private static final PassId PASS = new PassId("wave@2026-01-02T03:04:05Z", 1);
    private static final FolderId INBOX = new FolderId("inbox");
    private static final Fingerprint PRINT = new Fingerprint(10, 20, "h", "c");

    @TempDir
    Path directory;

    static List<JournalEntry> pair(String mailbox) {
        return List.of(new JournalEntry.Pair(new PairId("p1"), 2, new PairName("old", mailbox, "new", "ann@new.example")), new JournalEntry.Completed(PASS),
                new JournalEntry.SourceFolder(new Folder(INBOX, "A b/\n\u0000\u202e", "", "t", TARGET, 7, "p", null, List.of(5L, 4L))),
                new JournalEntry.Mark(new Watermark(INBOX, new FolderStatus(7, 9, 0, 3), "f", "s", 1, 2, 3, 4, 5, 6)),
                new JournalEntry.InDoubt(TARGET, PASS, INBOX, 7, 70, 12, List.of(new Intents.Item(3, PRINT, Set.of("\\Seen", "a,b", "")), new Intents.Item(4, PRINT, Set.of()))),
                new JournalEntry.Claim(TARGET, 70, 12, new FolderKey(new PairId("p1"), 2, INBOX, 7).item(3)),
                new JournalEntry.State(INBOX, 7), new JournalEntry.Done(new Items.Done(1, PASS, Items.How.COPIED, PRINT, TARGET, 70, 11, Set.of("\\Seen"), Set.of())),
                new JournalEntry.Failed(new Items.Failed(2, PASS, Reason.TOO_LARGE, "too  large", false, null, 5)), new JournalEntry.Seen(List.of(new SourceItem(1, 2, 3), new SourceItem(2, 2, SourceItem.NO_DATE))),
                new JournalEntry.Flags(11, new Items.FollowedFlags(1, PASS, new FlagBase(FlagSet.of("\\Seen", "a,b"), FlagSet.NONE, FlagSet.of("%")), Items.Followed.CARRIED, FlagSet.of("no"))),
                new JournalEntry.MessageId(1, "<a@b>"), new JournalEntry.State(INBOX, 5));
    }

    private Path write(List<List<JournalEntry>> pairs) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        JournalWriter writer = new JournalWriter(out);
        for (List<JournalEntry> pair : pairs) {
            pair.forEach(writer::write);
            writer.endPair();
        }
        writer.finish();
        return Files.write(directory.resolve("journal"), out.toByteArray());
    }

    @Test
    void what_is_written_is_read_back() throws Exception {
        List<JournalEntry> ann = pair("ann@old.example");
        Path file = write(List.of(ann, pair("bob@old.example")));

        assertThat(JournalReader.verify(file)).isEqualTo(new JournalEntry.End(2, new JournalEntry.Counts(2, 2, 2, 4, 4)));
        List<JournalEntry> read = new ArrayList<>();
        try (JournalReader reader = JournalReader.open(file)) {
            for (JournalEntry entry = reader.next(); !(entry instanceof JournalEntry.PairEnd); entry = reader.next()) {
                read.add(entry);
            }
        }
        assertThat(read).isEqualTo(ann);
    }

    @Test
    void a_journal_of_nothing_is_a_journal() throws Exception {
        assertThat(JournalReader.verify(write(List.of()))).isEqualTo(new JournalEntry.End(0, JournalEntry.Counts.NONE));
    }

    @Test
    void a_file_that_ends_too_early_is_refused_wherever_it_ends() throws Exception {
        byte[] whole = Files.readAllBytes(write(List.of(pair("ann@old.example"))));
        for (int length = 0; length < whole.length; length++) {
            refused(Arrays.copyOf(whole, length), "length " + length);
        }
    }

    @Test
    void a_file_of_which_any_byte_was_altered_is_refused() throws Exception {
        byte[] whole = Files.readAllBytes(write(List.of(pair("ann@old.example"))));
        for (int at = 0; at < whole.length; at++) {
            byte[] altered = whole.clone();
            altered[at] ^= 1 << at % 8;
            refused(altered, "byte " + at);
        }
        refused(Arrays.copyOf(whole, whole.length + 1), "a byte more");
    }

    private void refused(byte[] content, String what) throws IOException {
        Path file = Files.write(directory.resolve("damaged"), content);
        assertThatThrownBy(() -> JournalReader.verify(file)).as(what).isInstanceOf(JournalException.class).message().isNotBlank().doesNotContain("\n");
    }

    /** The checksum fits, since whoever altered it made a new one: the lines themselves are held to their order and their counts. */
    @Test
    void lines_that_are_left_out_added_or_moved_are_refused_though_the_checksum_fits() throws Exception {
        List<String> lines = lines(write(List.of(pair("ann@old.example"), pair("bob@old.example"))));
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).startsWith("completed") && !lines.get(i).startsWith("mark") && !lines.get(i).startsWith("claim") && !lines.get(i).startsWith("message-id") && !lines.get(i).startsWith("flags") && !lines.get(i).equals("state inbox 5")) {
                List<String> without = new ArrayList<>(lines);
                without.remove(i);
                refused(forged(without), "without " + lines.get(i));
            }
            if (!lines.get(i).startsWith("completed") && !lines.get(i).startsWith("mark") && !lines.get(i).startsWith("claim") && !lines.get(i).startsWith("message-id") && !lines.get(i).startsWith("flags") && !lines.get(i).startsWith("state")) {
                List<String> twice = new ArrayList<>(lines);
                twice.add(i, lines.get(i));
                refused(forged(twice), "twice " + lines.get(i));
            }
        }
        refused(forged(lines.stream().map(line -> line.replace("state inbox 5", "state inbox 6")).toList()), "a state that the folder never was in");
        refused(forged(lines.stream().map(line -> line.replace("too-large", "because")).toList()), "a reason that there is not");
        refused(forged(lines.stream().map(line -> line + " more").toList()), "more words");
    }

    @Test
    void a_newer_version_says_so() throws Exception {
        Path file = Files.write(directory.resolve("newer"), "carryall-journal 2\nwhatever".getBytes(StandardCharsets.US_ASCII));

        assertThatThrownBy(() -> JournalReader.verify(file)).hasMessage("the journal is of version 2, and this Carryall reads version 1: use a newer one");
        Path other = Files.write(directory.resolve("other"), "PK\u0003\u0004 something".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> JournalReader.verify(other)).message().startsWith("this is no journal of Carryall");
    }

    private static List<String> lines(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        byte[] body = Arrays.copyOfRange(all, JournalFormat.HEADER.length, all.length - JournalFormat.TRAILER_BYTES);
        try (GZIPInputStream in = new GZIPInputStream(new java.io.ByteArrayInputStream(body))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    private static byte[] forged(List<String> lines) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(JournalFormat.HEADER);
        GZIPOutputStream gzip = new GZIPOutputStream(out);
        gzip.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        gzip.finish();
        out.write(JournalFormat.trailer(java.util.HexFormat.of().formatHex(JournalFormat.sha256().digest(out.toByteArray()))));
        return out.toByteArray();
    }
}
