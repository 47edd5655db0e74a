package io.carryall.acceptance;

import io.carryall.cli.stack.Stack;
import io.carryall.cli.stack.StateDirectory;
import io.carryall.testkit.dovecot.Dovecot;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the tests of this JVM share: an embedded stack with all services in one process, and two mail servers. Made when it is first asked for. The stack is held as a command holds it, by heartbeats: it ends with this
 * JVM, however that ends.
 */
final class Installation {
    private static final Installation SHARED = new Installation();

    private final Path state = Checkout.temporary("acceptance");
    private final Stack stack = start(state);
    private final Dovecot source = Dovecot.builder().setting("mail_max_keyword_length = 200").setting("auth_verbose = yes").start();
    private final Dovecot target = Dovecot.started();

    private Installation() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "acceptance-close"));
    }

    static Installation shared() {
        return SHARED;
    }

    private static Stack start(Path state) {
        Checkout.application("standalone");
        try {
            return Stack.embedded(new StateDirectory(state), Checkout.home(), "run", line -> { }, () -> false);
        } catch (Exception e) {
            throw new IllegalStateException("no stack to test on: " + e.getMessage(), e);
        }
    }

    /** The state directory: every command of a test attaches to its stack. */
    Path state() {
        return state;
    }

    /** Of the process with all services. */
    long pid() {
        return stack.pid();
    }

    /** Holds keywords of up to 200 characters, where the target refuses those above 50; logs every refused login. */
    Dovecot source() {
        return source;
    }

    Dovecot target() {
        return target;
    }

    private void close() {
        stack.close();
        // Surefire gives a JVM thirty seconds to exit in.
        Deadline.await(Duration.ofSeconds(25), "the stack ends with its last user", stack::gone);
        Checkout.delete(state);
    }
}
