package io.carryall.core.item;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FingerprinterTest {
    private static final String MESSAGE = "Received: one\r\nReceived: two\r\nMessage-ID: <a@b>\r\nSubject: folded\r\n \tover lines\r\nX-Subject: other\r\nTo : x\r\n\r\nSubject: of the body\r\n";

    @Test
    void fingerprints_that_stand_in_ledgers_stay_what_they_are() {
        assertThat(of(MESSAGE).fingerprint().toString()).isEqualTo("130:7:yyPiLVrp9zXk77xybprhHAM1:vVEzuSrPpsTXTnLxYoQOsztP");
        assertThat(of("").fingerprint().toString()).isEqualTo("0:7:47DEQpj8HBSa-_TImW-5JCeu:47DEQpj8HBSa-_TImW-5JCeu");
    }

    @Test
    void line_ends_make_no_difference_to_the_digests() {
        Fingerprint whole = of(MESSAGE).fingerprint();
        for (String lineEnd : new String[] {"\n", "\r"}) {
            Fingerprint other = of(MESSAGE.replace("\r\n", lineEnd)).fingerprint();
            assertThat(other.content()).isEqualTo(whole.content());
            assertThat(other.headers()).isEqualTo(whole.headers());
        }
        assertThat(of(MESSAGE.substring(0, MESSAGE.length() - 2)).fingerprint().content()).isEqualTo(whole.content());
    }

    @Test
    void where_the_bytes_were_cut_makes_no_difference() {
        Random random = new Random(1);
        for (int round = 0; round < 100; round++) {
            assertThat(inPieces(MESSAGE, random).fingerprint()).isEqualTo(of(MESSAGE).fingerprint());
        }
    }

    @Test
    void fields_are_unfolded_and_the_first_of_each_counts() {
        String headers = of(MESSAGE).fingerprint().headers();
        assertThat(of(MESSAGE.replace("folded\r\n \tover", "folded over")).fingerprint().headers()).isEqualTo(headers);
        assertThat(of(MESSAGE.replace("Received: two", "Received: three")).fingerprint().headers()).isEqualTo(headers);
        assertThat(of(MESSAGE.replace("Received: one", "Received: three")).fingerprint().headers()).isNotEqualTo(headers);
        assertThat(of(MESSAGE).messageId()).isEqualTo("<a@b>");
    }

    @Test
    void what_comes_after_the_longest_header_is_body() {
        String filler = "X: " + "x".repeat(64 * 1024) + "\r\n";
        assertThat(of("Subject: a\r\n" + filler + "To: b\r\n\r\n").fingerprint().headers()).isEqualTo(of("Subject: a\r\n").fingerprint().headers());
    }

    private static Fingerprinter.Result of(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        Fingerprinter fingerprinter = new Fingerprinter();
        fingerprinter.update(bytes, 0, bytes.length);
        return fingerprinter.finish(7);
    }

    private static Fingerprinter.Result inPieces(String message, Random random) {
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        Fingerprinter fingerprinter = new Fingerprinter();
        for (int from = 0; from < bytes.length;) {
            int length = Math.min(bytes.length - from, random.nextInt(5));
            fingerprinter.update(bytes, from, length);
            from += length;
        }
        return fingerprinter.finish(7);
    }
}
