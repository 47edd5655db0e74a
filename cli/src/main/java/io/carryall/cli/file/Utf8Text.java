package io.carryall.cli.file;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Decodes a file, with or without a byte-order mark, and reports every line that is not UTF-8. */
final class Utf8Text {

    private Utf8Text() {
    }

    /** Nothing where no line could be read; else the text, in which U+FFFD stands for what has been reported. */
    static Optional<String> read(byte[] bytes, Problems problems) {
        if (bytes.length >= 2 && ((bytes[0] & 0xff) == 0xff && (bytes[1] & 0xff) == 0xfe || (bytes[0] & 0xff) == 0xfe && (bytes[1] & 0xff) == 0xff)) {
            problems.error(1, "the file is UTF-16", "UTF-8");
            return Optional.empty();
        }
        int start = bytes.length >= 3 && (bytes[0] & 0xff) == 0xef && (bytes[1] & 0xff) == 0xbb && (bytes[2] & 0xff) == 0xbf ? 3 : 0;
        ByteBuffer content = ByteBuffer.wrap(bytes, start, bytes.length - start);
        CharsetDecoder strict = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT);
        try {
            return Optional.of(strict.decode(content.duplicate()).toString());
        } catch (CharacterCodingException e) {
            reportLines(bytes, start, strict, problems);
            return Optional.of(StandardCharsets.UTF_8.decode(content).toString());
        }
    }

    private static void reportLines(byte[] bytes, int start, CharsetDecoder strict, Problems problems) {
        int line = 1;
        int from = start;
        for (int i = start; i <= bytes.length; i++) {
            boolean crLf = i + 1 < bytes.length && bytes[i] == '\r' && bytes[i + 1] == '\n';
            if (i == bytes.length || bytes[i] == '\n' || bytes[i] == '\r' && !crLf) {
                try {
                    strict.decode(ByteBuffer.wrap(bytes, from, i - from));
                } catch (CharacterCodingException e) {
                    problems.error(line, "bytes that are not UTF-8", "UTF-8");
                }
                from = i + 1;
                line++;
            }
        }
    }
}
