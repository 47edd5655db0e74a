package io.carryall.core.migration;

import io.carryall.core.port.MailboxLogin;
import io.carryall.core.port.Secret;
import io.carryall.core.port.ServerAddress;
import java.util.Locale;
import java.util.Objects;

/**
 * One of the two mail servers, and how one logs in there.
 *
 * @param system   the mail system's name, in lower case: it identifies pairs, so that another host of the same system copies nothing again; the host's name where none was given
 * @param insecure the operator said openly that mail and passwords may cross a network in the clear
 */
public record MailServer(String system, ServerAddress address, boolean insecure, Login login) {

    public MailServer {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(login, "login");
        system = (system == null ? address.host() : system).toLowerCase(Locale.ROOT);
    }

    /** How to get into one mailbox here. {@code user}: the name from the list, the address where it gives none. {@code password}: the mailbox's own, or the administrator's. */
    public MailboxLogin loginTo(String mailbox, String user, Secret password) {
        return new MailboxLogin(address, mailbox, user, login.user(), login.separator(), password);
    }

    /**
     * Who logs in.
     *
     * @param as        each mailbox with its own password, or an administrator on behalf of each
     * @param user      the administrator's login name; null for {@link As#USER}
     * @param secret    reference to the administrator's password; null for {@link As#USER}
     * @param separator for servers whose administrator logs in as {@code mailbox + separator + user}; null: SASL PLAIN with authorization identity
     */
    public record Login(As as, String user, String secret, String separator) {

        /** Each mailbox logs in with its own password from the list. */
        public static final Login EACH_USER = new Login(As.USER, null, null, null);

        public Login {
            Objects.requireNonNull(as, "as");
            if (as == As.ADMIN) {
                Objects.requireNonNull(user, "user");
                Objects.requireNonNull(secret, "secret");
            }
        }

        public enum As {
            USER, ADMIN
        }
    }
}
