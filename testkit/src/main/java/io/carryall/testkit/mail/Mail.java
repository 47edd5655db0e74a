package io.carryall.testkit.mail;

import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.TreeSet;

/**
 * One message as it is appended: flags without {@code \Recent}, internal date with the zone in which it is sent, and the exact bytes.
 *
 * @param content not copied: nobody may change it
 */
public record Mail(Set<String> flags, OffsetDateTime internalDate, byte[] content) {
    public Mail {
        flags = Set.copyOf(flags);
    }

    /** A message of no particular flags or date. */
    public static Mail of(byte[] content) {
        return new Mail(Set.of(), OffsetDateTime.parse("2024-05-06T07:08:09+02:00"), content);
    }

    /** A small plain message with this subject, and a Message-ID made of it. */
    public static Mail of(String subject) {
        return of(("From: Anna <anna@old.example>\r\nTo: Ben <ben@old.example>\r\nSubject: " + subject + "\r\nMessage-ID: <" + subject.replaceAll("[^A-Za-z0-9]", ".") + "@old.example>\r\n"
                + "Date: Mon, 6 May 2024 07:08:09 +0200\r\n\r\nThis is " + subject + ".\r\n").getBytes(StandardCharsets.UTF_8));
    }

    public Mail withFlags(String... more) {
        Set<String> all = new TreeSet<>(flags);
        all.addAll(Set.of(more));
        return new Mail(all, internalDate, content);
    }

    public Mail at(OffsetDateTime date) {
        return new Mail(flags, date, content);
    }

    @Override
    public String toString() {
        return "Mail[" + flags + ", " + internalDate + ", " + content.length + " bytes]";
    }
}
