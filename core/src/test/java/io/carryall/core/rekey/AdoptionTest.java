package io.carryall.core.rekey;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.SourceItem;
import io.carryall.core.rekey.Adoption.How;
import io.carryall.core.rekey.Adoption.Match;
import io.carryall.core.rekey.Adoption.Unclear;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AdoptionTest {
    private final Adoption adoption = new Adoption();

    private static Traits traits(long uid, long size, long date, String headers) {
        return Traits.of(new SourceItem(uid, size, date), headers.getBytes(StandardCharsets.US_ASCII));
    }

    private static Traits mail(long uid, String name) {
        return traits(uid, 100, 1_000, "Message-ID: <" + name + ">\r\nSubject: " + name + "\r\n");
    }

    private static Fingerprints.Print print(long uid, String content, String body) {
        return new Fingerprints.Print(uid, new Fingerprint(0, 0, "", content), null, body);
    }

    @Test
    void each_message_is_one_items_and_they_are_taken_in_their_order() {
        adoption.message(mail(5, "a"));
        adoption.message(mail(6, "a"));
        adoption.message(mail(7, "of their own"));

        assertThat(adoption.item(mail(1, "a")).orElseThrow().targetUid()).isEqualTo(5);
        assertThat(adoption.item(mail(2, "a")).orElseThrow().targetUid()).isEqualTo(6);
        assertThat(adoption.item(mail(3, "a"))).isEmpty();
        assertThat(adoption.recognised(How.SAME)).isEqualTo(2);
        assertThat(adoption.messagesToRead()).isEmpty();
        assertThat(adoption.itemsToRead()).isEmpty();
        assertThat(adoption.matched()).isEmpty();
        assertThat(adoption.unclear()).isEmpty();
        assertThat(adoption.open()).isEqualTo(1);
        assertThat(adoption.free()).isEqualTo(1);
    }

    @Test
    void what_is_somebodys_is_not_given_away() {
        adoption.message(mail(5, "a"));
        adoption.message(mail(6, "a"));
        adoption.keepOnly(uid -> uid != 5);

        assertThat(adoption.item(mail(1, "a")).orElseThrow().targetUid()).isEqualTo(6);
        assertThat(adoption.item(mail(2, "a"))).isEmpty();
        assertThat(adoption.isNeedless()).isTrue();
    }

    @Test
    void what_may_be_an_item_on_its_way_is_left_to_it_and_the_rest_is_given_away() {
        adoption.message(mail(4, "a"));
        adoption.message(mail(5, "a"));
        adoption.message(mail(6, "a"));
        adoption.message(mail(7, "b"));
        adoption.inDoubt(List.of(new Adoption.InDoubt(5, mail(2, "a").headers())));

        assertThat(adoption.item(mail(1, "a")).orElseThrow().targetUid()).isEqualTo(4);
        assertThat(adoption.item(mail(3, "a")).orElseThrow().targetUid()).isEqualTo(6);
        assertThat(adoption.item(mail(8, "b")).orElseThrow().targetUid()).isEqualTo(7);
        assertThat(adoption.item(mail(9, "a"))).isEmpty();
    }

    @Test
    void of_messages_without_a_message_id_that_look_alike_contents_tell_which_one_is_there() {
        adoption.message(traits(5, 100, 1_000, "Subject: nightly report\r\n"));
        assertThat(adoption.item(traits(1, 100, 1_000, "Subject: nightly report\r\n"))).isEmpty();
        assertThat(adoption.item(traits(2, 100, 1_000, "Subject: nightly report\r\n"))).isEmpty();
        assertThat(adoption.messagesToRead()).containsExactly(5L);
        assertThat(adoption.itemsToRead()).hasSize(2);
        adoption.messageRead(print(5, "disk 81% full", "81"));
        adoption.itemRead(print(1, "disk 80% full", "80"));
        adoption.itemRead(print(2, "disk 81% full", "81"));

        assertThat(adoption.matched()).extracting(match -> match.item().uid()).containsExactly(2L);
        assertThat(adoption.unclear()).isEmpty();
        assertThat(adoption.open()).isEqualTo(1);
    }

    @Test
    void the_message_of_an_item_that_is_done_is_left_to_it_where_the_target_told_no_uids() {
        Traits twin = mail(1, "a");
        adoption.message(mail(5, "a"));
        adoption.message(mail(6, "a"));
        adoption.done(new Fingerprint(100, 1_000, twin.headers(), "whatever"));

        assertThat(adoption.item(mail(2, "a")).orElseThrow().targetUid()).isEqualTo(6);
        assertThat(adoption.item(mail(3, "a"))).isEmpty();
    }

    @Test
    void what_is_the_same_to_the_byte_goes_before_what_has_the_same_body() {
        adoption.message(traits(5, 100, 2_000, "Message-ID: <a>\r\n"));
        adoption.message(traits(6, 120, 2_000, "Message-ID: <a>\r\nReceived: by a tool\r\n"));
        adoption.message(mail(7, "of their own"));
        adoption.item(traits(1, 110, 1_000, "Message-ID: <a>\r\nReceived: long ago\r\n"));
        adoption.item(traits(2, 100, 1_000, "Message-ID: <a>\r\n"));

        assertThat(adoption.messagesToRead()).containsExactly(5L, 6L);
        assertThat(adoption.itemsToRead()).extracting(SourceItem::uid).containsExactly(1L, 2L);
        adoption.messageRead(print(5, "plain", "body"));
        adoption.messageRead(print(6, "tool's", "body"));
        adoption.itemRead(print(1, "received", "body"));
        adoption.itemRead(print(2, "plain", "body"));

        List<Match> matches = adoption.matched();

        assertThat(matches).extracting(match -> match.item().uid() + "=" + match.targetUid() + " " + match.how() + " " + match.content()).containsExactly("2=5 CONTENTS plain", "1=6 BODY received");
        assertThat(adoption.open()).isZero();
    }

    @Test
    void of_items_that_resemble_one_message_nobody_can_say_which_it_is() {
        adoption.message(traits(5, 100, 2_000, "Message-ID: <a>\r\n"));
        adoption.item(traits(1, 110, 1_000, "Message-ID: <a>\r\n"));
        adoption.item(traits(2, 120, 1_000, "Message-ID: <a>\r\n"));
        adoption.messagesToRead();
        adoption.itemsToRead();
        adoption.messageRead(print(5, "x", "x"));
        adoption.itemRead(print(1, "y", "y"));
        adoption.itemRead(print(2, "z", "z"));

        assertThat(adoption.matched()).isEmpty();
        assertThat(adoption.unclear()).extracting(one -> one.item().uid()).containsExactly(1L, 2L);
        assertThat(adoption.unclear()).extracting(Unclear::targetUid).containsOnly(5L);
    }

    @Test
    void what_could_not_be_read_is_unclear_and_what_bears_no_message_id_is_new() {
        adoption.message(traits(5, 100, 2_000, "Message-ID: <a>\r\n"));
        adoption.message(traits(6, 100, 2_000, "Subject: nightly report\r\n"));
        adoption.item(traits(1, 100, 1_000, "Message-ID: <a>\r\n"));
        adoption.item(traits(2, 101, 1_000, "Subject: nightly report\r\n"));
        adoption.messagesToRead();
        adoption.itemsToRead();
        adoption.messageRead(print(6, "x", "x"));
        adoption.itemRead(print(2, "y", "y"));

        assertThat(adoption.matched()).isEmpty();
        assertThat(adoption.unclear()).extracting(one -> one.item().uid()).containsExactly(1L);
    }

    @Test
    void a_message_without_any_of_the_headers_is_recognised_by_its_contents_alone() {
        adoption.message(traits(5, 100, 1_000, ""));
        assertThat(adoption.item(traits(1, 100, 1_000, ""))).isEmpty();
        assertThat(adoption.messagesToRead()).containsExactly(5L);
        assertThat(adoption.itemsToRead()).hasSize(1);
        adoption.messageRead(print(5, "x", "x"));
        adoption.itemRead(print(1, "x", "x"));

        assertThat(adoption.matched()).extracting(Match::how).containsExactly(How.CONTENTS);
    }

    @Test
    void the_body_of_a_message_is_the_same_under_other_headers_and_line_ends() {
        assertThat(body("Subject: a\r\n\r\nhello\r\n\r\nyou\r\n")).isEqualTo(body("X-TUID: 123\nSubject: a\n\nhello\n\nyou\n")).isNotEqualTo(body("Subject: a\r\n\r\nhello\r\nyou\r\n"));
        assertThat(body("Subject: no body\r\n")).isEqualTo(body("Subject: no body\r\n\r\n"));
    }

    private static String body(String message) {
        String[] body = new String[1];
        Fingerprints prints = new Fingerprints(print -> body[0] = print.body());
        byte[] bytes = message.getBytes(StandardCharsets.US_ASCII);
        try (OutputStream out = prints.content(1)) {
            for (byte b : bytes) {
                out.write(b);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        prints.fetched(1, Set.of(), null);
        return body[0];
    }
}
