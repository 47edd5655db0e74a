package io.carryall.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options of every command, accepted before and after its name. */
final class Options {
    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print the result as one JSON object on standard output, and nothing else there.")
    boolean json;

    @Option(names = "--state", paramLabel = "DIR", scope = ScopeType.INHERIT,
            description = "Where the embedded stack keeps its data. Default: .carryall beside the migration file, or in the current folder where no file is named.")
    Path state;

    @Option(names = "--server", paramLabel = "URL", scope = ScopeType.INHERIT, description = "Use an installed Carryall instead of the embedded stack.")
    URI server;

    @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "No progress and no notes, only the result.")
    boolean quiet;

    @Option(names = "--no-color", scope = ScopeType.INHERIT, description = "No colors (also where the variable NO_COLOR is set).")
    boolean noColor;

    /** The directory of the embedded stack, for a command that names a file, or none. */
    Path stateBeside(Path migrationFile) {
        if (state != null) {
            return state.toAbsolutePath().normalize();
        }
        Path directory = Optional.ofNullable(migrationFile).map(file -> file.toAbsolutePath().normalize().getParent()).orElse(Path.of("").toAbsolutePath());
        return directory.resolve(".carryall");
    }
}
