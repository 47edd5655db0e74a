package io.carryall.scanner;

import io.carryall.core.item.Reason;
import io.carryall.core.port.MailException;

/** This attempt came to nothing. */
final class CannotScanException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final long retryMillis;
    private final long failingMillis;

    /** @param failingMillis for how long nobody has reached the host */
    CannotScanException(Reason reason, String detail, long retryMillis, long failingMillis) {
        super(detail);
        this.reason = reason;
        this.retryMillis = retryMillis;
        this.failingMillis = failingMillis;
    }

    static CannotScanException of(String where, MailException failure) {
        return new CannotScanException(failure.kind().reason(), where + ": " + failure.getMessage(), failure.backoffMillis(), 0);
    }

    Reason reason() {
        return reason;
    }

    long retryMillis() {
        return retryMillis;
    }

    long failingMillis() {
        return failingMillis;
    }

    /** Trying again could lock the account, or is no use. */
    boolean isFinal() {
        return reason == Reason.LOGIN_REFUSED || reason == Reason.REFUSED || reason == Reason.COPIED_BEFORE;
    }
}
