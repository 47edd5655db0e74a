package io.carryall.imap;

import io.carryall.core.port.MailException;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.TargetSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** One connection to a mailbox, to see what its server can do and what may stand in the way. Used by one thread. Nothing in the mailbox changes. */
public final class ImapProbe implements AutoCloseable {
    private final ImapConnection connection;

    ImapProbe(ImapConnection connection) {
        this.connection = connection;
    }

    /** In capitals, in order. */
    public Set<String> capabilities() {
        return new TreeSet<>(connection.capabilities().names());
    }

    /** The mailbox as a source, over this connection; not to be closed by itself. */
    public SourceSession asSource() throws MailException {
        return new ImapSource(connection);
    }

    /** The mailbox as a target, over this connection; not to be closed by itself. */
    public TargetSession asTarget() throws MailException {
        return new ImapTarget(connection);
    }

    /** Whether a folder's raw name is what the standard says (RFC 9051, appendix A.1), so that it can be decoded. */
    public static boolean isValidName(String rawName) {
        return ModifiedUtf7.decode(rawName).isPresent();
    }

    /**
     * A limit on what the mailbox may hold (RFC 9208).
     *
     * @param resource {@code STORAGE}: used and limit are bytes here; {@code MESSAGE}: messages
     */
    public record Quota(String resource, long used, long limit) {
    }

    /** The limits that INBOX falls under; none where the server knows none, or does not tell. */
    public List<Quota> quotas() throws MailException {
        List<Quota> quotas = new ArrayList<>();
        if (connection.capabilities().names().stream().anyMatch(name -> name.equals("QUOTA") || name.startsWith("QUOTA="))) {
            connection.command("GETQUOTAROOT", "INBOX", "", (name, number, in) -> {
                if (name.equals("QUOTA")) read(in, quotas);
            });
        }
        return quotas;
    }

    private static void read(WireInput in, List<Quota> quotas) throws IOException {
        in.skipSpaces();
        in.string();
        in.skipSpaces();
        in.expect('(');
        for (in.skipSpaces(); !in.skipIf(')'); in.skipSpaces()) {
            String resource = in.atom().toUpperCase(Locale.ROOT);
            in.skipSpaces();
            long used = in.number();
            in.skipSpaces();
            // storage is told in units of 1,024 octets
            long unit = resource.equals("STORAGE") ? 1024 : 1;
            quotas.add(new Quota(resource, used * unit, in.number() * unit));
        }
    }

    @Override
    public void close() {
        connection.logout();
    }
}
