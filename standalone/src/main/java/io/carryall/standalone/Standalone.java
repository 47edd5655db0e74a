package io.carryall.standalone;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.vertx.http.HttpServer;
import jakarta.inject.Inject;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** The services, once they run: tells commands where they are. */
public class Standalone implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(Standalone.class);

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
        LOG.info("One Cassandra node and one broker on one disk: what was acknowledged outlives killed processes, and in Cassandra power cuts too; a lost disk takes all. docs/operations.md says what production asks for.");
        String url = "http://127.0.0.1:" + server.getPort();
        StateDirectory.current().announce(url, token, EmbeddedLife.startedBy());
        Quarkus.waitForExit();
        return 0;
    }
}
