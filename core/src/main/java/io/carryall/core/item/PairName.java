package io.carryall.core.item;

import java.util.Locale;

/** What makes two mailboxes a pair, whatever migration names them: systems and addresses, without regard to case. */
public record PairName(String sourceSystem, String sourceMailbox, String targetSystem, String targetMailbox) {
    public PairName {
        sourceSystem = sourceSystem.toLowerCase(Locale.ROOT);
        sourceMailbox = sourceMailbox.toLowerCase(Locale.ROOT);
        targetSystem = targetSystem.toLowerCase(Locale.ROOT);
        targetMailbox = targetMailbox.toLowerCase(Locale.ROOT);
    }
}
