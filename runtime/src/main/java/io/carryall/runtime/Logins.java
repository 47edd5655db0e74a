package io.carryall.runtime;

import io.carryall.core.migration.MailServer;
import io.carryall.core.port.MailboxLogin;
import io.carryall.core.port.Passes.PassPair;

/** How to get into the mailboxes of a pair. Thread-safe. */
public final class Logins {
    private final Secrets secrets;

    public Logins(Secrets secrets) {
        this.secrets = secrets;
    }

    /** With the secret in it: to be used at once and not kept. */
    public MailboxLogin login(PassContext pass, PassPair pair, Side side) throws SecretUnavailableException {
        MailServer server = side.server(pass.spec());
        boolean source = side == Side.SOURCE;
        String mailbox = source ? pair.source() : pair.target();
        String user = source ? pair.sourceUser() : pair.targetUser();
        String own = source ? pair.sourceSecret() : pair.targetSecret();
        String reference = server.login().as() == MailServer.Login.As.ADMIN ? server.login().secret() : own;
        if (reference == null) {
            throw new SecretUnavailableException("the list has no password for " + mailbox);
        }
        return server.loginTo(mailbox, user == null ? mailbox : user, secrets.resolve(pass.id().migration(), reference));
    }
}
