package io.carryall.standalone;

import io.carryall.embedded.EmbeddedStack;
import io.carryall.embedded.StartFailedException;
import io.quarkus.runtime.Quarkus;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Starts the servers, then the services, and stops them in the other order, however the end comes. Used once. */
final class Stack {
    private static final long STOP_MILLIS_MAX = 40_000;
    private static final int TOKEN_BYTES = 24;

    private final StateDirectory state;
    private final Thread starter = Thread.currentThread();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean stopping;
    private int exitCode;

    Stack(StateDirectory state) {
        this.state = state;
    }

    /** Returns when everything has stopped, with the exit status. */
    int run(String... args) {
        Thread hook = new Thread(this::stopOnSignal, "carryall-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try (EmbeddedStack stack = startServers()) {
            configure(stack);
            state.say("starting the services ...");
            Quarkus.run(Standalone.class, this::exited, args);
            return exitCode;
        } catch (StartFailedException e) {
            state.say(e.getMessage());
            System.err.println(e.getMessage());
            return 1;
        } catch (InterruptedException e) {
            return 1;
        } finally {
            state.withdraw();
            state.deleteSecrets();
            stopped.countDown();
        }
    }

    private EmbeddedStack startServers() throws StartFailedException, InterruptedException {
        EmbeddedStack stack = EmbeddedStack.start(state.path(), Path.of(System.getProperty("carryall.home", ".")).toAbsolutePath(), state::say);
        if (stopping) {
            stack.close();
            throw new InterruptedException("stopped while starting");
        }
        return stack;
    }

    /** System properties win over every default of the services; nothing of this can be seen in the list of processes. */
    private void configure(EmbeddedStack stack) {
        System.setProperty("carryall.kafka.bootstrap-servers", stack.kafka().bootstrapServers());
        System.setProperty("carryall.cassandra.contact-points", stack.cassandra().contactPoint());
        System.setProperty("carryall.cassandra.local-datacenter", stack.cassandra().localDatacenter());
        System.setProperty("carryall.mail.secrets-dir", state.secrets().toString());
        System.setProperty("carryall.copier.spill-directory", state.spill().toString());
        System.setProperty("carryall.control.token", token());
        System.setProperty("quarkus.log.file.path", state.logs().resolve("services.log").toString());
    }

    private static String token() {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private void exited(int code, Throwable failure) {
        exitCode = code;
        if (failure != null && !stopping) {
            Throwable root = failure;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            state.say("the services did not start: " + root.getMessage() + " (more in " + state.logs() + ")");
            exitCode = 1;
        }
    }

    /** Quarkus stops the services by a hook of its own, beside this one; the servers follow when {@link #run} gets to its end. */
    private void stopOnSignal() {
        stopping = true;
        if (stopped.getCount() == 0) {
            return;
        }
        state.withdraw();
        if (!Standalone.hasBegun()) {
            starter.interrupt();
        }
        try {
            stopped.await(STOP_MILLIS_MAX, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
