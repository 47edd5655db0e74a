package io.carryall.embedded;

import java.nio.file.Path;

/** A process that starts both servers, names them and waits: for tests that end it. */
public final class ParentMain {

    private ParentMain() {}

    public static void main(String[] args) throws Exception {
        EmbeddedStack stack = EmbeddedStack.start(Path.of(args[0]), Path.of(args[1]), line -> {});
        System.out.println(stack.kafka().pid() + " " + stack.cassandra().pid());
        System.in.read();
        stack.close();
    }
}
