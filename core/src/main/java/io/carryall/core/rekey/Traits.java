package io.carryall.core.rekey;

import io.carryall.core.item.Fingerprinter;
import io.carryall.core.item.SourceItem;

/**
 * What a message shows of itself without being read whole.
 *
 * @param headers digest, see {@link io.carryall.core.item.Fingerprint#headers()}
 * @param origin  see {@link Fingerprinter#originOf}
 * @param named   whether it bears a Message-ID
 */
public record Traits(SourceItem item, String headers, String origin, boolean named) {

    /** @param lines of its identifying header fields */
    public static Traits of(SourceItem item, byte[] lines) {
        Fingerprinter.Result all = Fingerprinter.ofHeaderLines(lines, item.dateEpochSecond());
        return new Traits(item, all.fingerprint().headers(), Fingerprinter.originOf(lines), all.messageId() != null && !all.messageId().isEmpty());
    }

    /** Size and date; 0 where the server could not tell them. */
    long measures() {
        return item.hasDate() ? Hashes.of(item.sizeBytes(), item.dateEpochSecond()) : 0;
    }

    long exact() {
        return Hashes.of(measures(), headers);
    }

    long originHash() {
        return Hashes.of(3, origin);
    }
}
