package io.carryall.verify;

import io.carryall.core.migration.ItemFilter;
import io.carryall.core.item.SourceItem;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailException.Kind;
import io.carryall.core.port.MailboxLogin;
import io.carryall.core.port.MailboxReader;
import io.carryall.core.port.MailboxReaders;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.port.SourceSession.Receiver;
import io.carryall.core.port.TargetSession.Planned;
import java.io.OutputStream;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** A mailbox that is looked at over one connection, opened when it is needed. A connection that broke, or a server that asked for time, is tried again a few times. Used by one thread at a time. */
final class Mailbox implements AutoCloseable {
    private static final int TRIES_MAX = 4;
    private static final long BACKOFF_MILLIS_MAX = 60_000;
    private static final Set<Kind> PASSING = Set.of(Kind.TRY_LATER, Kind.UNREACHABLE, Kind.TIMEOUT);
    /** Bodies that are asked for with one command. */
    private static final int BODIES_MAX = 500;
    private static final int MESSAGE_IDS_MAX = 5_000;

    private final MailboxReaders readers;
    private final MailboxLogin login;
    private final Pace pace;
    private MailboxReader reader;

    Mailbox(MailboxReaders readers, MailboxLogin login, Pace pace) {
        this.readers = readers;
        this.login = login;
        this.pace = pace;
    }

    List<MailFolder> folders() throws MailException {
        return look(MailboxReader::folders);
    }

    List<Planned> names(String path) throws MailException {
        return look(open -> open.names(path));
    }

    Predicate<String> storableKeywords(String folder) throws MailException {
        return look(open -> open.storableKeywords(folder));
    }

    /** Adds the messages of a folder; none if it is gone. */
    void list(String folder, ItemFilter filter, FlagSets flagSets, Entries into) throws MailException {
        int before = into.size();
        look(open -> {
            into.truncate(before);
            long announced = open(open, folder);
            if (announced > 0) {
                into.reserve(announced);
                open.messages((uid, sizeBytes, date, flags, header) ->
                        into.add(uid, date, sizeBytes, flagSets.id(flags), header.length == 0 ? Identity.NONE : Identity.of(header), isExcluded(filter, sizeBytes, date)));
            }
            return null;
        });
    }

    private static boolean isExcluded(ItemFilter filter, long sizeBytes, long date) {
        return !filter.lets(Math.max(0, sizeBytes), date == SourceItem.NO_DATE ? null : Instant.ofEpochSecond(date)).letsThrough();
    }

    /** Fetches bodies of a folder and notes their digests. What can't be read stays without. */
    void digest(String folder, Entries entries, IntStream which) throws MailException {
        for (List<Integer> some : portions(which, BODIES_MAX)) {
            Map<Long, Integer> places = new HashMap<>();
            some.forEach(i -> places.put(entries.uid(i), i));
            look(open -> {
                if (open(open, folder) > 0) {
                    open.bodies(List.copyOf(places.keySet()), new Digesting(entries, places));
                }
                return null;
            });
        }
    }

    /** Message-IDs by UID, of those messages that have one. */
    Map<Long, String> messageIds(String folder, Entries entries, IntStream which) throws MailException {
        Map<Long, String> found = new HashMap<>();
        for (List<Integer> some : portions(which, MESSAGE_IDS_MAX)) {
            look(open -> {
                if (open(open, folder) > 0) {
                    open.messages(some.stream().map(entries::uid).toList(), (uid, sizeBytes, date, flags, header) -> {
                        String id = Identity.of(header).shownId();
                        if (id != null) {
                            found.put(uid, ShownText.of(id));
                        }
                    });
                }
                return null;
            });
        }
        return found;
    }

    /** How many messages the folder holds; none if it is not there. */
    private static long open(MailboxReader reader, String folder) throws MailException {
        try {
            return folder == null ? 0 : reader.open(folder);
        } catch (MailException e) {
            if (e.kind() == Kind.FOLDER_CHANGED) {
                return 0;
            }
            throw e;
        }
    }

    private static List<List<Integer>> portions(IntStream which, int most) {
        List<Integer> all = which.boxed().toList();
        List<List<Integer>> portions = new ArrayList<>();
        for (int from = 0; from < all.size(); from += most) {
            portions.add(all.subList(from, Math.min(all.size(), from + most)));
        }
        return portions;
    }

    private <T> T look(Look<T> look) throws MailException {
        for (int tries = 1; ; tries++) {
            try {
                if (reader == null) {
                    reader = readers.openReader(login);
                }
                return look.at(reader);
            } catch (MailException e) {
                close();
                if (!PASSING.contains(e.kind()) || tries == TRIES_MAX) {
                    throw e;
                }
                await(Math.min(BACKOFF_MILLIS_MAX, Math.max(e.backoffMillis(), 500L << tries)), e);
            }
        }
    }

    private static void await(long millis, MailException reason) throws MailException {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw reason;
        }
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    private interface Look<T> {
        T at(MailboxReader open) throws MailException;
    }

    /** Digests bodies as they come, one at a time. */
    private final class Digesting implements Receiver {
        private final Entries entries;
        private final Map<Long, Integer> places;
        private ContentDigest content;

        Digesting(Entries entries, Map<Long, Integer> places) {
            this.entries = entries;
            this.places = places;
        }

        @Override
        public OutputStream content(long uid) {
            content = new ContentDigest(pace);
            return content;
        }

        @Override
        public void fetched(long uid, Set<String> flags, OffsetDateTime date) {
            Integer place = places.get(uid);
            if (place != null) {
                entries.body(place, content.finish());
            }
        }

        @Override
        public void unreadable(long uid, String detail) {
            content = null;
        }
    }
}
