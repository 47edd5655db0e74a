package io.carryall.testkit.dovecot;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one Dovecot server is like. Made by {@link Dovecot.Builder}.
 *
 * @param quotaBytes storage quota of every user that has none of its own
 * @param maxMessageBytes a message above this is refused with NO when it is appended
 * @param specialUse folder name to RFC 6154 attribute; these folders exist and are subscribed in every mailbox
 * @param certificateNames host names and addresses for the server's certificate; empty means no TLS
 * @param settings lines added to the configuration as they are
 */
record DovecotOptions(
        MailFormat format, String separator, String prefix, Optional<String> capability, OptionalLong quotaBytes, OptionalLong maxMessageBytes,
        int connectionsPerUserMax, boolean fsync, Map<String, String> specialUse, List<String> certificateNames, List<String> settings) {

    boolean tls() {
        return !certificateNames.isEmpty();
    }
}
