package io.carryall.testkit.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

class MailGeneratorTest {
    @Test
    void the_same_numbers_give_the_same_mail() {
        GeneratedMail once = new MailGenerator(MailProfile.MIXED, 5).mail(3, 77);
        GeneratedMail again = new MailGenerator(MailProfile.MIXED, 5).mail(3, 77);

        assertThat(again.mail().content()).isEqualTo(once.mail().content());
        assertThat(again.folder()).isEqualTo(once.folder());
        assertThat(again.mail().flags()).isEqualTo(once.mail().flags());
        assertThat(again.mail().internalDate()).isEqualTo(once.mail().internalDate());
    }

    @Test
    void other_numbers_give_other_mail() {
        byte[] mail = new MailGenerator(MailProfile.SMALL, 5).mail(3, 77).mail().content();

        assertThat(new MailGenerator(MailProfile.SMALL, 6).mail(3, 77).mail().content()).isNotEqualTo(mail);
        assertThat(new MailGenerator(MailProfile.SMALL, 5).mail(4, 77).mail().content()).isNotEqualTo(mail);
        assertThat(new MailGenerator(MailProfile.SMALL, 5).mail(3, 78).mail().content()).isNotEqualTo(mail);
    }

    @Test
    void small_mail_is_around_4_kb_in_all_twelve_folders() {
        List<GeneratedMail> mails = new MailGenerator(MailProfile.SMALL, 1).mails(1, 0, 2_000);

        assertThat(mails.stream().mapToInt(one -> one.mail().content().length).average().orElseThrow()).isBetween(3_500.0, 6_000.0);
        assertThat(mails.stream().map(GeneratedMail::folder).collect(Collectors.toSet())).containsExactlyInAnyOrderElementsOf(MailGenerator.folders());
    }

    @Test
    void mixed_mail_has_a_heavy_tail() {
        int[] sizes = new MailGenerator(MailProfile.MIXED, 1).mails(1, 0, 1_000).stream().mapToInt(one -> one.mail().content().length).sorted().toArray();

        assertThat(sizes[500]).isBetween(5_000, 13_000);
        assertThat(sizes[999]).isGreaterThan(500_000);
    }

    @Test
    void every_line_ends_with_cr_lf() {
        byte[] all = new MailGenerator(MailProfile.MIXED, 1).mail(1, 4).mail().content();

        for (int i = 0; i < all.length; i++) {
            assertThat(all[i] == '\n' && all[i - 1] != '\r' || all[i] == '\r' && all[i + 1] != '\n').as("a line end of its own at %d", i).isFalse();
        }
    }
}
