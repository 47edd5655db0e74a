package io.carryall.cli.check;

import io.carryall.core.migration.MailServer;
import io.carryall.core.migration.MailServer.Login.As;
import io.carryall.core.port.MailException;
import java.util.Optional;

/** Decides for one server whether it makes sense to try another login there. Thread-safe. */
final class SideGuard {
    private static final int MOST_REFUSALS = 3;
    private static final int MOST_SILENCES = 3;

    private final MailServer server;
    private boolean anySuccess;
    private int refusals;
    private int silences;

    SideGuard(MailServer server) {
        this.server = server;
    }

    /** Why not to try; empty: try. */
    synchronized Optional<MailException.Kind> veto() {
        if (anySuccess) {
            return Optional.empty();
        }
        if (silences >= MOST_SILENCES) {
            return Optional.of(MailException.Kind.UNREACHABLE);
        }
        return server.login().as() == As.ADMIN && refusals >= MOST_REFUSALS ? Optional.of(MailException.Kind.LOGIN_REFUSED) : Optional.empty();
    }

    synchronized void succeeded() {
        anySuccess = true;
    }

    synchronized void failed(MailException.Kind kind) {
        switch (kind) {
            case LOGIN_REFUSED -> refusals++;
            case UNREACHABLE, TIMEOUT -> silences++;
            default -> { }
        }
    }
}
