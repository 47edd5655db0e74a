package io.carryall.core.port;

import io.carryall.core.item.Reason;

/** A mailbox or its server could not be reached or used. The session is of no further use. The message is cleaned text that may be shown; it holds no secret. */
public final class MailException extends Exception {
    private static final long serialVersionUID = 1L;

    public enum Kind {
        /** The server refused the login. Trying again may lock the account. */
        LOGIN_REFUSED(Reason.LOGIN_REFUSED),
        /** No connection, no trust in its certificate, or it was cut. */
        UNREACHABLE(Reason.UNREACHABLE),
        TIMEOUT(Reason.TIMEOUT),
        /** The server asks for patience: see {@link #backoffMillis()}. */
        TRY_LATER(Reason.UNREACHABLE),
        /** The folder is not there, or its UIDVALIDITY is another one. */
        FOLDER_CHANGED(Reason.VANISHED),
        /** The server refused the command or said what cannot be understood. */
        REFUSED(Reason.REFUSED);

        private final Reason reason;

        Kind(Reason reason) {
            this.reason = reason;
        }

        public Reason reason() {
            return reason;
        }
    }

    private final Kind kind;
    private final long backoffMillis;

    public MailException(Kind kind, String message) {
        this(kind, message, 0, null);
    }

    public MailException(Kind kind, String message, long backoffMillis, Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.backoffMillis = backoffMillis;
    }

    public Kind kind() {
        return kind;
    }

    /** What the server asked us to wait, 0 where it said nothing. */
    public long backoffMillis() {
        return backoffMillis;
    }
}
