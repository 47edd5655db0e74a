package io.carryall.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ContentDigestTest {
    private static final String MESSAGE = "Message-ID: <1@x>\r\nSubject: a\r\n b\r\n\r\nline\r\n\r\nlast\r\n";

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void line_ends_of_any_kind_give_the_same_digest_and_identity(String lineEnd) {
        String other = MESSAGE.replace("\r\n", lineEnd);
        assertThat(digested(other).finish()).isEqualTo(digested(MESSAGE).finish());
        assertThat(identity(other)).isEqualTo(identity(MESSAGE));
    }

    @Test
    void line_ends_at_the_very_end_do_not_count() {
        assertThat(digested(MESSAGE.strip()).finish()).isEqualTo(digested(MESSAGE + "\r\n\r\n").finish());
    }

    @Test
    void an_empty_line_more_in_between_counts() {
        assertThat(digested("a\r\n\r\nb").finish()).isNotEqualTo(digested("a\r\nb").finish());
    }

    @Test
    void a_byte_more_counts() {
        assertThat(digested(MESSAGE + "x").finish()).isNotEqualTo(digested(MESSAGE).finish());
        assertThat(digested(MESSAGE + "\0").finish()).isNotEqualTo(digested(MESSAGE).finish());
    }

    @Test
    void it_does_not_matter_in_which_pieces_the_bytes_come() {
        byte[] bytes = MESSAGE.repeat(500).getBytes(StandardCharsets.UTF_8);
        ContentDigest pieces = new ContentDigest(Pace.UNLIMITED);
        for (int i = 0; i < bytes.length; i += 7) {
            pieces.write(bytes, i, Math.min(7, bytes.length - i));
        }
        assertThat(pieces.finish()).isEqualTo(digested(MESSAGE.repeat(500)).finish());
    }

    @Test
    void headers_are_the_same_in_any_order_folding_and_case_of_names() {
        assertThat(identity("Message-ID: <1@x>\r\nSubject: a b\r\n\r\n")).isEqualTo(identity("SUBJECT:  a\r\n\tb \r\nmessage-id:<1@x>\r\n"));
    }

    @Test
    void other_headers_are_another_identity_and_fields_that_nobody_asked_for_are_none() {
        assertThat(identity("Subject: a\r\n").headers()).isNotEqualTo(identity("Subject: b\r\n").headers());
        assertThat(identity("Subject: a\r\nX-Server: 1\r\n")).isEqualTo(identity("Subject: a\r\n"));
    }

    @Test
    void the_body_is_no_header() {
        assertThat(identity("Subject: a\r\n\r\nMessage-ID: <1@x>\r\n").shownId()).isNull();
    }

    @Test
    void identities_are_strong_with_a_message_id_or_with_a_date_and_more() {
        assertThat(identity("Message-ID: <1@x>\r\n").strong()).isTrue();
        assertThat(identity("Date: Mon, 1 Jan 2024 00:00:00 +0000\r\nFrom: a@x\r\n").strong()).isTrue();
        assertThat(identity("Date: Mon, 1 Jan 2024 00:00:00 +0000\r\n").strong()).isFalse();
        assertThat(identity("Subject: hello\r\n").strong()).isFalse();
        assertThat(Identity.NONE.strong()).isFalse();
    }

    @Test
    void a_folded_message_id_is_told_on_one_line() {
        assertThat(identity("Message-ID:\r\n <1@x>\r\n").shownId()).isEqualTo("<1@x>");
    }

    @Test
    void a_header_without_an_end_is_looked_at_only_so_far() {
        assertThat(identity("Subject: a\r\n" + "X-Long: " + "x".repeat(200_000) + "\r\nMessage-ID: <late@x>\r\n")).isEqualTo(identity("Subject: a\r\n"));
    }

    private static ContentDigest digested(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        ContentDigest digest = new ContentDigest(Pace.UNLIMITED);
        digest.write(bytes, 0, bytes.length);
        return digest;
    }

    private static Identity identity(String header) {
        byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
        return Identity.of(bytes);
    }
}
