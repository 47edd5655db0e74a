package io.carryall.cli.file;

import io.carryall.core.port.Secret;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Resolves secrets as they stand in files: {@code env:NAME}, {@code file:PATH} (relative to the migration file), or the secret itself. Each reference is resolved once. Not thread-safe.
 */
final class SecretReader {
    static final String EXPECTED = "env:NAME (a variable that is set), file:PATH (a file that can be read), or the secret itself";

    private static final long LONGEST_BYTES = 64 * 1024;

    private final Path directory;
    private final Map<String, String> environment;
    private final Map<String, Resolved> known = new HashMap<>();

    SecretReader(Path directory, Map<String, String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    /** Either a secret, or what is wrong with its reference. */
    record Resolved(Secret secret, boolean plain, String wrong) {
    }

    static boolean isReference(String cell) {
        return cell.startsWith("env:") || cell.startsWith("file:");
    }

    Resolved resolve(String cell) {
        return isReference(cell) ? known.computeIfAbsent(cell, this::look) : found(cell, true);
    }

    private Resolved look(String reference) {
        return reference.startsWith("env:") ? variable(reference.substring(4)) : file(reference.substring(5));
    }

    private Resolved variable(String name) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? wrong("the environment variable " + name + (value == null ? " is not set" : " is empty")) : found(value, false);
    }

    private Resolved file(String name) {
        Path path = directory.resolve(name);
        try {
            if (Files.size(path) > LONGEST_BYTES) {
                return wrong("the secret file " + path + " is longer than " + LONGEST_BYTES + " bytes");
            }
            String secret = Files.readString(path).replaceFirst("[\\r\\n]+\\z", "");
            return secret.isEmpty() ? wrong("the secret file " + path + " is empty") : found(secret, false);
        } catch (NoSuchFileException e) {
            return wrong("the secret file " + path + " does not exist");
        } catch (CharacterCodingException e) {
            return wrong("the secret file " + path + " is not UTF-8");
        } catch (IOException e) {
            return wrong("the secret file " + path + " can't be read");
        }
    }

    private static Resolved found(String secret, boolean plain) {
        boolean control = secret.chars().anyMatch(c -> c == 0 || c == '\r' || c == '\n');
        return control ? wrong("a secret holds a line end or a NUL") : new Resolved(new Secret(secret), plain, null);
    }

    private static Resolved wrong(String what) {
        return new Resolved(null, false, what);
    }
}
