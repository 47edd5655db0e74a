package io.carryall.core.copy;

import io.carryall.core.item.Reason;
import io.carryall.core.port.TargetSession.Refused;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a tagged NO or BAD to an append means. Response codes are RFC 9051, 7.1, and RFC 7889; where a server has none its words decide. */
final class Refusal {
    private static final Set<String> PATIENCE = Set.of("UNAVAILABLE", "INUSE", "LIMIT");
    private static final Set<String> NO_FOLDER = Set.of("TRYCREATE", "NONEXISTENT");
    private static final Pattern TOO_LARGE = Pattern.compile("too (large|big)|(maximum|max).{0,20}size|size.{0,20}(exceed|limit)|exceed.{0,20}size");
    private static final Pattern THROTTLED = Pattern.compile("throttl|try again|temporar");

    sealed interface Move {}

    /** The one to blame is found by halving. */
    record Split() implements Move {}

    record Fail(Reason reason) implements Move {}

    /** Nothing will go into this mailbox for now. */
    record Park(Reason reason) implements Move {}

    record TryLater(long backoffMillis) implements Move {}

    record MakeFolder() implements Move {}

    private Refusal() {}

    /** @param attempt how often in a row this folder has been refused, from 1 */
    static Move decide(Refused refused, int messages, int attempt, int attemptsMax) {
        String words = refused.text().toLowerCase(Locale.ROOT);
        boolean single = messages == 1;
        if (NO_FOLDER.contains(refused.code())) {
            return attempt < attemptsMax ? new MakeFolder() : new Park(Reason.REFUSED);
        }
        if (refused.code().equals("OVERQUOTA") || words.contains("quota")) {
            return single ? new Park(Reason.QUOTA) : new Split();
        }
        // Before the codes that ask for patience: Dovecot says LIMIT of a message above its limit, which no time will change.
        if (refused.code().equals("TOOBIG") || TOO_LARGE.matcher(words).find()) {
            return single ? new Fail(Reason.TOO_LARGE) : new Split();
        }
        if (PATIENCE.contains(refused.code()) || refused.backoffMillis() > 0 || THROTTLED.matcher(words).find()) {
            return attempt < attemptsMax ? new TryLater(refused.backoffMillis()) : new Park(Reason.UNREACHABLE);
        }
        if (!single) {
            return new Split();
        }
        boolean serverStumbled = refused.code().equals("SERVERBUG") && attempt < attemptsMax;
        return serverStumbled ? new TryLater(0) : new Fail(Reason.REFUSED);
    }
}
