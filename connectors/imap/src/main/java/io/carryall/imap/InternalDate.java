package io.carryall.imap;

import io.carryall.core.item.SourceItem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/**
 * A message's internal date: as the server wrote it, and what we make of it.
 *
 * @param raw   the server's words, empty when it said nothing
 * @param value with the server's own zone; null when the words are no date
 */
record InternalDate(String raw, OffsetDateTime value) {
    static final InternalDate NONE = new InternalDate("", null);

    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    /** Reads {@code date-time} of RFC 9051: {@code " 1-Feb-2024 03:04:05 +0100"}. */
    static InternalDate parse(String raw) {
        return new InternalDate(raw, parseOrNull(raw));
    }

    private static OffsetDateTime parseOrNull(String raw) {
        long seconds = epochSecond(raw);
        return seconds == SourceItem.NO_DATE ? null : Instant.ofEpochSecond(seconds).atOffset(ZoneOffset.ofTotalSeconds(offsetSeconds(aligned(raw))));
    }

    /** What {@link #parse} makes of it in seconds, without an object of the calendar for each message of a listing; {@link SourceItem#NO_DATE} when the words are no date. */
    static long epochSecond(String raw) {
        String s = aligned(raw);
        if (s.length() != 26 || s.charAt(2) != '-' || s.charAt(6) != '-' || s.charAt(11) != ' ' || s.charAt(14) != ':' || s.charAt(17) != ':' || s.charAt(20) != ' ') return SourceItem.NO_DATE;
        int month = month(s);
        int day = s.charAt(0) == ' ' ? digits(s, 1, 2) : digits(s, 0, 2);
        int year = digits(s, 7, 11);
        int hour = digits(s, 12, 14);
        int minute = digits(s, 15, 17);
        int second = digits(s, 18, 20);
        int offset = offsetSeconds(s);
        if ((month | day | year | hour | minute | second) < 0 || hour > 23 || minute > 59 || Math.abs(offset) > 18 * 3600) return SourceItem.NO_DATE;
        try {
            // a leap second is the second before it: no server stores it otherwise
            return LocalDate.of(year, month, day).toEpochDay() * 86_400 + hour * 3600 + minute * 60 + Math.min(second, 59) - offset;
        } catch (DateTimeException e) {
            return SourceItem.NO_DATE;
        }
    }

    /** A day of one digit is to have a blank before it. */
    private static String aligned(String raw) {
        return raw.length() == 25 && raw.charAt(1) == '-' ? " " + raw : raw;
    }

    /** Beyond all offsets where it is none. */
    private static int offsetSeconds(String s) {
        int zone = digits(s, 22, 26);
        boolean east = s.charAt(21) == '+';
        if (zone < 0 || !east && s.charAt(21) != '-') return Integer.MAX_VALUE;
        int seconds = (zone / 100 * 60 + zone % 100) * 60;
        return east ? seconds : -seconds;
    }

    private static int month(String s) {
        for (int m = 0; m < 12; m++) {
            if ((s.charAt(3) | 0x20) == (MONTHS.charAt(m * 3) | 0x20) && (s.charAt(4) | 0x20) == MONTHS.charAt(m * 3 + 1) && (s.charAt(5) | 0x20) == MONTHS.charAt(m * 3 + 2)) return m + 1;
        }
        return -1;
    }

    private static int digits(String s, int from, int to) {
        int n = 0;
        for (int i = from; i < to; i++) {
            int d = s.charAt(i) - '0';
            if (d < 0 || d > 9) return -1;
            n = n * 10 + d;
        }
        return n;
    }

    /** The date as APPEND takes it, without its quotes; null when the year does not fit four digits. The zone stays, to the minute. */
    static String format(OffsetDateTime date) {
        OffsetDateTime d = date;
        int offset = d.getOffset().getTotalSeconds();
        if (offset % 60 != 0) {
            d = d.withOffsetSameInstant(ZoneOffset.ofTotalSeconds(offset - offset % 60));
            offset = d.getOffset().getTotalSeconds();
        }
        if (d.getYear() < 1 || d.getYear() > 9999) return null;
        StringBuilder out = new StringBuilder(26);
        two(out, d.getDayOfMonth()).append('-').append(MONTHS, (d.getMonthValue() - 1) * 3, d.getMonthValue() * 3).append('-');
        two(two(out, d.getYear() / 100), d.getYear() % 100).append(' ');
        two(two(two(out, d.getHour()).append(':'), d.getMinute()).append(':'), d.getSecond()).append(' ');
        int minutes = Math.abs(offset) / 60;
        return two(two(out.append(offset < 0 ? '-' : '+'), minutes / 60), minutes % 60).toString();
    }

    /** Whether every server is sure to take it. Cyrus answers BAD to years before 1902, and would read a literal that was not held back as commands. */
    static boolean isOrdinary(OffsetDateTime date) {
        return date == null || date.getYear() >= 1971 && date.getYear() < 2038 && Math.abs(date.getOffset().getTotalSeconds()) <= 14 * 3600;
    }

    private static StringBuilder two(StringBuilder out, int n) {
        return out.append((char) ('0' + n / 10)).append((char) ('0' + n % 10));
    }
}
