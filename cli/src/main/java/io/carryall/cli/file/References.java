package io.carryall.cli.file;

import io.carryall.core.port.Secret;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gives each secret of a migration a name under which services ask for it, so that neither the secret nor where it lies ever travels.
 */
final class References {
    private final SecretReader reader;
    private final MigrationFile.Secrets treatment;
    private final Map<String, Secret> secrets = new LinkedHashMap<>();
    private final Map<String, String> cells = new LinkedHashMap<>();
    private boolean warned;

    References(SecretReader reader, MigrationFile.Secrets treatment) {
        this.reader = reader;
        this.treatment = treatment;
    }

    Map<String, Secret> secrets() {
        return secrets;
    }

    /** A new file may be warned about once more. */
    void nextFile() {
        warned = false;
    }

    /** The reference to use; null where the cell can't be resolved, which has been reported. */
    String add(String name, String cell, int line, String what, Problems problems) {
        return switch (treatment) {
            case RESOLVED -> resolved(name, cell, line, what, problems);
            case PASSED_ON -> passedOn(cell, line, what, problems);
            case LEFT_ALONE -> name;
        };
    }

    private static String passedOn(String cell, int line, String what, Problems problems) {
        if (SecretReader.isReference(cell)) {
            return cell;
        }
        problems.error(line, "the " + what + " is a plain secret", "env:NAME or file:PATH: an installed Carryall takes no secrets from a command, it resolves references itself");
        return null;
    }

    private String resolved(String name, String cell, int line, String what, Problems problems) {
        SecretReader.Resolved resolved = reader.resolve(cell);
        if (resolved.wrong() != null) {
            problems.error(line, "the " + what + " can't be resolved: " + resolved.wrong(), SecretReader.EXPECTED);
            return null;
        }
        if (resolved.plain() && !warned) {
            warned = true;
            problems.warning(line, "secrets stand in this file in the clear (this line and maybe others); env:NAME or file:PATH keep them out of it");
        }
        String free = freeName(name, cell, line);
        secrets.put(free, resolved.secret());
        return free;
    }

    /** One mailbox may stand in several pairs, with the same password or with another. */
    private String freeName(String name, String cell, int line) {
        String known = cells.putIfAbsent(name, cell);
        return known == null || known.equals(cell) ? name : name + "#" + line;
    }
}
