package io.carryall.core.migration;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Points in time as operators write them: a date (midnight UTC) or an RFC 3339 time. */
public final class PointInTime {
    public static final String EXPECTED = "a date such as 2024-01-31 (midnight UTC) or a time such as 2024-01-31T18:00:00+01:00";

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd").withResolverStyle(ResolverStyle.STRICT);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ISO_OFFSET_DATE_TIME.withResolverStyle(ResolverStyle.STRICT);
    private static final Pattern RFC_3339 = Pattern.compile("\\d{4}-\\d{2}-\\d{2}[Tt ]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?([Zz]|[+-]\\d{2}:\\d{2})");

    private PointInTime() {
    }

    /** Empty where the text has another form or names no day that there is (February 30). */
    public static Optional<Instant> parse(String text) {
        String stripped = text.strip();
        try {
            if (RFC_3339.matcher(stripped).matches()) {
                return Optional.of(OffsetDateTime.parse(stripped.replace(' ', 'T').toUpperCase(Locale.ROOT), TIME).toInstant());
            }
            return Optional.of(LocalDate.parse(stripped, DATE).atStartOfDay(ZoneOffset.UTC).toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
