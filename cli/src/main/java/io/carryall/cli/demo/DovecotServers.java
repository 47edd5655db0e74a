package io.carryall.cli.demo;

import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.PlainImap;
import java.util.Map;

/** Two Dovecots of their own, which differ as servers do: delimiter, prefix, names of special folders. */
final class DovecotServers implements DemoServers {
    private final Dovecot source = Dovecot.builder().start();
    private final Dovecot target = Dovecot.builder().separator(".").prefix("INBOX.").specialUse(Map.of("Sent Messages", "\\Sent", "Drafts", "\\Drafts", "Trash", "\\Trash", "Junk", "\\Junk")).start();

    @Override
    public String product() {
        return "Dovecot";
    }

    @Override
    public String sourceUrl() {
        return source.url();
    }

    @Override
    public String targetUrl() {
        return target.url();
    }

    @Override
    public PlainImap logInAtSource(String user) {
        return PlainImap.login(source, user);
    }

    @Override
    public void close() {
        source.close();
        target.close();
    }
}
