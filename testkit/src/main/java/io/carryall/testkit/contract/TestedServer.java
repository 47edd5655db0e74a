package io.carryall.testkit.contract;

import io.carryall.core.port.MailSystem;
import io.carryall.core.port.MailboxLogin;

/** A mail server that {@link SourceContract} and {@link TargetContract} are asked of, and both ways into it. */
public interface TestedServer {
    /** What is tested. */
    MailSystem mail();

    /** The login of a user of the server, whose mailbox need not have been seen before. */
    MailboxLogin login(String user);

    /** The other way into that user's mailbox. */
    Mailbox mailbox(String user);
}
