package io.carryall.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** What the command says to the shell that called it. */
public final class ExitStatus {
    /** All done. */
    public static final int DONE = 0;
    /** The command, the file or the list is wrong; nothing was started. */
    public static final int WRONG = 1;
    /** The pass finished, and items failed; or: the two sides differ. */
    public static final int ITEMS_FAILED = 2;
    /** The pass could not finish: a server out of reach, logins refused, a pair stopped. It wins over failed items. */
    public static final int UNFINISHED = 3;
    public static final int INTERRUPTED = 130;

    private ExitStatus() {
    }

    /** Decided by the result of a pass. A message that vanished between scan and copy alone is no failure: the people of the mailbox removed it. */
    public static int of(JsonNode result) {
        if (result.path("state").asText().equals("interrupted")) {
            return INTERRUPTED;
        }
        if (!result.path("state").asText().equals("finished")) {
            return UNFINISHED;
        }
        boolean itemsFailed = false;
        for (JsonNode pair : result.path("pairs")) {
            if (!pair.path("state").asText().equals("finished")) {
                return UNFINISHED;
            }
            itemsFailed |= failedForGood(pair);
        }
        return itemsFailed ? ITEMS_FAILED : DONE;
    }

    private static boolean failedForGood(JsonNode pair) {
        long vanished = 0;
        for (JsonNode failure : pair.path("failures")) {
            vanished += failure.path("reason").asText().equals("vanished") ? 1 : 0;
        }
        return pair.path("failed").asLong() > vanished;
    }
}
