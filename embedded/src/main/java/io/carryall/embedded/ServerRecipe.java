package io.carryall.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What differs between the servers; {@link ServerProcess} does what is the same. */
interface ServerRecipe {

    /** The part of a data directory that holds what the server itself writes. */
    String DATA = "data";

    /** A main class of the server, and its arguments. */
    record Invocation(String mainClass, List<String> arguments) {}

    String name();

    int portCount();

    /** The {@code java} command to run it with. */
    Path java() throws StartFailedException;

    /** Looks at the data of earlier runs: completes what can be completed, and refuses with one line what can't. */
    void checkKept(DataDirectory data) throws IOException, StartFailedException;

    /** Written at each start, since the ports are others each time. */
    void configure(DataDirectory data, List<Integer> ports) throws IOException;

    /** What has to run once before the first start. */
    Optional<Invocation> preparation(DataDirectory data) throws IOException;

    /** After the preparation has run. */
    void prepared(DataDirectory data) throws IOException;

    Invocation server(DataDirectory data);

    List<String> jvmOptions(DataDirectory data, Path java);

    Probe probe(List<Integer> ports);
}
