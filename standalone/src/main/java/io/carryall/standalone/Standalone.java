package io.carryall.standalone;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The services, once they run: tells commands where they are. */
public class Standalone implements QuarkusApplication {
    private static volatile boolean begun;

    @Inject
    HttpServer server;

    @ConfigProperty(name = "carryall.control.token")
    String token;

    static boolean hasBegun() {
        return begun;
    }

    @Override
    public int run(String... args) throws Exception {
        begun = true;
        String url = "http://127.0.0.1:" + server.getPort();
        StateDirectory.current().announce(url, token, EmbeddedLife.startedBy());
        Quarkus.waitForExit();
        return 0;
    }
}
