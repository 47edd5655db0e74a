package io.carryall.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WireFormatTest {

    @Test
    void a_date_keeps_its_zone() {
        assertThat(InternalDate.parse(" 1-Feb-2024 03:04:05 +0545").value()).isEqualTo(OffsetDateTime.parse("2024-02-01T03:04:05+05:45"));
        assertThat(InternalDate.parse("17-jul-1996 02:44:25 -0700").value()).isEqualTo(OffsetDateTime.parse("1996-07-17T02:44:25-07:00"));
        assertThat(InternalDate.format(OffsetDateTime.parse("2024-02-01T03:04:05-00:30"))).isEqualTo("01-Feb-2024 03:04:05 -0030");
    }

    @Test
    void a_date_of_a_listing_is_the_same_moment() {
        for (String raw : List.of(" 1-Feb-2024 03:04:05 +0545", "1-Feb-2024 03:04:05 +0545", "29-Feb-2000 23:59:60 -1200", "01-JAN-1970 00:00:00 +0000", "31-Dec-0001 00:00:00 +1800", "02-Mar-9999 10:00:00 -0001")) {
            assertThat(InternalDate.epochSecond(raw)).as(raw).isEqualTo(InternalDate.parse(raw).value().toEpochSecond());
        }
        assertThat(InternalDate.epochSecond("29-Feb-2000 23:59:60 -1200")).isEqualTo(OffsetDateTime.parse("2000-02-29T23:59:59-12:00").toEpochSecond());
    }

    @Test
    void what_is_no_date_is_none() {
        for (String raw : List.of("", "yesterday", "31-Feb-2024 00:00:00 +0000", "01-Xxx-2024 00:00:00 +0000", "01-Jan-2024 00:00:00 +9900", "01-Jan-2024 24:00:00 +0000", "01-Jan-2024 00:60:00 +0000", "01-Jan-2024 00:00:00 +1801", "01-Jan-2024 00:00:00 UTC  ")) {
            assertThat(InternalDate.parse(raw).value()).as(raw).isNull();
        }
        assertThat(InternalDate.format(OffsetDateTime.parse("+12345-02-01T03:04:05Z"))).isNull();
    }

    @Test
    void uids_go_out_as_ranges_in_pieces_that_fit_a_line() {
        assertThat(UidSet.pieces(new long[] {1, 2, 3, 7, 9, 10, 4294967295L})).containsExactly("1:3,7,9:10,4294967295");
        List<String> pieces = UidSet.pieces(LongStream.range(0, 5000).map(n -> 1 + 2 * n).toArray());
        assertThat(pieces).hasSizeGreaterThan(1).allMatch(piece -> piece.length() <= UidSet.PIECE_CHARS_MAX);
        assertThat(String.join(",", pieces).split(",")).hasSize(5000);
    }

    @Test
    void the_uids_of_an_append_are_read_as_a_set() {
        assertThat(UidSet.parse("1985:1988", 4)).containsExactly(1985, 1986, 1987, 1988);
        assertThat(UidSet.parse("1,5:7", 4)).containsExactly(1, 5, 6, 7);
        assertThat(UidSet.parse("4", 1)).containsExactly(4);
        assertThat(UidSet.parse("1:4294967295", 3)).isNull();
        assertThat(UidSet.parse("1,x", 2)).isNull();
        assertThat(UidSet.parse("1", 2)).isNull();
    }

    @Test
    void only_system_flags_and_keywords_that_are_atoms_go_out() {
        AppendFlags flags = AppendFlags.of(List.of("\\seen", "\\Recent", "\\Bogus", "$Forwarded", "a b", "k]", "x)y", "é", ""), keyword -> true);
        assertThat(flags.sent()).containsExactly("\\Seen", "$Forwarded");
        assertThat(flags.dropped()).containsExactly("\\Bogus", "a b", "k]", "x)y", "é", "");
        assertThat(AppendFlags.of(List.of("nice"), keyword -> false).dropped()).containsExactly("nice");
    }

    @Test
    void text_of_a_server_loses_what_turns_or_hides_it() {
        assertThat(ServerText.clean("a\u0000b\r\nc\u202Ed\u200B \u2028e\u001B[31m")).isEqualTo("a b cd e [31m");
        assertThat(ServerText.clean("x".repeat(1000))).hasSize(ServerText.LENGTH_MAX);
    }

    @Test
    void a_status_line_tells_code_text_and_how_long_to_wait() {
        Reply reply = Reply.of(Reply.Status.BAD, "Request is throttled. Suggested Backoff Time: 299961 milliseconds".getBytes(StandardCharsets.US_ASCII));
        assertThat(reply.backoffMillis()).isEqualTo(299961);
        assertThat(reply.asksForTime()).isTrue();
        assertThat(Reply.of(Reply.Status.NO, "[authenticationfailed] try again later".getBytes(StandardCharsets.US_ASCII)).asksForTime()).isFalse();
        assertThat(Reply.of(Reply.Status.OK, "[APPENDUID 1 2:3] done".getBytes(StandardCharsets.US_ASCII)).arguments()).isEqualTo("1 2:3");
    }

    @Test
    void a_fetch_reply_is_read_with_flags_as_they_are_and_unknown_items_passed_over() throws IOException {
        Read read = read("(UID 7 X-NEW (a (\"b)\" {3}\r\nc)d) e) FLAGS (\\Seen $Foo bar[1] \\*) ENVELOPE (NIL \"x\\\"y\") BODY[]<0> {5}\r\na\r\n)b MODSEQ (12) INTERNALDATE \"bad date\" RFC822.SIZE 5)\r\n");
        assertThat(read.reply.uid()).isEqualTo(7);
        assertThat(read.reply.flags()).containsExactly("\\Seen", "$Foo", "bar[1]", "\\*");
        assertThat(read.body).isEqualTo("a\r\n)b");
        assertThat(read.reply.date().raw()).isEqualTo("bad date");
        assertThat(read.reply.date().value()).isNull();
        assertThat(read.reply.sizeBytes()).isEqualTo(5);
    }

    @Test
    void a_body_may_be_nil_or_quoted() throws IOException {
        assertThat(read("(UID 7 BODY[] NIL FLAGS ())\r\n").body).isEqualTo("NIL");
        assertThat(read("(BODY[] \"a\\\\b\" UID 7)\r\n").body).isEqualTo("a\\b");
    }

    @Test
    void after_what_can_not_be_understood_the_next_reply_comes_next() throws IOException {
        WireInput in = new WireInput(new ByteArrayInputStream("(FLAGS oops BODY[] {10}\r\n)\r\nz1 OK\r\n \"{4}\" {3}\r\nabc {12x}\r\nnext ".getBytes(StandardCharsets.US_ASCII)));
        try {
            new FetchReply().read(in, ImapSource.NO_BODY);
        } catch (BadSyntax expected) {
            in.skipResponse();
        }
        assertThat(in.word()).isEqualTo("next");
    }

    private static Read read(String text) throws IOException {
        Read read = new Read();
        read.reply.read(new WireInput(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1))), read);
        return read;
    }

    private static final class Read implements FetchReply.Body {
        private final FetchReply reply = new FetchReply();
        private String body;

        @Override
        public void take(long uid, long length, WireInput in) throws IOException {
            ByteArrayOutputStream to = new ByteArrayOutputStream();
            if (length >= 0) in.pump(length, to);
            body = length < 0 ? "NIL" : to.toString(StandardCharsets.ISO_8859_1);
        }

        @Override
        public void take(long uid, byte[] bytes) {
            body = new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
