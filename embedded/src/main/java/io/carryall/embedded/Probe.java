package io.carryall.embedded;

import java.io.IOException;

/** Asks a server a question that it answers only when it does its work. */
@FunctionalInterface
interface Probe {

    int TIMEOUT_MILLIS = 5_000;

    /** @return true when it answered as a working server does; false when it answered otherwise */
    boolean answers() throws IOException;
}
