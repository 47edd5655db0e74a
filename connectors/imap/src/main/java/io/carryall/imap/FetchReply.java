package io.carryall.imap;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The data of one FETCH reply, read item by item as they come; items that nobody asked for are passed over. Flags stay as the server wrote them, a date that can't be read loses the date only.
 *
 * <p>One object serves many replies, one after the other.
 */
final class FetchReply {
    private static final int FLAGS_MAX = 10_000;

    /** Takes the body: exactly {@code length} bytes are to be read off {@code in}. */
    interface Body {
        /** @param uid as far as it is known by now, else 0; {@code length} -1: NIL, or what can't be read */
        void take(long uid, long length, WireInput in) throws IOException;

        /** A body that came as a quoted string. */
        void take(long uid, byte[] bytes) throws IOException;
    }

    private long uid;
    private long sizeBytes;
    private String date;
    private Set<String> flags;
    private long modSeq;

    /** 0 where the reply did not tell it. */
    long uid() {
        return uid;
    }

    /** -1 where the reply did not tell it. */
    long sizeBytes() {
        return sizeBytes;
    }

    InternalDate date() {
        return date == null ? InternalDate.NONE : InternalDate.parse(date);
    }

    /** As the server wrote it; null where it said nothing. */
    String rawDate() {
        return date;
    }

    /** Null where the reply did not tell them. */
    Set<String> flags() {
        return flags;
    }

    /** RFC 7162; 0 where the reply did not tell it. */
    long modSeq() {
        return modSeq;
    }

    /** Reads what stands behind FETCH. What was read before a {@link BadSyntax} stays readable. */
    void read(WireInput in, Body body) throws IOException {
        uid = 0;
        sizeBytes = -1;
        date = null;
        flags = null;
        modSeq = 0;
        in.skipSpaces();
        in.expect('(');
        for (in.skipSpaces(); !in.skipIf(')'); in.skipSpaces()) item(in, body);
    }

    private void item(WireInput in, Body body) throws IOException {
        String name = in.atom().toUpperCase(Locale.ROOT);
        boolean section = in.skipIf('[');
        if (name.isEmpty() && !section) throw new BadSyntax("an item's name expected");
        if (section) {
            in.until(']');
            in.atom();   // the origin of a part: <0>
        }
        in.skipSpaces();
        switch (name) {
            case "UID" -> uid = in.number();
            case "RFC822.SIZE" -> size(in);
            case "INTERNALDATE" -> date = in.string();
            case "FLAGS" -> flags = flagList(in);
            case "MODSEQ" -> modSeq = modSeq(in);
            case "BODY" -> {
                if (section) body(in, body);
                else in.skipValue();
            }
            default -> in.skipValue();
        }
    }

    private static long modSeq(WireInput in) throws IOException {
        in.expect('(');
        long value = in.number();
        in.expect(')');
        return value;
    }

    private void size(WireInput in) throws IOException {
        int c = in.peek();
        if (c >= '0' && c <= '9') sizeBytes = in.number();
        else in.skipValue();   // a server that counts below zero: size is advice
    }

    private static Set<String> flagList(WireInput in) throws IOException {
        in.expect('(');
        if (in.skipIf(')')) return Set.of();
        Set<String> flags = new LinkedHashSet<>();
        for (in.skipSpaces(); !in.skipIf(')'); in.skipSpaces()) {
            String flag = in.word();
            if (flag.isEmpty() || flags.size() == FLAGS_MAX) throw new BadSyntax("a flag expected, and no more than " + FLAGS_MAX);
            flags.add(flag);
        }
        return flags;
    }

    private void body(WireInput in, Body body) throws IOException {
        int c = in.peek();
        if (c == '{' || c == '~') {
            body.take(uid, in.literalLength(), in);
        } else if (c == '"') {
            body.take(uid, in.string().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        } else {
            in.skipValue();
            body.take(uid, -1, in);
        }
    }
}
