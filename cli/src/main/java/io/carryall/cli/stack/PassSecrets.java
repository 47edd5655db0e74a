package io.carryall.cli.stack;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.core.port.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The right to run a migration in a state directory, and the file through which its services get the secrets: there from before the pass begins until this command lets go of it, for no other user's eyes.
 */
public final class PassSecrets implements AutoCloseable {
    private final Path file;
    private final FileMutex mutex;
    private boolean keep;

    private PassSecrets(Path file, FileMutex mutex) {
        this.file = file;
        this.mutex = mutex;
    }

    /** Empty where another command runs this migration: see {@link #holder}. */
    public static Optional<PassSecrets> tryTake(StateDirectory state, String migration) throws StackFailure {
        state.prepare();
        try {
            return FileMutex.tryLock(lock(state, migration)).map(mutex -> new PassSecrets(state.secrets().resolve(migration + ".json"), mutex));
        } catch (IOException e) {
            throw new StackFailure("the state directory " + state.path() + " can't be used (" + e.getMessage() + "): name another one with --state DIR");
        }
    }

    /** Which pass the other command runs. */
    public static String holder(StateDirectory state, String migration) {
        return FileMutex.holder(lock(state, migration));
    }

    private static Path lock(StateDirectory state, String migration) {
        return state.secrets().resolve(migration + ".lock");
    }

    public void write(Map<String, Secret> secrets) throws StackFailure {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        secrets.forEach((reference, secret) -> json.put(reference, secret.reveal()));
        try {
            StateDirectory.writePrivate(file, json.toString());
        } catch (IOException e) {
            throw new StackFailure("the secrets can't be written below " + file.getParent() + " (" + e.getMessage() + "): name another directory with --state DIR");
        }
    }

    /** Tells others who find the migration running which pass it is. */
    public void say(String pass) {
        try {
            mutex.say(pass);
        } catch (IOException e) {
            // they hear less, and still wait
        }
    }

    /** A pass that is not ours is using the file. */
    public void leaveFile() {
        keep = true;
    }

    @Override
    public void close() {
        try {
            if (!keep) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // the next start of the stack deletes it
        } finally {
            mutex.close();
        }
    }
}
