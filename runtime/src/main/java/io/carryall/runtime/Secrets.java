package io.carryall.runtime;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.carryall.core.port.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads the secrets that references name, at the moment of the login:
 * <ul>
 *   <li>{@code env:NAME}: an environment variable of this process;
 *   <li>{@code file:PATH}: a file's text without the line end at its end; a relative path starts at the secrets directory;
 *   <li>{@code run:KEY}: an entry of {@code <secrets directory>/<migration>.json}, an object of reference and secret, which the command writes with mode 0600 for a pass and takes away after it.
 * </ul>
 * Of {@code run:} files the last {@value #FILES_MAX} are held in memory, each no longer than it stands unchanged on disk. Thread-safe.
 */
public final class Secrets {
    private static final int FILES_MAX = 4;
    private static final long SECRET_BYTES_MAX = 64 * 1024;

    private final Path directory;
    private final Function<String, String> environment;
    private final JsonFactory json = new JsonFactory();
    private final Map<Path, RunFile> files = new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, RunFile> eldest) {
            return size() > FILES_MAX;
        }
    };

    private record RunFile(FileTime modified, long size, Map<String, Secret> secrets) {}

    public Secrets(Path directory, Function<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    /** @param migration whose {@code run:} file is looked at */
    public Secret resolve(String migration, String reference) throws SecretUnavailableException {
        if (reference.startsWith("env:")) {
            String value = environment.apply(reference.substring("env:".length()));
            if (value == null) {
                throw new SecretUnavailableException("the secret " + reference + " is not in the environment");
            }
            return new Secret(value);
        }
        if (reference.startsWith("file:")) {
            return fromFile(reference);
        }
        if (reference.startsWith("run:")) {
            return fromRun(migration, reference);
        }
        // Perhaps it is the secret itself.
        throw new SecretUnavailableException("a reference to a secret begins with env:, file: or run:");
    }

    private Secret fromFile(String reference) throws SecretUnavailableException {
        Path file = directory.resolve(reference.substring("file:".length()));
        try {
            if (Files.size(file) > SECRET_BYTES_MAX) {
                throw new SecretUnavailableException("the secret " + reference + " is larger than " + SECRET_BYTES_MAX + " bytes");
            }
            return new Secret(Files.readString(file, StandardCharsets.UTF_8).replaceFirst("\r?\n\\z", ""));
        } catch (IOException e) {
            throw new SecretUnavailableException("the secret " + reference + " cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private Secret fromRun(String migration, String reference) throws SecretUnavailableException {
        Path file = directory.resolve(migration + ".json").normalize();
        if (!directory.normalize().equals(file.getParent())) {
            throw new SecretUnavailableException("the migration's name is no file name");
        }
        try {
            Secret secret = runFile(file).secrets().get(reference);
            if (secret == null) {
                throw new SecretUnavailableException("the secret " + reference + " is not among those of the migration");
            }
            return secret;
        } catch (NoSuchFileException e) {
            throw new SecretUnavailableException("the secrets of the migration are not there: they go away with the pass");
        } catch (IOException e) {
            throw new SecretUnavailableException("the secrets of the migration cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private synchronized RunFile runFile(Path path) throws IOException {
        try {
            FileTime modified = Files.getLastModifiedTime(path);
            long size = Files.size(path);
            RunFile held = files.get(path);
            if (held == null || !held.modified().equals(modified) || held.size() != size) {
                held = new RunFile(modified, size, parse(path));
                files.put(path, held);
            }
            return held;
        } catch (IOException e) {
            files.remove(path);
            throw e;
        }
    }

    /** Token by token: a mapper's messages may quote what they read. */
    private Map<String, Secret> parse(Path path) throws IOException {
        Map<String, Secret> secrets = new HashMap<>();
        try (InputStream in = Files.newInputStream(path); JsonParser parser = json.createParser(in)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String reference = parser.currentName();
                parser.nextToken();
                secrets.put(reference, new Secret(parser.getValueAsString("")));
            }
        }
        return secrets;
    }
}
