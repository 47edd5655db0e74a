package io.carryall.verify;

import io.carryall.core.migration.MailboxPair;
import io.carryall.core.port.MailException;
import java.util.ArrayList;
import java.util.List;

/** What was found of one pair so far. Used by one thread. */
final class PairFindings {
    final MailboxPair pair;
    final List<VerifyResult.Item> missing = new ArrayList<>();
    final List<VerifyResult.Item> doubled = new ArrayList<>();
    final List<VerifyResult.Item> different = new ArrayList<>();
    final List<VerifyResult.Item> extra = new ArrayList<>();
    final List<VerifyResult.Folder> folders = new ArrayList<>();
    final List<String> excludedFolders = new ArrayList<>();
    private VerifyResult.Failure failure;

    PairFindings(MailboxPair pair) {
        this.pair = pair;
    }

    VerifyResult.Item item(String folder, Long uid, String messageId, String what, String detail) {
        return new VerifyResult.Item(pair.source(), pair.target(), folder, uid, messageId, what, detail);
    }

    void fail(MailException e) {
        failure = new VerifyResult.Failure(e.kind().reason().word(), e.getMessage());
    }

    VerifyResult.Pair toPair() {
        boolean matches = failure == null && missing.isEmpty() && doubled.isEmpty() && different.isEmpty();
        return new VerifyResult.Pair(pair.source(), pair.target(), matches, List.copyOf(folders), List.copyOf(excludedFolders), failure);
    }
}
