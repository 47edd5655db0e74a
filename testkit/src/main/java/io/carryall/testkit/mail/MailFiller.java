package io.carryall.testkit.mail;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Fills one mailbox with generated mail, in batches of one command each. The connection stays the caller's. */
public final class MailFiller {
    private static final int BATCH_MESSAGES_MAX = 200;
    private static final long BATCH_BYTES_MAX = 8L << 20;

    private final PlainImap imap;
    private final PlainImap.Namespace namespace;

    public MailFiller(PlainImap imap) {
        this.imap = imap;
        this.namespace = imap.namespace();
    }

    /** Makes and subscribes every folder of {@link MailGenerator#folders}. */
    public MailFiller createFolders() {
        for (String folder : MailGenerator.folders()) {
            if (!folder.equals("INBOX")) {
                imap.ensure(namespace.name(folder));
            }
            imap.subscribe(namespace.name(folder));
        }
        return this;
    }

    /** Appends the messages {@code from} to {@code from + count - 1} of a user; order is kept within each folder. */
    public Filled fill(MailGenerator generator, int user, int from, int count) {
        Map<String, Batch> batches = new LinkedHashMap<>();
        long bytes = 0;
        for (int index = from; index < from + count; index++) {
            GeneratedMail generated = generator.mail(user, index);
            bytes += generated.mail().content().length;
            Batch batch = batches.computeIfAbsent(generated.folder(), folder -> new Batch());
            batch.add(generated.mail());
            if (batch.isFull()) {
                flush(generated.folder(), batch);
            }
        }
        batches.forEach(this::flush);
        return new Filled(count, bytes);
    }

    private void flush(String folder, Batch batch) {
        imap.append(namespace.name(folder), batch.mails);
        batch.clear();
    }

    /** What went in. */
    public record Filled(int messages, long bytes) { }

    private static final class Batch {
        final List<Mail> mails = new ArrayList<>();
        private long bytes;

        void add(Mail mail) {
            mails.add(mail);
            bytes += mail.content().length;
        }

        boolean isFull() {
            return mails.size() >= BATCH_MESSAGES_MAX || bytes >= BATCH_BYTES_MAX;
        }

        void clear() {
            mails.clear();
            bytes = 0;
        }
    }
}
