package io.carryall.testkit.mail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Messages that break something somewhere, each with a name that says what is odd. They are the bytes that a source server holds; a server may change some of them when they
 * are appended (Dovecot: a bare LF comes back as CRLF, a bare CR at the very end is lost, NUL becomes 0x80), so compare with what the source gives back.
 */
public final class OddMessages {
    private static final String HEAD = "From: Odd <odd@old.example>\r\nTo: Ann <ann@old.example>\r\nDate: Mon, 6 May 2024 07:08:09 +0200\r\n";
    private static final int LONG_LINE_BYTES = 10_000_000;

    /** One odd message. */
    public record Odd(String name, byte[] content) {
        public Mail mail() {
            return Mail.of(content);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private OddMessages() {
    }

    /** All but the ten million bytes in one line: under 200 KB together. */
    public static List<Odd> small() {
        List<Odd> odd = new ArrayList<>(headers());
        odd.addAll(lineEnds());
        odd.addAll(shapes());
        odd.addAll(commands());
        return odd;
    }

    public static List<Odd> all() {
        List<Odd> odd = new ArrayList<>(small());
        odd.add(tenMillionBytesInOneLine());
        return odd;
    }

    /** All, and every {@code *.msg} of a directory in the order of names; just all where there is no such directory. */
    public static List<Odd> withCorpus(Path directory) {
        List<Odd> odd = new ArrayList<>(all());
        if (Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.filter(path -> path.toString().endsWith(".msg")).sorted().toList()) {
                    odd.add(new Odd(file.getFileName().toString(), Files.readAllBytes(file)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return odd;
    }

    /** The odd message of that name. */
    public static Odd named(String name) {
        return all().stream().filter(odd -> odd.name().equals(name)).findFirst().orElseThrow(() -> new IllegalArgumentException("no odd message is named " + name));
    }

    public static Odd tenMillionBytesInOneLine() {
        byte[] head = latin1(HEAD + id("long-line") + "Subject: ten million bytes in one line\r\n\r\n");
        byte[] all = Arrays.copyOf(head, head.length + LONG_LINE_BYTES + 2);
        Arrays.fill(all, head.length, all.length - 2, (byte) 'x');
        all[all.length - 2] = '\r';
        all[all.length - 1] = '\n';
        return new Odd("ten-million-bytes-in-one-line", all);
    }

    private static List<Odd> headers() {
        return List.of(
                odd("header-8-bit-latin-1", HEAD + id("latin-1") + "Subject: Gr\u00fc\u00dfe aus M\u00fcnchen \u00a9 \u00ff\r\n\r\nbody\r\n"),
                new Odd("header-8-bit-utf-8", (HEAD + id("utf-8") + "Subject: Grüße, 日本語, 🎉\r\n\r\nbody\r\n").getBytes(StandardCharsets.UTF_8)),
                odd("header-8-bit-invalid-utf-8", HEAD + id("bad-utf-8") + "Subject: \u00c3\u0028 \u00ff\u00fe \u00f0\u009f\r\n\r\nbody\r\n"),
                odd("header-above-16-kb", HEAD + id("large-header") + lines("X-Trace", 400) + "Subject: large header\r\n\r\nbody\r\n"),
                odd("header-field-of-20-kb-in-one-line", HEAD + id("long-field") + "References: " + "<ref@old.example> ".repeat(1_200) + "\r\nSubject: long field\r\n\r\nbody\r\n"),
                odd("header-encoded-word-very-long", HEAD + id("encoded") + "Subject: =?utf-8?B?" + "w7zDtsOk".repeat(700) + "?=\r\n\r\nbody\r\n"),
                odd("header-encoded-word-broken", HEAD + id("encoded-broken") + "Subject: =?utf-8?B?###?= =?x-no-such-charset?Q?=ZZ?= =?utf-8?Q?open\r\n\r\nbody\r\n"),
                odd("header-without-message-id", HEAD + "Subject: no message id\r\n\r\nbody\r\n"),
                odd("header-without-date", "From: Odd <odd@old.example>\r\n" + id("no-date") + "Subject: no date\r\n\r\nbody\r\n"),
                odd("header-date-impossible", "From: Odd <odd@old.example>\r\nDate: Mon, 99 Foo 20244 99:99:99 +9999\r\n" + id("bad-date") + "Subject: impossible date\r\n\r\nbody\r\n"),
                odd("header-message-id-twice-first", HEAD + id("twin") + "Subject: one of two with the same Message-ID\r\n\r\nthe first\r\n"),
                odd("header-message-id-twice-second", HEAD + id("twin") + "Subject: two of two with the same Message-ID\r\n\r\nthe second\r\n"),
                odd("header-two-message-ids", HEAD + id("one") + id("two") + "Subject: two ids in one header\r\n\r\nbody\r\n"),
                odd("header-folded-with-tabs-and-blank-continuations", HEAD + "Message-ID:\r\n\t<folded@old.example>\r\nSubject: folded\r\n \r\n\tonce more\r\n \t \r\n\r\nbody\r\n"),
                odd("header-control-characters", HEAD + id("control") + "Subject: bell \u0007 escape \u001b[31m delete \u007f\r\n\r\nbody \u0001\u0002\u0008\r\n"),
                odd("header-html-in-it", HEAD + "Message-ID: <\"><script>alert(1)</script>@old.example>\r\nSubject: <script>alert(1)</script>\r\n\r\nbody\r\n"),
                odd("header-field-without-colon", HEAD + id("no-colon") + "this line is no field\r\nSubject: after it\r\n\r\nbody\r\n"),
                odd("header-empty-addresses", "From: \r\nTo: ,,,;\r\nCc: undisclosed-recipients:;\r\n" + id("addresses") + "Subject: addresses\r\n\r\nbody\r\n"));
    }

    private static List<Odd> lineEnds() {
        return List.of(
                odd("bare-cr", HEAD + id("bare-cr") + "Subject: bare CR\r\n\r\none\rtwo\r\rthree\r\n"),
                odd("bare-cr-at-the-end", HEAD + id("cr-end") + "Subject: bare CR at the end\r\n\r\nbody\r"),
                odd("bare-lf", "From: odd@old.example\nTo: ann@old.example\nMessage-ID: <bare-lf@old.example>\nSubject: bare LF\n\none\ntwo\n\nthree\n"),
                odd("mixed-line-ends", HEAD + id("mixed") + "Subject: mixed line ends\n\r\none\r\ntwo\nthree\rfour\n\rfive\r\n\nsix\r\n"),
                odd("no-line-end-at-the-end", HEAD + id("no-end") + "Subject: no line end at the end\r\n\r\nthe last line"),
                odd("many-line-ends-at-the-end", HEAD + id("many-ends") + "Subject: many line ends at the end\r\n\r\nbody\r\n\r\n\r\n\r\n"),
                odd("nul-bytes", HEAD + id("nul") + "Subject: NUL \u0000 bytes\r\n\r\none\u0000two\u0000\u0000\r\n"),
                odd("line-above-998", HEAD + id("line-998") + "Subject: long lines\r\n\r\n" + "y".repeat(5_000) + "\r\n" + "z".repeat(70_000) + "\r\n"),
                odd("8-bit-body-without-declaration", HEAD + id("8-bit") + "Subject: 8 bit\r\n\r\n\u0080\u0081\u00fe\u00ff and more\r\n"));
    }

    private static List<Odd> shapes() {
        return List.of(
                odd("no-header", "\r\nThis message has no header at all.\r\n"),
                odd("header-only", HEAD + id("header-only") + "Subject: header only\r\n"),
                odd("header-only-without-line-end", HEAD + id("header-only-2") + "Subject: header only, without a line end"),
                odd("empty-body", HEAD + id("empty-body") + "Subject: empty body\r\n\r\n"),
                odd("body-without-separator", HEAD + id("no-separator") + "Subject: no separator\r\nThis is the body already, and it goes on\r\nfor two lines.\r\n"),
                odd("one-byte", "x"),
                odd("one-line-end", "\r\n"),
                odd("mbox-from-line", "From odd@old.example Mon May  6 07:08:09 2024\r\n" + HEAD + id("mbox") + "Subject: mbox\r\n\r\nFrom here on\r\n>From there\r\n"),
                odd("only-spaces", "   \t  \r\n \r\n"),
                odd("dots", HEAD + id("dots") + "Subject: dots\r\n\r\n.\r\n..\r\n.hidden\r\n"),
                odd("multipart-never-closed", HEAD + id("multipart") + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\none\r\n--b\r\n"),
                odd("multipart-without-boundary", HEAD + id("boundary") + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed\r\n\r\n--\r\n\r\none\r\n"),
                odd("multipart-nested-deep", HEAD + id("nested") + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b0\"\r\n\r\n" + nested(120)),
                odd("message-in-message", HEAD + id("outer") + "MIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n" + HEAD + id("inner") + "Subject: inner\r\n\r\nbody\r\n"));
    }

    /** Bodies that do harm where a client or a server takes them for its protocol. {@code VICTIM} is the folder to look at afterwards. */
    private static List<Odd> commands() {
        return List.of(
                odd("body-of-imap-commands", HEAD + id("commands") + "Subject: commands\r\n\r\nz1 DELETE VICTIM\r\nz2 CREATE INTRUDER\r\nz3 LOGOUT\r\n"),
                odd("imap-commands-from-the-first-byte", "z1 DELETE VICTIM\r\nz2 CREATE INTRUDER\r\nz3 LOGOUT\r\n"),
                odd("body-that-looks-like-literals", HEAD + id("literals") + "Subject: literal {5+}\r\n\r\n{5+}\r\nabcde {10}\r\n) (\\Seen) {3+}\r\nabc\r\n"),
                odd("body-that-looks-like-responses", HEAD + id("responses") + "Subject: responses\r\n\r\n* 1 EXPUNGE\r\n* BYE bye\r\na1 OK [APPENDUID 1 1] done\r\np1 OK done\r\n+ go ahead\r\n)\r\n"),
                odd("header-that-looks-like-a-literal", HEAD + id("literal-subject") + "Subject: {1000000}\r\n\r\nbody {4294967295}\r\n"));
    }

    private static String nested(int depth) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            body.append("--b").append(i).append("\r\nContent-Type: multipart/mixed; boundary=\"b").append(i + 1).append("\"\r\n\r\n");
        }
        return body.append("--b").append(depth).append("\r\n\r\nthe bottom\r\n").toString();
    }

    private static String lines(String field, int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append(field).append('-').append(i).append(": ").append("0123456789 ".repeat(5)).append("\r\n");
        }
        return lines.toString();
    }

    private static String id(String local) {
        return "Message-ID: <" + local + "@odd.old.example>\r\n";
    }

    private static Odd odd(String name, String latin1) {
        return new Odd(name, latin1(latin1));
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
