package io.carryall.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The checkout that is built: its modules in the order of the reactor, and its files. */
public final class Checkout {
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");

    private Checkout() {
    }

    public static Path home() {
        String home = System.getProperty("carryall.home");
        if (home == null) {
            throw new IllegalStateException("the system property carryall.home names the checkout; surefire sets it");
        }
        return Path.of(home);
    }

    public static Path path(String relative) {
        return home().resolve(relative);
    }

    public static String text(String relative) {
        try {
            return Files.readString(path(relative), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(relative + " cannot be read", e);
        }
    }

    /** As the parent pom lists them, for instance {@code adapters/kafka}. */
    public static List<String> modules() {
        return MODULE.matcher(text("pom.xml")).results().map(found -> found.group(1)).toList();
    }

    private static List<String> modulesBeforeUs() {
        return modules().stream().takeWhile(module -> !module.equals("architecture")).toList();
    }

    /** Modules with main classes that are compiled when our tests run: those before us. The others only gather jars, or tests, or try the whole. */
    public static List<String> codeModules() {
        return modulesBeforeUs().stream().filter(module -> Files.isDirectory(path(module + "/src/main/java"))).toList();
    }

    public static List<String> testedModules() {
        return modulesBeforeUs().stream().filter(module -> Files.isDirectory(path(module + "/src/test/java"))).toList();
    }

    /** What the pattern finds in a text: its first group, each once. */
    public static List<String> findAll(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).distinct().toList();
    }

    public static List<Path> files(String directory, String ending) {
        try (Stream<Path> walk = Files.walk(path(directory))) {
            return walk.filter(file -> file.toString().endsWith(ending) && Files.isRegularFile(file)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(directory + " cannot be listed", e);
        }
    }
}
