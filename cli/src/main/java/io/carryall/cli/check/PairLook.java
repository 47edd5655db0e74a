package io.carryall.cli.check;

import io.carryall.core.migration.MailboxPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/** What was seen of one pair. Filled by one thread, then only read. */
final class PairLook {
    final MailboxPair pair;
    final List<FolderLook> folders = new ArrayList<>();
    final List<Problem> problems = new ArrayList<>();
    Set<String> sourceCapabilities = Set.of();
    Set<String> targetCapabilities = Set.of();
    long targetFolders;

    PairLook(MailboxPair pair) {
        this.pair = pair;
    }

    boolean isStopped() {
        return problems.stream().anyMatch(Problem::stops);
    }

    long sum(ToLongFunction<FolderLook> figure) {
        return folders.stream().mapToLong(figure).sum();
    }
}
