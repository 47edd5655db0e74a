package io.carryall.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the services count, as their sources register it: names stand in literals there, and Micrometer makes Prometheus' names of them. */
public final class Metrics {
    private static final Pattern REGISTERED = Pattern.compile("(?:registry\\s*\\.(counter|timer|gauge)|(Counter|Timer|Gauge)\\s*\\.builder)\\(\\s*\"(carryall\\.[a-z.]+)\"");
    private static final Pattern LITERAL = Pattern.compile("\"(\\w+)\"");

    private Metrics() {
    }

    /** @param kind counter, timer or gauge */
    public record Metric(String kind, String name) {
        /** The suffixes are Micrometer's: a counter's total, and of a timer its count, sum and greatest, in seconds. */
        public List<String> prometheusNames() {
            String base = name.replace('.', '_');
            return switch (kind) {
                case "counter" -> List.of(base + "_total");
                case "timer" -> List.of("count", "sum", "max").stream().map(suffix -> (base.endsWith("_seconds") ? base : base + "_seconds") + "_" + suffix).toList();
                default -> List.of(base);
            };
        }
    }

    public static Set<Metric> all() {
        return sources().stream().flatMap(source -> REGISTERED.matcher(source).results()).map(Metrics::metric).collect(Collectors.toSet());
    }

    private static Metric metric(MatchResult found) {
        String kind = found.group(1) == null ? found.group(2) : found.group(1);
        return new Metric(kind.toLowerCase(Locale.ROOT), found.group(3));
    }

    public static Set<String> prometheusNames() {
        return all().stream().flatMap(metric -> metric.prometheusNames().stream()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Words that may be labels: literals in the sources that register metrics. */
    public static Set<String> labels() {
        return sources().stream().filter(source -> REGISTERED.matcher(source).find()).flatMap(source -> Checkout.findAll(LITERAL, source).stream()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> sources() {
        List<String> sources = new ArrayList<>();
        for (String module : Checkout.codeModules()) {
            Checkout.files(module + "/src/main/java", ".java").forEach(file -> sources.add(read(file)));
        }
        return sources;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
