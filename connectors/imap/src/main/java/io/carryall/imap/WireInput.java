package io.carryall.imap;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads IMAP's tokens off a connection as they come: nothing but one buffer and the token at hand is in memory, whatever the server sends. Strings are ISO 8859-1, one character for each byte, so that
 * nothing is lost.
 */
final class WireInput {
    /** The longest atom, string or line of text taken in: flags, names, sets of UIDs. Bodies are pumped, not taken in. */
    private static final int TOKEN_BYTES_MAX = 64 * 1024;
    /** What stands in each of a million replies: one object for all of them. */
    private static final String[] FREQUENT = {"FETCH", "UID", "RFC822.SIZE", "INTERNALDATE", "FLAGS", "MODSEQ"};
    private final InputStream in;
    private final byte[] buffer = new byte[64 * 1024];
    private byte[] token = new byte[256];
    private int position;
    private int end;

    WireInput(InputStream in) {
        this.in = in;
    }

    /** Whether bytes are here that nobody has read yet. */
    boolean hasBuffered() {
        return position < end;
    }

    private void fill() throws IOException {
        int n = in.read(buffer, 0, buffer.length);
        if (n <= 0) throw new EOFException("the server closed the connection");
        position = 0;
        end = n;
    }

    int peek() throws IOException {
        if (position == end) fill();
        return buffer[position] & 0xFF;
    }

    int read() throws IOException {
        if (position == end) fill();
        return buffer[position++] & 0xFF;
    }

    boolean skipIf(int c) throws IOException {
        if (peek() != c) return false;
        position++;
        return true;
    }

    void skipSpaces() throws IOException {
        while (peek() == ' ') position++;
    }

    void expect(int c) throws IOException {
        if (peek() != c) throw new BadSyntax("'" + (char) c + "' expected");
        position++;
    }

    /** Up to the next blank, parenthesis, quote, line end or '['. May be empty. */
    String atom() throws IOException {
        int length = 0;
        for (int c = peek(); c > ' ' && c != '(' && c != ')' && c != '"' && c != '['; c = peek()) length = keep(length, read());
        return text(length);
    }

    /** Flags, attributes and keywords: up to the next blank, parenthesis or line end, whatever else stands in them. */
    String word() throws IOException {
        int length = 0;
        for (int c = peek(); c > ' ' && c != '(' && c != ')'; c = peek()) length = keep(length, read());
        return text(length);
    }

    /** Everything before that character, which is taken in, too; not over a line's end. */
    String until(int stop) throws IOException {
        int length = 0;
        for (int c = peek(); c != stop; c = peek()) {
            if (c == '\r' || c == '\n') throw new BadSyntax("'" + (char) stop + "' expected");
            length = keep(length, read());
        }
        position++;
        return text(length);
    }

    long number() throws IOException {
        int c = peek();
        if (c < '0' || c > '9') throw new BadSyntax("a number expected");
        long n = 0;
        for (; c >= '0' && c <= '9'; c = peek()) {
            if (n > Long.MAX_VALUE / 10 - 1) throw new BadSyntax("a number too large");
            n = n * 10 + (read() - '0');
        }
        return n;
    }

    /** A quoted string, a literal, or an atom; null for NIL. */
    String string() throws IOException {
        int c = peek();
        if (c == '"') return quoted();
        if (c == '{' || c == '~') {
            long length = literalLength();
            if (length > TOKEN_BYTES_MAX) {
                discard(length);
                throw new BadSyntax("a string of " + length + " bytes");
            }
            return literal((int) length);
        }
        String atom = word();
        return atom.equalsIgnoreCase("NIL") ? null : atom;
    }

    private String quoted() throws IOException {
        position++;
        int length = 0;
        for (int c = peek(); c != '"'; c = peek()) {
            if (c == '\r' || c == '\n') throw new BadSyntax("a quoted string without end");
            position++;
            length = keep(length, c == '\\' ? read() : c);
        }
        position++;
        return text(length);
    }

    /** Reads {@code {n}CRLF} or {@code ~{n}CRLF}; the bytes that follow are for the caller to take, all of them. */
    long literalLength() throws IOException {
        skipIf('~');
        expect('{');
        long length = number();
        skipIf('+');
        expect('}');
        skipIf('\r');
        expect('\n');
        return length;
    }

    private String literal(int length) throws IOException {
        return new String(bytes(length), StandardCharsets.ISO_8859_1);
    }

    byte[] bytes(int length) throws IOException {
        byte[] all = new byte[length];
        for (int at = 0; at < length; ) {
            if (position == end) fill();
            int n = Math.min(length - at, end - position);
            System.arraycopy(buffer, position, all, at, n);
            position += n;
            at += n;
        }
        return all;
    }

    /**
     * Hands so many bytes on.
     *
     * @throws UncheckedIOException when the taker fails: that is not the server's doing
     */
    void pump(long length, OutputStream to) throws IOException {
        for (long left = length; left > 0; ) {
            if (position == end) fill();
            int n = (int) Math.min(left, end - position);
            try {
                to.write(buffer, position, n);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            position += n;
            left -= n;
        }
    }

    void discard(long length) throws IOException {
        for (long left = length; left > 0; ) {
            if (position == end) fill();
            int n = (int) Math.min(left, end - position);
            position += n;
            left -= n;
        }
    }

    /** What is left of the line, whatever it holds; the line's end stays. Names that a sloppy server did not quote. */
    String restOfLine() throws IOException {
        int length = 0;
        for (int c = peek(); c != '\r' && c != '\n'; c = peek()) length = keep(length, read());
        return text(length);
    }

    /** Any value of any item: an atom with its section, a string, a literal, a list of such. */
    void skipValue() throws IOException {
        int depth = 0;
        do {
            skipSpaces();
            int c = peek();
            if (c == '(') {
                depth++;
                position++;
            } else if (c == ')') {
                if (depth == 0) throw new BadSyntax("a value expected");
                depth--;
                position++;
            } else if (c == '"') {
                skipQuoted();
            } else if (c == '{') {
                discard(literalLength());
            } else if (c == '\r' || c == '\n') {
                throw new BadSyntax("a list without end");
            } else {
                skipAtom();
            }
        } while (depth > 0);
    }

    private void skipQuoted() throws IOException {
        position++;
        for (int c = read(); c != '"'; c = read()) {
            if (c == '\\') c = read();
            if (c == '\r' || c == '\n') {
                position--;
                throw new BadSyntax("a quoted string without end");
            }
        }
    }

    private void skipAtom() throws IOException {
        for (int c = peek(); c > ' ' && c != '(' && c != ')' && c != '"'; c = peek()) {
            if (c == '{') return;
            position++;
        }
        if (peek() < ' ' && peek() != '\r' && peek() != '\n') position++;
    }

    /** The rest of a line that holds text for people: no literal can stand in it. The line's end is taken in. */
    byte[] textLine() throws IOException {
        int length = 0;
        int c = read();
        for (; c != '\n'; c = read()) if (length < TOKEN_BYTES_MAX) length = keep(length, c);
        if (length > 0 && token[length - 1] == '\r') length--;
        byte[] line = new byte[length];
        System.arraycopy(token, 0, line, 0, length);
        return line;
    }

    /** The rest of a response, with the literals that stand in it, up to and with the line's end: wherever parsing stopped, the next response comes next. */
    void skipResponse() throws IOException {
        long literal = -1;   // -1: none; digits after '{' count up; Long.MIN_VALUE: "{n}" was read, a line's end makes it a literal
        long length = 0;
        for (int c = read(); ; c = read()) {
            if (c == '\n') {
                if (literal != Long.MIN_VALUE) return;
                discard(length);
                literal = -1;
            } else if (c == '{') {
                literal = 0;
                length = 0;
            } else if (literal >= 0 && c >= '0' && c <= '9' && length < Long.MAX_VALUE / 10 - 1) {
                length = length * 10 + (c - '0');
                literal++;
            } else if (literal > 0 && c == '}') {
                literal = Long.MIN_VALUE;
            } else if (!(literal == Long.MIN_VALUE && c == '\r')) {
                literal = -1;
            }
        }
    }

    private boolean isToken(String word) {
        for (int i = 0; i < word.length(); i++) if (token[i] != word.charAt(i)) return false;
        return true;
    }

    private int keep(int length, int c) throws BadSyntax {
        if (length == token.length) {
            if (length >= TOKEN_BYTES_MAX) throw new BadSyntax("a word of more than " + TOKEN_BYTES_MAX + " bytes");
            token = java.util.Arrays.copyOf(token, length * 2);
        }
        token[length] = (byte) c;
        return length + 1;
    }

    private String text(int length) {
        for (String word : FREQUENT) if (word.length() == length && isToken(word)) return word;
        return new String(token, 0, length, StandardCharsets.ISO_8859_1);
    }
}
