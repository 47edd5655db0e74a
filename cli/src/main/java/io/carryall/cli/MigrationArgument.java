package io.carryall.cli;

import io.carryall.cli.file.FileError;
import io.carryall.cli.file.MigrationFile;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The file that a command is about, and the part of its list. */
final class MigrationArgument {
    @Parameters(paramLabel = "MIGRATION.yaml", description = "The migration file.")
    Path file;

    @Option(names = "--mailbox", paramLabel = "SOURCE", description = "Only this source mailbox of the list. May be repeated.")
    List<String> mailboxes = new ArrayList<>();

    /** The whole migration, or every error: a name that is not in the list is one of them. */
    MigrationFile.Read read(Surroundings surroundings, MigrationFile.Secrets secrets) {
        MigrationFile.Read read = MigrationFile.read(file, surroundings.environment(), secrets);
        if (read.spec() == null) {
            return read;
        }
        Set<String> listed = read.spec().mailboxes().stream().map(pair -> fold(pair.source())).collect(Collectors.toSet());
        List<FileError> unknown = mailboxes.stream().filter(name -> !listed.contains(fold(name)))
                .map(name -> FileError.of("--mailbox " + name + " is not in the mailbox list", "a source mailbox of the list")).toList();
        return unknown.isEmpty() ? read : new MigrationFile.Read(null, read.secrets(), unknown, read.warnings());
    }

    /** The migration over the mailboxes that were named, or over all. */
    MigrationSpec part(MigrationSpec whole) {
        if (mailboxes.isEmpty()) {
            return whole;
        }
        Set<String> wanted = mailboxes.stream().map(MigrationArgument::fold).collect(Collectors.toSet());
        List<MailboxPair> part = whole.mailboxes().stream().filter(pair -> wanted.contains(fold(pair.source()))).toList();
        return whole.withMailboxes(part);
    }

    private static String fold(String mailbox) {
        return mailbox.strip().toLowerCase(Locale.ROOT);
    }
}
