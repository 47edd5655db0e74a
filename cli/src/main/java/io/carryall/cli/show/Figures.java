package io.carryall.cli.show;

import java.util.Locale;

/** Numbers as people read them. */
public final class Figures {
    private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB", "PB"};

    private Figures() {
    }

    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** Of 1,000 bytes a step, as everywhere in Carryall. */
    public static String bytes(double bytes) {
        int unit = 0;
        double value = bytes;
        while (value >= 999.95 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }

    public static String seconds(double seconds) {
        return seconds < 60 ? String.format(Locale.ROOT, "%.1f s", seconds) : about(Math.round(seconds));
    }

    /** An estimate, which has no tenths. */
    public static String about(long whole) {
        return whole < 60 ? whole + " s" : whole < 3600 ? whole / 60 + " min " + whole % 60 + " s" : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    /** What a range begins or ends with: nobody can tell the seconds of an hour, or of some minutes. */
    static String roughly(long whole) {
        long minutes = Math.round(whole / 60.0);
        return whole < 120 ? about(whole) : minutes < 60 ? minutes + " min" : whole < 36_000 ? about(whole) : Math.round(whole / 3600.0) + " h";
    }
}
