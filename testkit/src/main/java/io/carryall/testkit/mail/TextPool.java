package io.carryall.testkit.mail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.SplittableRandom;

/**
 * Paragraphs of one charset in one transfer encoding, encoded once: messages are put together from them by copying, which is what makes generation quick.
 *
 * <p>Every paragraph is padded to whole base64 lines (57 bytes), so that paragraphs may follow each other in any order in each of the encodings.
 */
final class TextPool {
    enum Encoding {
        BITS7("7bit"), BITS8("8bit"), QUOTED("quoted-printable"), BASE64("base64");

        final String label;

        Encoding(String label) {
            this.label = label;
        }
    }

    private static final int PARAGRAPHS = 48;
    private static final int BASE64_LINE_BYTES = 57;
    private static final String[] WORDS = ("the a and to we of for your our with this that is are will please find attached minutes meeting budget offer order delivery "
            + "ticket update release question answer review draft signed contract travel office Monday next week before after quarter customer supplier price number "
            + "regards thanks hello forward reply call me back tomorrow schedule plan report figures table list change request approved open closed").split(" ");
    private static final Base64.Encoder MIME = Base64.getMimeEncoder(76, new byte[] {'\r', '\n'});

    private final byte[][] paragraphs = new byte[PARAGRAPHS][];

    TextPool(Charset charset, String sample, Encoding encoding) {
        SplittableRandom random = new SplittableRandom(0x7e57 + sample.hashCode() + encoding.ordinal());
        for (int i = 0; i < PARAGRAPHS; i++) {
            paragraphs[i] = encode(padded(paragraph(random, sample).getBytes(charset)), encoding);
        }
    }

    private static String paragraph(SplittableRandom random, String sample) {
        StringBuilder text = new StringBuilder();
        int lines = random.nextInt(2, 9);
        for (int line = 0; line < lines; line++) {
            if (random.nextInt(12) == 0) {
                text.append("> ");
            }
            int words = random.nextInt(4, 12);
            for (int word = 0; word < words; word++) {
                text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
            }
            if (!sample.isEmpty() && random.nextInt(3) == 0) {
                text.append(sample);
            }
            text.append("\r\n");
        }
        return text.toString();
    }

    private static byte[] padded(byte[] text) {
        int missing = (BASE64_LINE_BYTES - (text.length + 2) % BASE64_LINE_BYTES) % BASE64_LINE_BYTES;
        ByteArrayOutputStream padded = new ByteArrayOutputStream();
        padded.writeBytes(text);
        padded.writeBytes(".".repeat(missing).getBytes(StandardCharsets.US_ASCII));
        padded.writeBytes(new byte[] {'\r', '\n'});
        return padded.toByteArray();
    }

    private static byte[] encode(byte[] text, Encoding encoding) {
        switch (encoding) {
            case BASE64:
                return (MIME.encodeToString(text) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            case QUOTED:
                return quoted(text);
            default:
                return text;
        }
    }

    /** RFC 2045 section 6.7: lines of at most 76 characters. */
    private static byte[] quoted(byte[] text) {
        StringBuilder encoded = new StringBuilder();
        int column = 0;
        for (int i = 0; i < text.length; i++) {
            int b = text[i] & 0xff;
            if (b == '\r' && i + 1 < text.length && text[i + 1] == '\n') {
                encoded.append("\r\n");
                column = 0;
                i++;
                continue;
            }
            boolean beforeBreak = i + 1 < text.length && text[i + 1] == '\r';
            String one = b >= 33 && b <= 126 && b != '=' || b == ' ' && !beforeBreak ? String.valueOf((char) b) : String.format("=%02X", b);
            if (column + one.length() > 75) {
                encoded.append("=\r\n");
                column = 0;
            }
            encoded.append(one);
            column += one.length();
        }
        return encoded.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** About this many bytes of whole paragraphs, one at least. */
    void write(ByteArrayOutputStream out, int bytes, SplittableRandom random) {
        int end = out.size() + bytes;
        do {
            out.writeBytes(paragraphs[random.nextInt(PARAGRAPHS)]);
        } while (out.size() < end);
    }
}
