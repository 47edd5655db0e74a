package io.carryall.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A process that stands where the stack would: it listens, writes {@code stack.json}, counts its users, and ends with the last. */
final class FakeStandalone {

    private FakeStandalone() {
    }

    /** Makes an installation whose stack this is. */
    static Path install(Path home) throws IOException {
        Path jar = home.resolve("standalone/target/quarkus-app/quarkus-run.jar");
        Files.createDirectories(jar.getParent());
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, FakeStandalone.class.getName());
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, Stream.of(System.getProperty("java.class.path").split(System.getProperty("path.separator")))
                .map(entry -> Path.of(entry).toUri().toString()).collect(Collectors.joining(" ")));
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return home;
    }

    public static void main(String[] args) throws Exception {
        Path state = Path.of(System.getProperty("carryall.state"));
        Path log = state.resolve("logs/startup.log");
        Files.writeString(log, "starting Kafka ...\n");
        if (Files.exists(state.resolve("broken"))) {
            Files.writeString(log, "starting Kafka ...\nport 9092 is taken: end what listens there\n");
            System.exit(1);
        }
        CountDownLatch end = new CountDownLatch(1);
        try (FakeControl control = new FakeControl("secret-token")) {
            control.startedByUp = System.getProperty("carryall.started-by").equals("up");
            control.looksUntilEnd = Files.exists(state.resolve("endless")) ? Integer.MAX_VALUE : 3;
            control.orphan = Files.exists(state.resolve("orphan"));
            control.onPass = () -> copySecrets(state);
            Path file = state.resolve("stack.json");
            Path draft = state.resolve("stack.json.draft");
            Files.writeString(draft, FakeControl.JSON.createObjectNode().put("pid", ProcessHandle.current().pid()).put("url", control.url().toString()).put("token", "secret-token")
                    .put("startedBy", System.getProperty("carryall.started-by")).toString());
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            control.onLeft = () -> withdraw(file, end);
            end.await();
        }
    }

    /** Before the last user hears of it, as the stack does. */
    private static void withdraw(Path file, CountDownLatch end) {
        try {
            Files.deleteIfExists(file);
            end.countDown();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void copySecrets(Path state) {
        try {
            Path file = state.resolve("secrets/acme-wave-1.json");
            if (!Files.exists(file)) {
                return;
            }
            Files.writeString(state.resolve("seen-secrets"), Files.getPosixFilePermissions(file) + " " + Files.readString(file));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
