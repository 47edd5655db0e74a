package io.carryall.chaos;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the built applications are: the root of the checkout. */
final class Home {
    private Home() {
    }

    static Path path() {
        return Path.of(System.getProperty("carryall.home", ".")).toAbsolutePath().normalize();
    }

    static Path application(String module) {
        Path jar = path().resolve(module + "/target/quarkus-app/quarkus-run.jar");
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException(jar + " is missing: package everything first (./dev build)");
        }
        return jar;
    }
}
