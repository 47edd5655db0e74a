package io.carryall.testkit.mail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.carryall.testkit.dovecot.Dovecot;

@Tag("integration")
class MailFillerTest {
    @Test
    void a_filled_mailbox_holds_the_generated_mail() {
        MailGenerator generator = new MailGenerator(MailProfile.SMALL, 11);
        try (Dovecot server = Dovecot.started(); PlainImap imap = PlainImap.login(server, "ann")) {
            long begun = System.nanoTime();
            MailFiller.Filled filled = new MailFiller(imap).createFolders().fill(generator, 1, 0, 3_000);
            System.out.printf("filled %,d messages, %,d bytes in %,d ms%n", filled.messages(), filled.bytes(), (System.nanoTime() - begun) / 1_000_000);

            int messages = 0;
            for (String folder : MailGenerator.folders()) {
                messages += imap.examine(folder).messages();
            }
            assertThat(messages).isEqualTo(3_000);
            GeneratedMail first = generator.mails(1, 0, 100).stream().filter(one -> one.folder().equals("経理/請求書")).findFirst().orElseThrow();
            imap.examine("経理/請求書");
            PlainImap.Fetched found = imap.fetchOne(imap.uids().get(0));
            assertThat(found.content()).isEqualTo(first.mail().content());
            assertThat(found.internalDate().toInstant()).isEqualTo(first.mail().internalDate().toInstant());
            found.flags().remove("\\Recent");
            assertThat(found.flags()).isEqualTo(first.mail().flags());
        }
    }
}
