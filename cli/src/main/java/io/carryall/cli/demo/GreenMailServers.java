package io.carryall.cli.demo;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.carryall.testkit.mail.PlainImap;
import java.util.List;

/** Two servers within this JVM, their mail in memory. */
final class GreenMailServers implements DemoServers {
    private static final String HOST = "127.0.0.1";
    private static final long START_MILLIS_MAX = 60_000;

    private final GreenMail source;
    private final GreenMail target;

    GreenMailServers(List<String> users) {
        source = start(users);
        target = start(users);
    }

    private static GreenMail start(List<String> users) {
        ServerSetup setup = new ServerSetup(0, HOST, ServerSetup.PROTOCOL_IMAP);
        // two seconds by default: too few where the machine is busy
        setup.setServerStartupTimeout(START_MILLIS_MAX);
        GreenMail server = new GreenMail(setup);
        server.start();
        users.forEach(user -> server.setUser(user, user, PASSWORD));
        return server;
    }

    @Override
    public String product() {
        return "GreenMail (Dovecot is not installed, or may be started by root alone)";
    }

    @Override
    public String sourceUrl() {
        return url(source);
    }

    @Override
    public String targetUrl() {
        return url(target);
    }

    private static String url(GreenMail server) {
        return "imap://" + HOST + ":" + server.getImap().getPort() + "?tls=none";
    }

    @Override
    public PlainImap logInAtSource(String user) {
        return PlainImap.login(HOST, source.getImap().getPort(), user, PASSWORD);
    }

    @Override
    public void close() {
        source.stop();
        target.stop();
    }
}
