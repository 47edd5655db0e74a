package io.carryall.cli.check;

import io.carryall.cli.show.Figures;
import io.carryall.core.migration.FolderFilter;
import io.carryall.core.migration.FolderPath;
import io.carryall.core.migration.ItemFilter;
import io.carryall.core.migration.MailServer;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.Secret;
import io.carryall.core.port.SourceSession;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.port.TargetSession;
import io.carryall.core.record.FolderStatus;
import io.carryall.imap.ImapMailSystem;
import io.carryall.imap.ImapProbe;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Looks at one pair: the target first, since its limits decide what is a problem in the source. One connection at a time to either side. */
final class PairCheck {
    private static final int MOST_ATTEMPTS = 3;
    private static final long LONGEST_BACKOFF_MILLIS = 30_000;
    private static final long SHORTEST_BACKOFF_MILLIS = 1_000;

    private final ImapMailSystem mail;
    private final MigrationSpec spec;
    private final Map<String, Secret> secrets;
    private final SideGuard sourceGuard;
    private final SideGuard targetGuard;
    private final PairLook look;
    private final FolderFilter folderFilter;
    private final ItemFilter itemFilter;

    PairCheck(ImapMailSystem mail, MigrationSpec spec, Map<String, Secret> secrets, SideGuard sourceGuard, SideGuard targetGuard, MailboxPair pair) {
        this.mail = mail;
        this.spec = spec;
        this.secrets = secrets;
        this.sourceGuard = sourceGuard;
        this.targetGuard = targetGuard;
        this.look = new PairLook(pair);
        this.folderFilter = spec.filter().onFolders();
        this.itemFilter = spec.filter().onItems();
    }

    PairLook look() throws InterruptedException {
        Optional<ImapProbe> target = open("target", spec.target(), targetGuard, look.pair.target(), look.pair.targetUser(), look.pair.targetSecret());
        try {
            Optional<ImapProbe> source = open("source", spec.source(), sourceGuard, look.pair.source(), look.pair.sourceUser(), look.pair.sourceSecret());
            try {
                both(source, target);
            } finally {
                source.ifPresent(ImapProbe::close);
            }
        } finally {
            target.ifPresent(ImapProbe::close);
        }
        return look;
    }

    private Optional<ImapProbe> open(String side, MailServer server, SideGuard guard, String mailbox, String user, String secret) throws InterruptedException {
        for (int attempt = 1;; attempt++) {
            Optional<Kind> veto = guard.veto();
            if (veto.isPresent()) {
                look.problems.add(Problem.stop(side, veto.get().reason().word(), "not tried: it went the same way for the mailboxes before"));
                return Optional.empty();
            }
            try {
                ImapProbe probe = mail.probe(server.loginTo(mailbox, user, secrets.get(server.login().secret() == null ? secret : server.login().secret())));
                guard.succeeded();
                return Optional.of(probe);
            } catch (MailException e) {
                if (e.kind() != Kind.TRY_LATER || attempt == MOST_ATTEMPTS) {
                    guard.failed(e.kind());
                    failed(side, e);
                    return Optional.empty();
                }
                TimeUnit.MILLISECONDS.sleep(Math.max(SHORTEST_BACKOFF_MILLIS, Math.min(e.backoffMillis(), LONGEST_BACKOFF_MILLIS)));
            }
        }
    }

    private void failed(String side, MailException e) {
        look.problems.add(Problem.stop(side, e.kind().reason().word(), e.getMessage()));
    }

    private void both(Optional<ImapProbe> source, Optional<ImapProbe> target) {
        Optional<TargetSession> targetSession = Optional.empty();
        if (target.isPresent()) {
            try {
                targetSession = Optional.of(target(target.get()));
            } catch (MailException e) {
                failed("target", e);
            }
        }
        if (source.isPresent()) {
            try {
                source(source.get(), targetSession);
            } catch (MailException e) {
                failed("source", e);
            }
        }
        if (target.isPresent() && !look.isStopped()) {
            quota(target.get());
        }
    }

    private TargetSession target(ImapProbe probe) throws MailException {
        look.targetCapabilities = probe.capabilities();
        TargetSession session = probe.asTarget();
        look.targetFolders = session.folders().size();
        if (!session.capabilities().uidPlus()) {
            look.problems.add(Problem.note("target", "no-uidplus", "the target does not tell under which UID it stored a message: after a broken connection what it holds is compared message by message"));
        }
        if (!session.capabilities().multiAppend()) {
            look.problems.add(Problem.note("target", "no-multiappend", "the target takes one message at a time: copying is slower"));
        }
        return session;
    }

    private void source(ImapProbe probe, Optional<TargetSession> target) throws MailException {
        look.sourceCapabilities = probe.capabilities();
        SourceSession session = probe.asSource();
        List<MailFolder> folders = session.folders();
        Map<String, FolderStatus> statuses = session.statuses(folders.stream().filter(MailFolder::selectable).map(MailFolder::rawName).toList());
        long limitBytes = target.map(t -> t.capabilities().appendLimitBytes()).orElse(-1L);
        for (MailFolder folder : folders) {
            if (folder.selectable()) {
                folder(session, folder, statuses.get(folder.rawName()), target, limitBytes);
            }
        }
    }

    private void folder(SourceSession session, MailFolder folder, FolderStatus status, Optional<TargetSession> target, long limitBytes) throws MailException {
        FolderPath path = FolderPath.parse(folder.path());
        boolean leftOut = !folderFilter.lets(path) || isDouble(folder, path);
        if (status == null) {
            // A pass without it has not finished the pair.
            if (!leftOut) {
                look.problems.add(Problem.stop("source", "unreadable", "the folder " + folder.path() + " is listed, and can't be opened: give the login the right to read it, or leave it out with filter.folders.exclude"));
            }
            return;
        }
        if (leftOut) {
            look.folders.add(FolderLook.leftOut(folder.path(), status));
            return;
        }
        FolderLook seen = FolderLook.taken(folder.path());
        session.enumerate(folder.rawName(), status.uidValidity(), 1, item -> seen.saw(item.sizeBytes(), itemFilter.lets(item.sizeBytes(), item.hasDate() ? item.date() : null), limitBytes));
        look.folders.add(seen);
        if (seen.aboveLimit() > 0) {
            look.problems.add(Problem.note("target", "too-large", seen.aboveLimit() + " messages in " + folder.path() + " are larger than the " + Figures.bytes(limitBytes) + " that the target takes (APPENDLIMIT): they will fail"));
        }
        name(folder, path, target);
    }

    private boolean isDouble(MailFolder folder, FolderPath path) {
        boolean shownAgain = "\\All".equals(folder.specialUse()) || "\\Flagged".equals(folder.specialUse());
        if (!shownAgain || folderFilter.names(path)) {
            return false;
        }
        look.problems.add(Problem.note("source", "left-out", folder.path() + " (" + folder.specialUse() + ") shows messages of other folders again: it is left out, unless filter.folders.include names it"));
        return true;
    }

    private void name(MailFolder folder, FolderPath path, Optional<TargetSession> target) {
        if (!ImapProbe.isValidName(folder.rawName())) {
            look.problems.add(Problem.note("source", "invalid-name", "the name of the folder " + folder.path() + " is no valid UTF-7: its bytes are shown escaped, and so it will be named on the target"));
        }
        String warning = target.map(t -> t.plan(spec.folders().target(path).orElse(path).toString()).warning()).orElse(null);
        if (warning != null) {
            look.problems.add(Problem.note("target", "folder-name", folder.path() + ": " + warning));
        }
    }

    private void quota(ImapProbe target) {
        try {
            for (ImapProbe.Quota quota : target.quotas()) {
                boolean storage = quota.resource().equals("STORAGE");
                long needed = storage ? look.sum(FolderLook::copiedBytes) : quota.resource().equals("MESSAGE") ? look.sum(FolderLook::copied) : 0;
                if (needed > quota.limit() - quota.used()) {
                    look.problems.add(Problem.note("target", "quota", "the mailbox has room for " + shown(storage, Math.max(0, quota.limit() - quota.used())) + " more, and " + shown(storage, needed)
                            + " are to come (what was copied before counts twice here)"));
                }
            }
        } catch (MailException e) {
            failed("target", e);
        }
    }

    private static String shown(boolean storage, long amount) {
        return storage ? Figures.bytes(amount) : Figures.count(amount) + " messages";
    }
}
