package io.carryall.imap;

import io.carryall.core.flags.FlagSet;
import io.carryall.core.flags.FlagTurn.Flagged;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.TargetSession.FlagEdit;
import io.carryall.core.port.TargetSession.FlagFolder;
import io.carryall.imap.FolderCommands.Opened;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** A selected target folder. Messages that change in the same way change by one command. */
final class ImapFlagFolder implements FlagFolder {
    private static final String ALL = "FLAGS.SILENT";

    private final ImapConnection connection;
    private final Opened opened;
    private final Leaving leaving;
    private final boolean condStore;

    interface Leaving {
        void leave() throws MailException;
    }

    ImapFlagFolder(ImapConnection connection, Opened opened, Leaving leaving) {
        this.connection = connection;
        this.opened = opened;
        this.leaving = leaving;
        this.condStore = connection.capabilities().has("CONDSTORE") && opened.hasModSeqs();
    }

    /** What is done to flags: {@code +FLAGS.SILENT (\Seen)}. */
    private record Change(String item, Set<String> flags) {
        boolean isAll() {
            return item.equals(ALL);
        }

        String text(Set<String> some) {
            return item + " (" + String.join(" ", some) + ")";
        }
    }

    @Override
    public long uidValidity() {
        return opened.uidValidity();
    }

    @Override
    public boolean holds(String flag) {
        return !AppendFlags.of(List.of(flag), keyword -> true).sent().isEmpty() && opened.holds(flag);
    }

    @Override
    public Map<Long, Flagged> look(List<Long> uids) throws MailException {
        Map<Long, Flagged> found = new HashMap<>();
        FetchReply fetched = new FetchReply();
        for (String set : pieces(uids)) {
            Reply reply = connection.command("UID FETCH " + set + (condStore ? " (UID FLAGS MODSEQ)" : " (UID FLAGS)"), (name, number, in) -> {
                if (!name.equals("FETCH")) return;
                fetched.read(in, ImapSource.NO_BODY);
                if (fetched.uid() > 0 && fetched.flags() != null) found.put(fetched.uid(), new Flagged(FlagSet.of(fetched.flags()), fetched.modSeq()));
            });
            if (!reply.isOk()) throw reply.failure(Kind.REFUSED, "looking at flags");
        }
        found.keySet().retainAll(Set.copyOf(uids));
        return found;
    }

    private static List<String> pieces(List<Long> uids) {
        return UidSet.pieces(uids.stream().mapToLong(Long::longValue).sorted().distinct().toArray());
    }

    @Override
    public boolean store(List<FlagEdit> edits, BooleanSupplier mayStore) throws MailException {
        return store(edits, condStore, mayStore);
    }

    /** @param atOnce what is set and what is taken away of a message by one command */
    private boolean store(List<FlagEdit> edits, boolean atOnce, BooleanSupplier mayStore) throws MailException {
        Map<Change, List<FlagEdit>> groups = new LinkedHashMap<>();
        for (FlagEdit edit : edits) for (Change change : changes(edit, atOnce)) groups.computeIfAbsent(change, same -> new ArrayList<>()).add(edit);
        for (Map.Entry<Change, List<FlagEdit>> group : groups.entrySet()) {
            boolean taken = true;
            for (String set : pieces(group.getValue().stream().map(FlagEdit::uid).toList())) {
                if (!mayStore.getAsBoolean()) return false;
                String modifier = modifier(group.getValue());
                boolean ok = store(set, group.getKey(), modifier);
                taken &= ok;
                if (!ok && !group.getKey().isAll() && !storeEach(set, group.getKey(), modifier, mayStore)) return false;
            }
            // One flag that may not be set is to hold back no other: of what comes second to a message the server then refuses what our first changed, and a further look finds it.
            if (!taken && group.getKey().isAll() && !store(group.getValue(), false, mayStore)) return false;
        }
        return true;
    }

    /** Our first change of a message would make the server refuse our second: so where it guards against changes, it is one command. */
    private static List<Change> changes(FlagEdit edit, boolean atOnce) {
        boolean both = !edit.add().isEmpty() && !edit.remove().isEmpty();
        if (both && atOnce) return List.of(new Change(ALL, edit.before().flags().plus(edit.add()).minus(edit.remove()).names()));
        List<Change> changes = new ArrayList<>();
        if (!edit.add().isEmpty()) changes.add(new Change("+FLAGS.SILENT", edit.add().names()));
        if (!edit.remove().isEmpty()) changes.add(new Change("-FLAGS.SILENT", edit.remove().names()));
        return changes;
    }

    /** A change after the look has a higher mod-sequence than any message had then: so the highest of them guards all (RFC 7162 section 3.1.3). */
    private String modifier(List<FlagEdit> group) {
        return condStore ? " (UNCHANGEDSINCE " + group.stream().mapToLong(edit -> edit.before().modSeq()).max().orElse(0) + ")" : "";
    }

    /** @return false if the server refused */
    private boolean store(String set, Change change, String modifier) throws MailException {
        Reply reply = connection.command("UID STORE " + set + modifier + " " + change.text(change.flags), ImapConnection.Untagged.IGNORED);
        if (!reply.isOk() && (reply.asksForTime() || !connection.isOpen())) throw reply.failure(Kind.REFUSED, "storing flags");
        return reply.isOk();
    }

    /** A server that refuses one flag of several refuses the command: then each goes alone. */
    private boolean storeEach(String set, Change change, String modifier, BooleanSupplier mayStore) throws MailException {
        for (String flag : change.flags.size() == 1 ? Set.<String>of() : change.flags) {
            if (!mayStore.getAsBoolean()) return false;
            store(set, new Change(change.item, Set.of(flag)), modifier);
        }
        return true;
    }

    /** What the next command is to find closed is closed by it anyway: a failure shows then. */
    @Override
    public void close() {
        try {
            if (connection.isOpen()) leaving.leave();
        } catch (MailException e) {
            connection.logout();
        }
    }
}
