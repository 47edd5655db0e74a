package io.carryall.testkit.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.carryall.testkit.dovecot.Dovecot;

class OddMessagesTest {
    /** What Dovecot alone does to them when they are appended: the others come back byte for byte. */
    private static final Set<String> CHANGED_BY_DOVECOT = Set.of("bare-cr-at-the-end", "bare-lf", "mixed-line-ends", "nul-bytes");

    @Test
    void names_are_told_apart() {
        assertThat(OddMessages.all()).extracting(OddMessages.Odd::name).doesNotHaveDuplicates();
        assertThat(OddMessages.named("no-header").content()).startsWith("\r\n".getBytes());
    }

    @Test
    void a_missing_corpus_adds_nothing() {
        assertThat(OddMessages.withCorpus(Path.of("no", "such", "directory"))).hasSameSizeAs(OddMessages.all());
    }

    @Tag("integration")
    @Test
    void a_server_takes_every_odd_message_and_runs_none() {
        try (Dovecot server = Dovecot.started(); PlainImap imap = PlainImap.login(server, "ann")) {
            imap.create("VICTIM");
            List<OddMessages.Odd> odd = OddMessages.all();

            List<Long> uids = imap.append("INBOX", odd.stream().map(OddMessages.Odd::mail).toList());

            assertThat(uids).hasSameSizeAs(odd);
            assertThat(imap.list()).extracting(PlainImap.ListedFolder::name).contains("VICTIM").doesNotContain("INTRUDER");
            imap.examine("INBOX");
            for (int i = 0; i < odd.size(); i++) {
                boolean same = Arrays.equals(imap.fetchOne(uids.get(i)).content(), odd.get(i).content());
                assertThat(same).as(odd.get(i).name()).isEqualTo(!CHANGED_BY_DOVECOT.contains(odd.get(i).name()));
            }
        }
    }
}
