package io.carryall.verify;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** A message of an example: what it says, when it came, its flags. */
record Example(String messageId, String body, long date, Set<String> flags, boolean excluded, int lineEndBytes) {

    static Example message(String name) {
        return new Example("<" + name + "@x>", "body of " + name, 1_700_000_000L, Set.of("\\Seen"), false, 2);
    }

    /** No headers at all. */
    static Example bare(String body) {
        return new Example(null, body, 1_700_000_000L, Set.of(), false, 2);
    }

    Example body(String other) {
        return new Example(messageId, other, date, flags, excluded, lineEndBytes);
    }

    Example later(int seconds) {
        return new Example(messageId, body, date + seconds, flags, excluded, lineEndBytes);
    }

    Example undated() {
        return new Example(messageId, body, Entries.NO_DATE, flags, excluded, lineEndBytes);
    }

    Example withFlags(String... others) {
        return new Example(messageId, body, date, Set.of(others), excluded, lineEndBytes);
    }

    Example leftOut() {
        return new Example(messageId, body, date, flags, true, lineEndBytes);
    }

    /** As a server holds it that doesn't make line ends canonical. */
    Example bareLineFeeds() {
        return new Example(messageId, body, date, flags, excluded, 1);
    }

    long size() {
        return body.length() + 10L * lineEndBytes;
    }

    Identity identity() {
        byte[] header = (messageId == null ? "X-Odd: yes\r\n" : "Message-ID: " + messageId + "\r\nSubject: hello\r\n").getBytes(StandardCharsets.UTF_8);
        return Identity.of(header);
    }

    Digest digest() {
        return Digest.of((messageId + body).getBytes(StandardCharsets.UTF_8));
    }

    /** A folder that holds these, with UIDs from 1 on. */
    static Entries entries(FlagSets flagSets, List<Example> mails) {
        Entries entries = new Entries(0);
        mails.forEach(mail -> entries.add(entries.size() + 1, mail.date, mail.size(), flagSets.id(mail.flags), mail.identity(), mail.excluded));
        return entries;
    }

    static void fetchBodies(Entries entries, List<Example> mails, IntStream which) {
        which.forEach(i -> entries.body(i, mails.get(i).digest()));
    }

    /** Compared as a verification does it: doubts are settled by fetching bodies. */
    static Said compare(List<Example> source, List<Example> target, boolean bodies) {
        FlagSets flagSets = new FlagSets();
        Entries left = entries(flagSets, source);
        Entries right = entries(flagSets, target);
        if (bodies) {
            fetchBodies(left, source, IntStream.range(0, source.size()));
            fetchBodies(right, target, IntStream.range(0, target.size()));
        }
        FolderComparison first = FolderComparison.compare(left, right, bodies);
        fetchBodies(left, source, first.doubtfulSource().stream());
        fetchBodies(right, target, first.doubtfulTarget().stream());
        FolderComparison last = FolderComparison.compare(left, right, bodies);
        List<String> different = new ArrayList<>();
        last.different().forEach(s -> last.differences(s).forEach(aspect -> different.add(left.uid(s) + " " + aspect)));
        return new Said(uids(left, last.missing()), uids(right, last.doubled()), different, uids(right, last.extra()));
    }

    private static List<Long> uids(Entries entries, IntStream which) {
        return which.mapToObj(entries::uid).toList();
    }

    /** @param different UID in the source and what differs */
    record Said(List<Long> missing, List<Long> doubled, List<String> different, List<Long> extra) {
        static final Said NOTHING = new Said(List.of(), List.of(), List.of(), List.of());
    }
}
