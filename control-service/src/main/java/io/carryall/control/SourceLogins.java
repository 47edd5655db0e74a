package io.carryall.control;

import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.MailException;
import io.carryall.core.port.SourceSession;

/** How a dry run gets into a source mailbox: secrets are resolved at the last moment, by who wires this. */
@FunctionalInterface
public interface SourceLogins {
    SourceSession open(MigrationSpec spec, MailboxPair pair) throws MailException;
}
