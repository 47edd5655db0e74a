package io.carryall.cli.demo;

import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.PlainImap;
import java.util.List;

/** Two mail servers on loopback, for as long as the demo runs. */
public interface DemoServers extends AutoCloseable {
    String PASSWORD = "secret";

    /** Dovecot where it is installed and may be started, else a server within this JVM. */
    static DemoServers start(List<String> users) {
        return Dovecot.isAvailable() ? new DovecotServers() : new GreenMailServers(users);
    }

    /** Which server it is, for people. */
    String product();

    String sourceUrl();

    String targetUrl();

    PlainImap logInAtSource(String user);

    @Override
    void close();
}
