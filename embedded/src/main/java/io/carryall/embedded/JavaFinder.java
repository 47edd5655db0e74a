package io.carryall.embedded;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;

/**
 * Finds a Java that Cassandra 5 runs on: 17, or else 11. Newer ones lack what it needs (the Security Manager went with 24, and its own start script refuses all but these two).
 *
 * @param javaHome the value of JAVA_HOME, if any
 * @param running the home of the Java that runs us
 * @param searchPaths directories whose children may be Java homes
 */
record JavaFinder(Optional<Path> javaHome, Path running, List<Path> searchPaths) {

    private static final List<Integer> FIT = List.of(17, 11);

    static JavaFinder ofThisMachine() {
        Path user = Path.of(System.getProperty("user.home", "/"));
        return new JavaFinder(
                Optional.ofNullable(System.getenv("JAVA_HOME")).filter(home -> !home.isBlank()).map(Path::of),
                Path.of(System.getProperty("java.home")),
                List.of(Path.of("/usr/lib/jvm"), Path.of("/usr/java"), Path.of("/opt/java"), Path.of("/opt"), Path.of("/Library/Java/JavaVirtualMachines"),
                        user.resolve(".sdkman/candidates/java"), user.resolve(".jdks")));
    }

    /** @return the {@code java} command of the first home that fits: JAVA_HOME, the one that runs us, then the usual places, 17 before 11 */
    Path forCassandra() throws StartFailedException {
        return candidates().stream()
                .filter(home -> release(home).stream().anyMatch(FIT::contains))
                .findFirst()
                .map(home -> home.resolve("bin/java"))
                .orElseThrow(() -> new StartFailedException("Cassandra needs Java 17 (or 11) and none was found in JAVA_HOME, in the Java that runs Carryall ("
                        + System.getProperty("java.version") + ") or in " + searchPaths + ": install one (Debian: apt-get install openjdk-17-jre-headless), or set JAVA_HOME to it"));
    }

    private List<Path> candidates() {
        List<Path> all = new ArrayList<>();
        javaHome.ifPresent(all::add);
        all.add(running);
        List<Path> installed = searchPaths.stream().flatMap(path -> children(path).stream()).toList();
        for (int wanted : FIT) {
            installed.stream().filter(home -> release(home).equals(OptionalInt.of(wanted))).forEach(all::add);
        }
        return all;
    }

    private static List<Path> children(Path dir) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(dir)) {
            for (Path child : stream) {
                found.add(child);
                found.add(child.resolve("Contents/Home"));
            }
        } catch (IOException e) {
            return List.of();
        }
        found.sort(null);
        return found;
    }

    /** The feature release that a home's {@code release} file names; empty when this is no Java home with a {@code java} command that we may run. */
    static OptionalInt release(Path home) {
        if (!Files.isExecutable(home.resolve("bin/java"))) {
            return OptionalInt.empty();
        }
        Properties properties = new Properties();
        try (var in = Files.newInputStream(home.resolve("release"))) {
            properties.load(in);
            return OptionalInt.of(Runtime.Version.parse(properties.getProperty("JAVA_VERSION", "").replace("\"", "")).feature());
        } catch (IOException | IllegalArgumentException e) {
            return OptionalInt.empty();
        }
    }
}
