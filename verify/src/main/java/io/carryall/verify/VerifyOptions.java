package io.carryall.verify;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * @param bodies    whether contents are compared, too
 * @param mailboxes source mailboxes, without regard to case, that are to be verified; empty: all
 */
public record VerifyOptions(boolean bodies, Set<String> mailboxes) {
    public VerifyOptions {
        mailboxes = mailboxes.stream().map(mailbox -> mailbox.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    boolean asksFor(String source) {
        return mailboxes.isEmpty() || mailboxes.contains(source.toLowerCase(Locale.ROOT));
    }
}
