package io.carryall.core.migration;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as operators write them: a number, with or without a unit. 1 MB is 1,000,000 bytes, 1 MiB is 1,048,576. */
public final class ByteSize {
    public static final String EXPECTED = "a size such as 500KB, 100MB, 1.5GB or 64MiB (1 MB = 1,000,000 bytes, 1 MiB = 1,048,576)";

    private static final Pattern FORM = Pattern.compile("(\\d{1,18}(?:\\.\\d{1,9})?) ?([A-Za-z]{0,3})");
    private static final Map<String, Long> UNITS = Map.of("", 1L, "b", 1L, "kb", 1_000L, "mb", 1_000_000L, "gb", 1_000_000_000L, "tb", 1_000_000_000_000L,
            "kib", 1L << 10, "mib", 1L << 20, "gib", 1L << 30, "tib", 1L << 40);

    private ByteSize() {
    }

    /** The number of bytes, rounded down; empty where the text is no size or not above zero. */
    public static OptionalLong parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        Long unit = form.matches() ? UNITS.get(form.group(2).toLowerCase(Locale.ROOT)) : null;
        if (unit == null) {
            return OptionalLong.empty();
        }
        BigDecimal bytes = new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unit));
        boolean fits = bytes.compareTo(BigDecimal.ONE) >= 0 && bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) < 0;
        return fits ? OptionalLong.of(bytes.longValue()) : OptionalLong.empty();
    }
}
