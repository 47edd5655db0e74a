package io.carryall.verify;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Says the two sides of a difference to people. */
final class Difference {
    private static final Map<String, String> USUAL = Map.of("\\seen", "\\Seen", "\\answered", "\\Answered", "\\flagged", "\\Flagged", "\\deleted", "\\Deleted", "\\draft", "\\Draft");

    private Difference() {
    }

    static String told(FolderComparison.Aspect aspect, Entries source, int s, Entries target, int t, FlagSets flagSets) {
        return switch (aspect) {
            case BYTES -> bytes(source.sizeBytes(s), target.sizeBytes(t), target.uid(t));
            case FLAGS -> "source " + flags(flagSets.flags(source.flagSet(s))) + ", target " + flags(flagSets.flags(target.flagSet(t)));
            case DATE -> "source " + Instant.ofEpochSecond(source.date(s)) + ", target " + Instant.ofEpochSecond(target.date(t));
        };
    }

    private static String bytes(long source, long target, long targetUid) {
        return (source == target ? "other content in as many bytes" : "source " + source + " bytes, target " + target) + " (UID " + targetUid + " there)";
    }

    private static String flags(Set<String> flags) {
        return flags.stream().map(flag -> USUAL.getOrDefault(flag, flag)).collect(Collectors.joining(" ", "(", ")"));
    }
}
