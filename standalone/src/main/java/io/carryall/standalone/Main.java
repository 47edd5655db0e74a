package io.carryall.standalone;

import io.carryall.embedded.StartFailedException;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.nio.file.Path;

/**
 * Told by system properties: {@code carryall.state} (where the data is), {@code carryall.home} (where the servers' jars are) and {@code carryall.started-by} ({@code up}: stays when nobody uses it).
 */
@QuarkusMain
public final class Main {
    public static void main(String... args) {
        String dir = System.getProperty("carryall.state");
        if (dir == null) {
            System.err.println("-Dcarryall.state=DIR is missing: where the embedded stack keeps its data");
            System.exit(1);
        }
        System.exit(run(Path.of(dir).toAbsolutePath(), args));
    }

    private static int run(Path dir, String... args) {
        try (StateDirectory state = StateDirectory.claim(dir)) {
            return new Stack(state).run(args);
        } catch (StartFailedException e) {
            System.err.println(e.getMessage());
            return 1;
        }
    }
}
