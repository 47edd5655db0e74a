package io.carryall.core.journal;

import io.carryall.core.flags.FlagBase;
import io.carryall.core.flags.FlagSet;
import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PairName;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Intents;
import io.carryall.core.port.Items;
import io.carryall.core.port.Items.Followed;
import io.carryall.core.port.Items.How;
import io.carryall.core.record.FolderStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Entries as lines of text: words with a blank between. In a word, {@code %hhhh} stands for a character that would break it; a word that is {@code %} alone is empty, and {@code %-} is none at all.
 */
final class JournalText {
    private static final String EMPTY = "%";
    private static final String NONE = "%-";
    private static final String UNDATED = "-";

    private JournalText() {}

    static String line(JournalEntry entry) {
        Line line = new Line();
        if (entry instanceof JournalEntry.Pair it) {
            line.word("pair").word(it.id().value()).number(it.generation()).word(it.name().sourceSystem()).word(it.name().sourceMailbox()).word(it.name().targetSystem()).word(it.name().targetMailbox());
        } else if (entry instanceof JournalEntry.Completed it) {
            line.word("completed").word(it.pass().toString());
        } else if (entry instanceof JournalEntry.SourceFolder it) {
            folder(line.word("folder"), it.folder());
        } else if (entry instanceof JournalEntry.Mark it) {
            mark(line.word("mark"), it.watermark());
        } else if (entry instanceof JournalEntry.InDoubt it) {
            target(line.word("in-doubt"), it.target()).word(it.pass().toString()).word(it.folder().value()).number(it.uidValidity()).number(it.targetUidValidity()).number(it.uidNextLow());
            it.items().forEach(item -> line.number(item.uid()).word(item.fingerprint().toString()).words(item.flags()));
        } else if (entry instanceof JournalEntry.Claim it) {
            FolderKey key = it.item().folder();
            target(line.word("claim"), it.target()).number(it.targetUidValidity()).number(it.targetUid()).word(key.pair().value()).number(key.generation()).word(key.folder().value()).number(key.uidValidity()).number(it.item().uid());
        } else if (entry instanceof JournalEntry.State it) {
            line.word("state").word(it.folder().value()).number(it.uidValidity());
        } else if (entry instanceof JournalEntry.Done it) {
            Items.Done fact = it.fact();
            line.word("done").number(fact.uid()).word(fact.pass().toString()).word(fact.how().name()).word(fact.fingerprint().toString());
            target(line, fact.target()).number(fact.targetUidValidity()).number(fact.targetUid()).words(fact.flags()).words(fact.dropped());
        } else if (entry instanceof JournalEntry.Flags it) {
            Items.FollowedFlags flags = it.flags();
            line.word("flags").number(flags.uid()).number(it.targetUid()).word(flags.pass().toString()).word(flags.how().name()).words(flags.base().source().names()).words(flags.base().target().names())
                    .words(flags.base().intended().names()).words(flags.refused().names());
        } else if (entry instanceof JournalEntry.Failed it) {
            Items.Failed fact = it.fact();
            line.word("failed").number(fact.uid()).word(fact.pass().toString()).word(fact.reason().word()).word(fact.retryable() ? "retryable" : "final").number(fact.sizeBytes()).word(fact.messageId()).word(fact.detail());
        } else if (entry instanceof JournalEntry.Seen it) {
            line.word("seen");
            it.items().forEach(item -> line.word(item.uid() + ":" + item.sizeBytes() + ":" + (item.hasDate() ? Long.toString(item.dateEpochSecond()) : UNDATED)));
        } else if (entry instanceof JournalEntry.MessageId it) {
            line.word("message-id").number(it.uid()).word(it.id());
        } else if (entry instanceof JournalEntry.PairEnd it) {
            counts(line.word("pair-end"), it.counts());
        } else if (entry instanceof JournalEntry.End it) {
            counts(line.word("end").number(it.pairs()), it.counts());
        }
        return line.toString();
    }

    private static Line target(Line line, TargetFolder target) {
        return line.word(target.mailbox()).word(target.folder());
    }

    private static void folder(Line line, Folder folder) {
        line.word(folder.id().value()).number(folder.uidValidity()).word(folder.path()).word(folder.rawName()).word(folder.targetPath());
        target(line, folder.target()).word(folder.placedAs()).word(folder.mailboxId());
        folder.former().forEach(line::number);
    }

    private static void mark(Line line, Watermark mark) {
        FolderStatus status = mark.status();
        line.word(mark.folder().value()).number(status.uidValidity()).number(status.uidNext()).number(status.modSeq()).number(status.messages()).word(mark.filterHash()).word(mark.scan())
                .number(mark.found()).number(mark.done()).number(mark.excluded()).number(mark.failed()).number(mark.retry()).number(mark.flagsModSeq());
    }

    private static void counts(Line line, JournalEntry.Counts counts) {
        line.number(counts.folders()).number(counts.done()).number(counts.failed()).number(counts.seen()).number(counts.inDoubt());
    }

    /** @throws IllegalArgumentException if it is no line of a journal, or has more or fewer words than it should */
    static JournalEntry parse(String text) {
        Words words = new Words(text);
        String kind = words.word();
        JournalEntry entry = switch (kind) {
            case "pair" -> new JournalEntry.Pair(new PairId(words.word()), words.positive(), new PairName(words.word(), words.word(), words.word(), words.word()));
            case "completed" -> new JournalEntry.Completed(words.pass());
            case "folder" -> new JournalEntry.SourceFolder(folder(words));
            case "mark" -> new JournalEntry.Mark(mark(words));
            case "in-doubt" -> new JournalEntry.InDoubt(words.target(), words.pass(), new FolderId(words.word()), words.number(), words.number(), words.number(), doubts(words));
            case "claim" -> new JournalEntry.Claim(words.target(), words.number(), words.number(),
                    new FolderKey(new PairId(words.word()), words.positive(), new FolderId(words.word()), words.number()).item(words.number()));
            case "state" -> new JournalEntry.State(new FolderId(words.word()), words.number());
            case "done" -> new JournalEntry.Done(new Items.Done(words.number(), words.pass(), How.valueOf(words.word()), Fingerprint.parse(words.word()), words.target(), words.number(), words.number(), words.set(), words.set()));
            case "flags" -> flags(words);
            case "failed" -> new JournalEntry.Failed(failed(words));
            case "seen" -> new JournalEntry.Seen(seen(words));
            case "message-id" -> new JournalEntry.MessageId(words.number(), words.word());
            case "pair-end" -> new JournalEntry.PairEnd(counts(words));
            case "end" -> new JournalEntry.End(words.number(), counts(words));
            default -> throw new IllegalArgumentException("no line begins with " + (kind.length() > 20 ? "such a word" : kind));
        };
        words.end();
        return entry;
    }

    private static Folder folder(Words words) {
        FolderId id = new FolderId(words.word());
        long uidValidity = words.number();
        String path = words.word();
        String rawName = words.word();
        String targetPath = words.word();
        TargetFolder target = words.target();
        String placedAs = words.word();
        String mailboxId = words.wordOrNull();
        List<Long> former = new ArrayList<>();
        while (words.more()) {
            former.add(words.number());
        }
        return new Folder(id, path, rawName, targetPath, target, uidValidity, placedAs, mailboxId, former);
    }

    private static Watermark mark(Words words) {
        FolderId folder = new FolderId(words.word());
        FolderStatus status = new FolderStatus(words.number(), words.number(), words.number(), words.number());
        return new Watermark(folder, status, words.word(), words.word(), words.number(), words.number(), words.number(), words.number(), words.number(), words.number());
    }

    private static List<Intents.Item> doubts(Words words) {
        List<Intents.Item> items = new ArrayList<>();
        while (words.more()) {
            items.add(new Intents.Item(words.number(), Fingerprint.parse(words.word()), words.set()));
        }
        return items;
    }

    private static JournalEntry.Flags flags(Words words) {
        long uid = words.number();
        long targetUid = words.number();
        PassId pass = words.pass();
        Followed how = Followed.valueOf(words.word());
        FlagBase base = new FlagBase(FlagSet.of(words.set()), FlagSet.of(words.set()), FlagSet.of(words.set()));
        return new JournalEntry.Flags(targetUid, new Items.FollowedFlags(uid, pass, base, how, FlagSet.of(words.set())));
    }

    private static Items.Failed failed(Words words) {
        long uid = words.number();
        PassId pass = words.pass();
        String reason = words.word();
        String finality = words.word();
        if (!finality.equals("retryable") && !finality.equals("final")) {
            throw new IllegalArgumentException("a failure is retryable or final");
        }
        long sizeBytes = words.number();
        String messageId = words.wordOrNull();
        return new Items.Failed(uid, pass, Reason.of(reason).orElseThrow(() -> new IllegalArgumentException("there is no such reason")), words.wordOrNull(), finality.equals("retryable"), messageId, sizeBytes);
    }

    private static List<SourceItem> seen(Words words) {
        List<SourceItem> items = new ArrayList<>();
        while (words.more()) {
            String[] parts = words.word().split(":", -1);
            if (parts.length != 3) {
                throw new IllegalArgumentException("an item is uid:size:date");
            }
            items.add(new SourceItem(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2].equals(UNDATED) ? SourceItem.NO_DATE : Long.parseLong(parts[2])));
        }
        return items;
    }

    private static JournalEntry.Counts counts(Words words) {
        return new JournalEntry.Counts(words.number(), words.number(), words.number(), words.number(), words.number());
    }

    /** Writes words. */
    private static final class Line {
        private final StringBuilder text = new StringBuilder(200);

        /** @param word null: none */
        Line word(String word) {
            blank();
            text.append(word == null ? NONE : escaped(word, false));
            return this;
        }

        Line number(long number) {
            blank();
            text.append(number);
            return this;
        }

        /** Several in the place of one, a comma between. */
        Line words(Collection<String> words) {
            blank();
            if (words.isEmpty()) {
                text.append(NONE);
            }
            int from = text.length();
            for (String word : words) {
                text.append(text.length() == from ? "" : ",").append(escaped(word, true));
            }
            return this;
        }

        private void blank() {
            if (text.length() > 0) {
                text.append(' ');
            }
        }

        private static String escaped(String word, boolean comma) {
            if (word.isEmpty()) {
                return EMPTY;
            }
            StringBuilder escaped = null;
            for (int i = 0; i < word.length(); i++) {
                char c = word.charAt(i);
                boolean plain = c > ' ' && c != '%' && c != 0x7f && !Character.isSurrogate(c) && (!comma || c != ',');
                if (!plain && escaped == null) {
                    escaped = new StringBuilder(word.length() + 16).append(word, 0, i);
                }
                if (escaped != null && plain) {
                    escaped.append(c);
                } else if (escaped != null) {
                    escaped.append('%').append(String.format("%04x", (int) c));
                }
            }
            return escaped == null ? word : escaped.toString();
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    /** Reads words. */
    private static final class Words {
        private final String text;
        private int at;

        Words(String text) {
            this.text = text;
        }

        boolean more() {
            return at <= text.length();
        }

        void end() {
            if (more()) {
                throw new IllegalArgumentException("a line has more words than it should");
            }
        }

        private String raw() {
            if (!more()) {
                throw new IllegalArgumentException("a line has fewer words than it should");
            }
            int blank = text.indexOf(' ', at);
            int end = blank < 0 ? text.length() : blank;
            String raw = text.substring(at, end);
            at = end + 1;
            if (raw.isEmpty()) {
                throw new IllegalArgumentException("a line has two blanks where there should be one");
            }
            return raw;
        }

        String wordOrNull() {
            String raw = raw();
            return raw.equals(NONE) ? null : plain(raw);
        }

        String word() {
            String word = wordOrNull();
            if (word == null) {
                throw new IllegalArgumentException("a word is missing that there should be");
            }
            return word;
        }

        long number() {
            return Long.parseLong(raw());
        }

        int positive() {
            return (int) Math.min(Integer.MAX_VALUE, Math.max(1, number()));
        }

        PassId pass() {
            return PassId.parse(word());
        }

        TargetFolder target() {
            return new TargetFolder(word(), word());
        }

        Set<String> set() {
            String raw = raw();
            Set<String> set = new LinkedHashSet<>();
            for (String word : raw.equals(NONE) ? new String[0] : raw.split(",", -1)) {
                set.add(plain(word));
            }
            return set;
        }

        private static String plain(String raw) {
            if (raw.indexOf('%') < 0) {
                return raw;
            }
            if (raw.equals(EMPTY)) {
                return "";
            }
            StringBuilder plain = new StringBuilder(raw.length());
            for (int i = 0; i < raw.length(); i++) {
                if (raw.charAt(i) == '%') {
                    if (i + 5 > raw.length()) {
                        throw new IllegalArgumentException("a character is written as % and four digits");
                    }
                    plain.append((char) Integer.parseInt(raw.substring(i + 1, i + 5), 16));
                    i += 4;
                } else {
                    plain.append(raw.charAt(i));
                }
            }
            return plain.toString();
        }
    }
}
