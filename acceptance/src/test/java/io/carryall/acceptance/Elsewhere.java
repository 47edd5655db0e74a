package io.carryall.acceptance;

import io.carryall.cli.stack.Stack;
import io.carryall.cli.stack.StateDirectory;
import java.nio.file.Path;

/** Another installation than the shared one, which knows nothing of what was migrated with that. */
record Elsewhere(Path state, Stack stack) implements AutoCloseable {

    static Elsewhere start(String name) throws Exception {
        Checkout.application("standalone");
        Path state = Checkout.temporary(name);
        return new Elsewhere(state, Stack.embedded(new StateDirectory(state), Checkout.home(), "run", line -> { }, () -> false));
    }

    @Override
    public void close() {
        stack.close();
        Deadline.await(Deadline.LONG, "the stack ends with its last user", stack::gone);
        Checkout.delete(state);
    }
}
