package io.carryall.testkit.mail;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Realistic mail, always the same: equal (profile, seed, user, index) give equal folder, flags, date and bytes, on every machine.
 *
 * <p>Twelve folders with names in several scripts, eight charsets in 7bit, 8bit, quoted-printable and base64, plain and alternative and with attachments, threads of
 * seven, keywords, system flags ({@code \Deleted} among them), internal dates of five years in seven zones. No message is odd: see {@link OddMessages} for those.
 * Thread-safe.
 */
public final class MailGenerator {
    private static final String[] FOLDERS = {
        "INBOX", "Sent", "Drafts", "Trash", "Junk", "Archive/2023", "Archive/2024/Q3", "Verträge/Entwürfe", "経理/請求書", "R&D", "Клиенты/Отчёты", "Lists/users [ml] (old)"};
    private static final int[] FOLDER_WEIGHTS = {30, 16, 2, 6, 7, 9, 8, 4, 5, 5, 4, 4};
    private static final String[] KEYWORDS = {"$Forwarded", "$MDNSent", "$Label1", "NonJunk", "Follow-up", "Wichtig_2", "todo"};
    private static final String[] DOMAINS = {"old.example", "example.org", "mail.example.net", "partner.example", "lists.example.com"};
    private static final String[] PEOPLE = {"Anna Berg", "Jürgen Weiß", "María Peña", "佐藤 花子", "Ольга Смирнова", "Zoé Brûlé", "Service Desk", "Pat O'Hara", "王芳", "no-reply"};
    private static final String[] SUBJECTS = {"Minutes of the meeting", "Invoice", "Offer for the second quarter", "Your ticket", "Lunch?", "Re-schedule", "Bericht für März", "Отчёт за квартал", "請求書の件", "Release notes", "Urlaubsplanung – bitte prüfen", "travel plans"};
    private static final String[] FILES = {"report.pdf", "Übersicht.xlsx", "photo.jpg", "資料.docx", "figures.csv", "data.zip"};
    private static final int[] ZONE_MINUTES = {0, 60, 120, -300, -480, 330, 540};
    private static final long DATES_END_SECONDS = 1_767_225_600L; // 2026-01-01
    private static final long DATES_SPAN_SECONDS = 5L * 365 * 86_400;
    private static final int THREAD = 7;
    private static final int ATTACHMENT_ABOVE_BYTES = 24_000;
    private static final int BINARY_POOL_BYTES = 57 * 9_000;
    private static final DateTimeFormatter HEADER_DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss xx", Locale.ENGLISH);
    private static final byte[] BINARY_BASE64 = binaryPool();
    private static final List<Script> SCRIPTS = scripts();

    private final MailProfile profile;
    private final long seed;

    public MailGenerator(MailProfile profile, long seed) {
        this.profile = profile;
        this.seed = seed;
    }

    /** All folders that mail may be generated for, with {@code /} between levels. */
    public static List<String> folders() {
        return List.of(FOLDERS);
    }

    /** The message with this number of this user's mailbox. */
    public GeneratedMail mail(int user, int index) {
        SplittableRandom random = new SplittableRandom(mixed(seed, user, index));
        String folder = FOLDERS[weighted(FOLDER_WEIGHTS, random)];
        OffsetDateTime date = date(index, random);
        return new GeneratedMail(folder, new Mail(flags(folder, random), date, content(user, index, date, random)));
    }

    /** The messages {@code from} to {@code from + count - 1} of a user. */
    public List<GeneratedMail> mails(int user, int from, int count) {
        List<GeneratedMail> mails = new ArrayList<>(count);
        for (int index = from; index < from + count; index++) {
            mails.add(mail(user, index));
        }
        return mails;
    }

    private static long mixed(long seed, int user, int index) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + user * 0x100000001B3L + index).nextLong();
    }

    private static int weighted(int[] weights, SplittableRandom random) {
        int total = 0;
        for (int weight : weights) {
            total += weight;
        }
        int drawn = random.nextInt(total);
        int at = 0;
        while (drawn >= weights[at]) {
            drawn -= weights[at++];
        }
        return at;
    }

    /** Mailboxes grow: a higher index is later, most of the time. */
    private static OffsetDateTime date(int index, SplittableRandom random) {
        double position = (index % 20_000 + 40 * random.nextDouble()) / 20_040;
        long seconds = DATES_END_SECONDS - DATES_SPAN_SECONDS + (long) (position * DATES_SPAN_SECONDS);
        OffsetDateTime date = Instant.ofEpochSecond(seconds).atOffset(ZoneOffset.ofTotalSeconds(60 * ZONE_MINUTES[random.nextInt(ZONE_MINUTES.length)]));
        // GreenMail, which stands in where there is no Dovecot, reads the hour 12 as 0.
        return date.getHour() == 12 ? date.minusHours(1) : date;
    }

    private static TreeSet<String> flags(String folder, SplittableRandom random) {
        TreeSet<String> flags = new TreeSet<>();
        if (random.nextInt(100) < 82) {
            flags.add("\\Seen");
        }
        if (random.nextInt(100) < 17) {
            flags.add("\\Answered");
        }
        if (random.nextInt(100) < 6) {
            flags.add("\\Flagged");
        }
        if (random.nextInt(100) < 1) {
            flags.add("\\Deleted");
        }
        if (folder.equals("Drafts")) {
            flags.add("\\Draft");
        }
        for (int more = random.nextInt(100) < 20 ? random.nextInt(1, 3) : 0; more > 0; more--) {
            flags.add(KEYWORDS[random.nextInt(KEYWORDS.length)]);
        }
        return flags;
    }

    private byte[] content(int user, int index, OffsetDateTime date, SplittableRandom random) {
        int bytes = profile.bytes(normal(random));
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes + 1_024);
        text(out, headers(user, index, date, random));
        int room = Math.max(200, bytes - out.size() - 300);
        Script script = script(random);
        String boundary = "=_part_" + user + "_" + index;
        if (bytes > ATTACHMENT_ABOVE_BYTES || random.nextDouble() < profile.attachmentShare) {
            withAttachment(out, room, script, boundary, random);
        } else if (random.nextInt(2) == 0) {
            alternative(out, room, script, boundary, random);
        } else {
            part(out, room, script, "plain", random);
        }
        return out.toByteArray();
    }

    private String headers(int user, int index, OffsetDateTime date, SplittableRandom random) {
        StringBuilder head = new StringBuilder(1_200);
        String written = HEADER_DATE.format(date.minusSeconds(3));
        head.append("Return-Path: <p").append(index % 97).append('@').append(DOMAINS[index % DOMAINS.length]).append(">\r\n");
        for (int hop = random.nextInt(1, 4); hop > 0; hop--) {
            head.append("Received: from mx").append(hop).append('.').append(DOMAINS[hop]).append(" (192.0.2.").append(random.nextInt(1, 255)).append(")\r\n\tby in").append(hop)
                    .append(".old.example with ESMTPS id ").append(Integer.toHexString(random.nextInt())).append(";\r\n\t").append(written).append("\r\n");
        }
        int first = index - index % THREAD;
        head.append("Message-ID: ").append(messageId(user, index)).append("\r\nDate: ").append(written).append("\r\nFrom: ").append(word(PEOPLE[random.nextInt(PEOPLE.length)]))
                .append(" <p").append(index % 97).append('@').append(DOMAINS[index % DOMAINS.length]).append(">\r\nTo: ").append(word(PEOPLE[user % PEOPLE.length]))
                .append(" <u").append(user).append("@old.example>\r\nSubject: ").append(index == first ? "" : "Re: ").append(word(SUBJECTS[first / THREAD % SUBJECTS.length])).append(' ').append(first).append("\r\n");
        if (index != first) {
            head.append("In-Reply-To: ").append(messageId(user, index - 1)).append("\r\nReferences:");
            for (int earlier = first; earlier < index; earlier++) {
                head.append(earlier == first ? " " : "\r\n ").append(messageId(user, earlier));
            }
            head.append("\r\n");
        }
        if (random.nextInt(4) == 0) {
            head.append("List-Id: <team").append(index % 9).append(".lists.example.com>\r\n");
        }
        byte[] signature = new byte[96];
        random.nextBytes(signature);
        String signed = Base64.getEncoder().encodeToString(signature);
        head.append("DKIM-Signature: v=1; a=rsa-sha256; d=").append(DOMAINS[index % DOMAINS.length]).append(";\r\n\tb=").append(signed, 0, 64).append("\r\n\t ").append(signed, 64, 128).append("\r\nMIME-Version: 1.0\r\n");
        return head.toString();
    }

    /** The Message-ID of a generated message. */
    public String messageId(int user, int index) {
        return "<" + Long.toHexString(mixed(seed + 1, user, index)) + "." + user + "." + index + "@" + DOMAINS[index % DOMAINS.length] + ">";
    }

    private static void part(ByteArrayOutputStream out, int room, Script script, String subtype, SplittableRandom random) {
        TextPool.Encoding encoding = script.encodings.get(random.nextInt(script.encodings.size()));
        text(out, "Content-Type: text/" + subtype + "; charset=" + script.label + "\r\nContent-Transfer-Encoding: " + encoding.label + "\r\n\r\n");
        script.pools.get(encoding).write(out, room, random);
    }

    private static void alternative(ByteArrayOutputStream out, int room, Script script, String boundary, SplittableRandom random) {
        text(out, "Content-Type: multipart/alternative; boundary=\"" + boundary + "\"\r\n\r\n--" + boundary + "\r\n");
        part(out, room / 3, script, "plain", random);
        text(out, "\r\n--" + boundary + "\r\n");
        part(out, room / 2, script, "html", random);
        text(out, "\r\n--" + boundary + "--\r\n");
    }

    private static void withAttachment(ByteArrayOutputStream out, int room, Script script, String boundary, SplittableRandom random) {
        text(out, "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n--" + boundary + "\r\n");
        part(out, Math.min(room / 3, 3_000), script, "plain", random);
        String file = word(FILES[random.nextInt(FILES.length)]);
        text(out, "\r\n--" + boundary + "\r\nContent-Type: application/octet-stream; name=\"" + file + "\"\r\nContent-Disposition: attachment; filename=\"" + file
                + "\"\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        binary(out, Math.max(100, room - Math.min(room / 3, 3_000)), random);
        text(out, "--" + boundary + "--\r\n");
    }

    /** Whole lines of base64 from a pool of random bytes. */
    private static void binary(ByteArrayOutputStream out, int bytes, SplittableRandom random) {
        int lines = BINARY_BASE64.length / 78;
        for (int left = bytes / 78 + 1; left > 0; ) {
            int line = random.nextInt(lines);
            int run = Math.min(left, lines - line);
            out.write(BINARY_BASE64, line * 78, run * 78);
            left -= run;
        }
    }

    private static byte[] binaryPool() {
        byte[] random = new byte[BINARY_POOL_BYTES];
        new SplittableRandom(57).nextBytes(random);
        return (Base64.getMimeEncoder(76, new byte[] {'\r', '\n'}).encodeToString(random) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** RFC 2047; one encoded word is enough for our short texts. */
    private static String word(String text) {
        boolean ascii = text.chars().allMatch(c -> c < 128);
        return ascii ? text : "=?utf-8?B?" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "?=";
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** Box and Muller's standard normal number. */
    private static double normal(SplittableRandom random) {
        return StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble())) * StrictMath.cos(2 * Math.PI * random.nextDouble());
    }

    private static Script script(SplittableRandom random) {
        int[] weights = new int[SCRIPTS.size()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = SCRIPTS.get(i).weight;
        }
        return SCRIPTS.get(weighted(weights, random));
    }

    private static List<Script> scripts() {
        return List.of(
                new Script("us-ascii", 34, ""),
                new Script("utf-8", 40, "Schöne Grüße, Žluťoučký kůň, Привет, 日本語, 🎉 "),
                new Script("iso-8859-1", 10, "Größe, façade, señor, œuvre fehlt "),
                new Script("windows-1252", 6, "„Preis“ – 20 € … ™ "),
                new Script("iso-2022-jp", 4, "会議の資料をお送りします。"),
                new Script("koi8-r", 3, "Добрый день, высылаю отчёт "),
                new Script("gb18030", 2, "您好，请查收附件。"),
                new Script("shift_jis", 1, "お世話になっております。"));
    }

    /** A charset, how often it occurs, and its text in every transfer encoding that suits it. */
    private static final class Script {
        final String label;
        final int weight;
        final List<TextPool.Encoding> encodings;
        final Map<TextPool.Encoding, TextPool> pools = new EnumMap<>(TextPool.Encoding.class);

        Script(String label, int weight, String sample) {
            this.label = label;
            this.weight = weight;
            boolean sevenBit = label.equals("us-ascii") || label.equals("iso-2022-jp");
            this.encodings = sevenBit ? List.of(TextPool.Encoding.BITS7) : List.of(TextPool.Encoding.BITS8, TextPool.Encoding.QUOTED, TextPool.Encoding.BASE64);
            encodings.forEach(encoding -> pools.put(encoding, new TextPool(Charset.forName(label), sample, encoding)));
        }
    }
}
