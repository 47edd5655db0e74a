package io.carryall.testkit.mail;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A whole mailbox as it stands: every folder that can be opened, by its path with {@code /} between levels and without the server's prefix, and every message with UID, flags,
 * date and digests of its bytes. Taking it changes nothing: EXAMINE and BODY.PEEK only.
 *
 * <p>Two questions are asked of it: did everything arrive on another server ({@link #differencesOf}), and is this server untouched ({@link #changesTo}).
 *
 * @param subscribed paths of the folders that are subscribed
 */
public record MailboxSnapshot(Map<String, Folder> folders, Set<String> subscribed) {
    private static final Pattern MESSAGE_ID = Pattern.compile("(?im)^message-id:\\s*(\\S+)");
    private static final int HEAD_BYTES_MAX = 32 * 1024;
    private static final int DIFFERENCES_MAX = 50;

    /** @param items in the order of UIDs */
    public record Folder(long uidValidity, long uidNext, List<Item> items) { }

    /**
     * @param messageId as it stands in the message, or a dash
     * @param exact     SHA-256 of the bytes
     * @param canonical SHA-256 of the bytes with every bare CR, bare LF and CRLF as one LF, and none at the very end
     */
    public record Item(long uid, Set<String> flags, Instant date, int bytes, String messageId, String exact, String canonical) {
        /** The item that these bytes make. */
        public static Item of(long uid, Set<String> flags, Instant date, byte[] content) {
            String head = new String(content, 0, Math.min(content.length, HEAD_BYTES_MAX), StandardCharsets.ISO_8859_1);
            Matcher messageId = MESSAGE_ID.matcher(head.split("\r?\n\r?\n", 2)[0]);
            return new Item(uid, Set.copyOf(flags), date, content.length, messageId.find() ? messageId.group(1) : "-", digest(content, content.length), canonicalDigest(content));
        }

        /** All but what belongs to the server that holds it. */
        private String arrival(boolean exactly) {
            TreeSet<String> kept = new TreeSet<>(flags);
            kept.remove("\\Recent");
            return (exactly ? exact : canonical) + " " + date + " " + kept;
        }

        @Override
        public String toString() {
            return "UID " + uid + " " + messageId + ", " + bytes + " bytes, " + date + ", " + flags + ", sha-256 " + exact.substring(0, 12);
        }
    }

    /** Reads the whole mailbox. The connection stays the caller's, with some folder open read-only. */
    public static MailboxSnapshot of(PlainImap imap) {
        PlainImap.Namespace namespace = imap.namespace();
        Map<String, Folder> folders = new TreeMap<>();
        for (PlainImap.ListedFolder listed : imap.list()) {
            if (listed.selectable()) {
                folders.put(path(listed.name(), namespace), folder(imap, listed));
            }
        }
        Set<String> subscribed = new TreeSet<>();
        imap.subscribed().forEach(name -> subscribed.add(path(name, namespace)));
        return new MailboxSnapshot(folders, subscribed);
    }

    private static String path(String name, PlainImap.Namespace namespace) {
        if (name.equalsIgnoreCase("INBOX")) {
            return "INBOX";
        }
        String bare = name.startsWith(namespace.prefix()) ? name.substring(namespace.prefix().length()) : name;
        return namespace.delimiter().equals("/") ? bare : bare.replace("/", "\\/").replace(namespace.delimiter(), "/");
    }

    private static Folder folder(PlainImap imap, PlainImap.ListedFolder listed) {
        PlainImap.Selected selected = imap.examineWireName(listed.wireName());
        List<Item> items = new ArrayList<>();
        if (selected.messages() > 0) {
            imap.fetch("1:*", fetched -> items.add(Item.of(fetched.uid(), fetched.flags(), fetched.internalDate().toInstant(), fetched.content())));
        }
        return new Folder(selected.uidValidity(), selected.uidNext(), List.copyOf(items));
    }

    /** The digest that {@link Item#exact()} has of a message with these bytes. */
    public static String exactDigest(byte[] content) {
        return digest(content, content.length);
    }

    private static String canonicalDigest(byte[] content) {
        byte[] canonical = new byte[content.length];
        int length = 0;
        for (int i = 0; i < content.length; i++) {
            byte b = content[i];
            if (b == '\r') {
                canonical[length++] = '\n';
                if (i + 1 < content.length && content[i + 1] == '\n') {
                    i++;
                }
            } else {
                canonical[length++] = b;
            }
        }
        while (length > 0 && canonical[length - 1] == '\n') {
            length--;
        }
        return digest(canonical, length);
    }

    private static String digest(byte[] bytes, int length) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(bytes, 0, length);
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** All messages of all folders. */
    public int messages() {
        return folders.values().stream().mapToInt(folder -> folder.items().size()).sum();
    }

    /** The messages of a folder; none where there is no such folder. */
    public List<Item> items(String path) {
        Folder folder = folders.get(path);
        return folder == null ? List.of() : folder.items();
    }

    /** How a copy of this mailbox, byte for byte, differs from it: one line each, at most {@value #DIFFERENCES_MAX}. Empty when all arrived once, in order, with flags and dates, and nothing else did. */
    public List<String> differencesOf(MailboxSnapshot copy) {
        return differences(copy, true);
    }

    /** As {@link #differencesOf}, where a server was allowed to change line ends. */
    public List<String> differencesExceptLineEndsOf(MailboxSnapshot copy) {
        return differences(copy, false);
    }

    private List<String> differences(MailboxSnapshot copy, boolean exactly) {
        List<String> found = new ArrayList<>();
        Set<String> paths = new TreeSet<>(folders.keySet());
        paths.addAll(copy.folders.keySet());
        for (String path : paths) {
            if (!folders.containsKey(path)) {
                copy.items(path).forEach(item -> found.add(path + ": only in the copy: " + item));
            } else if (!copy.folders.containsKey(path)) {
                found.add(path + ": the copy has no such folder");
            } else {
                compare(path, items(path), copy.items(path), exactly, found);
            }
        }
        return found.subList(0, Math.min(DIFFERENCES_MAX, found.size()));
    }

    private static void compare(String path, List<Item> here, List<Item> there, boolean exactly, List<String> found) {
        Map<String, List<Item>> unmatched = new TreeMap<>();
        there.forEach(item -> unmatched.computeIfAbsent(item.arrival(exactly), key -> new ArrayList<>()).add(item));
        List<Item> missing = new ArrayList<>();
        List<Long> order = new ArrayList<>();
        for (Item item : here) {
            List<Item> twins = unmatched.get(item.arrival(exactly));
            if (twins == null || twins.isEmpty()) {
                missing.add(item);
            } else {
                order.add(twins.remove(0).uid());
            }
        }
        List<Item> extra = unmatched.values().stream().flatMap(Collection::stream).toList();
        missing.forEach(item -> found.add(path + ": missing or different: " + item));
        extra.forEach(item -> found.add(path + ": only in the copy (doubled, or different): " + item));
        if (!order.equals(order.stream().sorted().toList())) {
            found.add(path + ": the copy has another order");
        }
    }

    /** What changed on the same server since this was taken: UIDs, flags (Recent too), dates, bytes, UIDVALIDITY, UIDNEXT, folders, subscriptions. Empty when nothing did. */
    public List<String> changesTo(MailboxSnapshot later) {
        List<String> found = new ArrayList<>();
        Set<String> paths = new TreeSet<>(folders.keySet());
        paths.addAll(later.folders.keySet());
        for (String path : paths) {
            Folder before = folders.get(path);
            Folder after = later.folders.get(path);
            if (before == null || after == null) {
                found.add(path + ": " + (before == null ? "was made" : "is gone"));
            } else if (!before.equals(after)) {
                found.add(path + ": was UIDVALIDITY " + before.uidValidity() + " UIDNEXT " + before.uidNext() + ", is " + after.uidValidity() + " " + after.uidNext());
                before.items().stream().filter(item -> !after.items().contains(item)).forEach(item -> found.add(path + ": was " + item));
                after.items().stream().filter(item -> !before.items().contains(item)).forEach(item -> found.add(path + ": is  " + item));
            }
        }
        if (!subscribed.equals(later.subscribed)) {
            found.add("subscribed were " + subscribed + ", are " + later.subscribed);
        }
        return found.subList(0, Math.min(DIFFERENCES_MAX, found.size()));
    }
}
