package io.carryall.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.testkit.dovecot.Dovecot;
import io.carryall.testkit.mail.Mail;
import io.carryall.testkit.mail.MailboxSnapshot;
import io.carryall.testkit.mail.OddMessages;
import io.carryall.testkit.mail.PlainImap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What arrives is what was there. */
@Tag("integration")
final class ArrivalTest {
    @TempDir
    Path directory;

    @Test
    void odd_messages_arrive_byte_for_byte_and_the_source_is_not_changed_at_all() {
        Box source = Box.source("odd");
        source.append("Odd", OddMessages.withCorpus(Checkout.corpus()).stream().map(OddMessages.Odd::mail).toArray(Mail[]::new));
        MailboxSnapshot before = source.look();

        Outcome run = Migration.of(directory, "odd").pair("odd@old.example", "odd@new.example").verifiedAfter(Migration::run);

        run.exits(0).counts(before.messages(), 0, 0, 0);
        assertThat(before.differencesOf(Box.target("odd").look())).isEmpty();
        assertThat(before.changesTo(source.look())).isEmpty();
    }

    @Test
    void flags_keywords_dates_folders_subscriptions_and_order_are_kept() {
        Box source = Box.source("real").generate(0, 400);
        MailboxSnapshot before = source.look();

        Migration.of(directory, "real").pair("real@old.example", "real@new.example").run().exits(0).counts(400, 0, 0, 0);

        MailboxSnapshot arrived = Box.target("real").look();
        assertThat(before.differencesOf(arrived)).isEmpty();
        assertThat(arrived.subscribed()).isEqualTo(before.subscribed());
        assertThat(before.changesTo(source.look())).isEmpty();
        assertThat(before.folders().values().stream().flatMap(folder -> folder.items().stream()).filter(item -> item.flags().contains("\\Deleted"))).as("the generator makes deleted messages too").isNotEmpty();
    }

    @Test
    void true_duplicates_stay_two() {
        Mail same = Mail.of("the same").withFlags("\\Seen");
        Box.source("twins").append("INBOX", same, same, Mail.of("another"), same);

        Migration.of(directory, "twins").pair("twins@old.example", "twins@new.example").verifiedAfter(Migration::run).exits(0).counts(4, 0, 0, 0);

        assertThat(Box.target("twins").messageIds("INBOX")).isEqualTo(Box.source("twins").messageIds("INBOX"));
    }

    @Test
    void a_keyword_that_the_target_refuses_is_left_out_with_a_warning() {
        String refused = "a-keyword-of-more-than-fifty-characters-which-is-what-the-target-takes";
        Box.source("keyword").append("INBOX", Mail.of("one").withFlags("\\Flagged", "$Forwarded", refused), Mail.of("two").withFlags("$Forwarded"));

        Outcome run = Migration.of(directory, "keyword").pair("keyword@old.example", "keyword@new.example").run().exits(0).counts(2, 0, 0, 0);

        assertThat(Box.target("keyword").look().items("INBOX")).extracting(item -> withoutRecent(item.flags())).containsExactlyInAnyOrder(Set.of("\\Flagged", "$Forwarded"), Set.of("$Forwarded"));
        JsonNode warning = run.warnings().stream().filter(one -> one.path("what").asText().equals("keyword-refused")).findFirst().orElseThrow(() -> new AssertionError(run.out()));
        assertThat(warning.path("folder").asText()).isEqualTo("INBOX");
        assertThat(warning.path("uid").asLong()).isEqualTo(1);
        assertThat(warning.path("detail").asText()).contains(refused);
    }

    private static Set<String> withoutRecent(Set<String> flags) {
        Set<String> kept = new TreeSet<>(flags);
        kept.remove("\\Recent");
        return kept;
    }

    @Test
    void folders_with_any_name_arrive() {
        List<String> names = List.of("a%b*c", "say \"hello\"", "back\\slash", " leading", "trailing ", "R&D & more", "&- &AOk-", "#hash", "v1.2.3", "日本語/東京", "Grüße", "emoji 🎉", "x".repeat(200), "[brackets] {braces} (parens)",
                "Inbox copies", "deep/er/and/deeper", "..dots..", "'quoted'", "semi;colon,comma");
        Box source = Box.source("names").use(imap -> names.forEach(name -> {
            imap.ensure(name);
            imap.append(name, Mail.of("in " + name));
        }));

        Migration.of(directory, "names").pair("names@old.example", "names@new.example").verifiedAfter(Migration::run).exits(0).counts(names.size(), 0, 0, 0);

        assertThat(source.look().differencesOf(Box.target("names").look())).isEmpty();
    }

    @Test
    void a_name_that_the_target_cannot_hold_is_escaped_with_a_warning() {
        try (Dovecot source = Dovecot.builder().separator(".").start();
                MaskingProxy odd = new MaskingProxy(source.port()).mask("ACxDC", "AC/DC").mask("Not_UTF7", "Not&UTF7")) {
            new Box(source, "escaped@old.example").fill("ACxDC", 0, 2).fill("ACxDC.Not_UTF7", 0, 1);

            Outcome run = Migration.of(directory, "escaped").fromPort(odd.port()).pair("escaped@old.example", "escaped@new.example").verifiedAfter(Migration::run).exits(0).counts(3, 0, 0, 0);

            assertThat(Box.target("escaped").look().folders()).containsKeys("AC=2FDC", "AC=2FDC/Not=26UTF7");
            assertThat(run.json().at("/pairs/0/folders").findValuesAsText("source")).contains("AC\\/DC");
            assertThat(run.warnings()).as(run.out()).anyMatch(warning -> warning.path("folder").asText().equals("AC\\/DC")).anyMatch(warning -> warning.path("folder").asText().contains("UTF7"));
        }
    }

    @Test
    void empty_folders_parents_that_hold_only_folders_and_subscriptions_arrive() {
        Box source = Box.source("empty").use(imap -> {
            imap.create("Nothing in it");
            imap.create("Only/Folders/Within");
            imap.subscribe("Only/Folders/Within");
            imap.create("Not subscribed");
        });
        // Somebody may be subscribed to a folder that is gone.
        source.use(imap -> {
            imap.create("Gone");
            imap.subscribe("Gone");
            imap.delete("Gone");
        });

        Migration.of(directory, "empty").pair("empty@old.example", "empty@new.example").run().exits(0).counts(0, 0, 0, 0);

        MailboxSnapshot arrived = Box.target("empty").look();
        assertThat(arrived.folders()).containsKeys("Nothing in it", "Only/Folders/Within", "Not subscribed").doesNotContainKey("Gone");
        assertThat(arrived.subscribed()).contains("Only/Folders/Within").doesNotContain("Nothing in it", "Not subscribed");
    }

    @Test
    void special_folders_meet_their_counterpart_by_what_they_are_for() {
        try (Dovecot source = Dovecot.builder().specialUse(Map.of("Sent Messages", "\\Sent", "Entwürfe", "\\Drafts", "Deleted Messages", "\\Trash")).start()) {
            Box box = new Box(source, "special@old.example");
            box.fill("Sent Messages", 0, 3).fill("Entwürfe", 0, 2).fill("Deleted Messages", 0, 1).fill("Sent Messages/2023", 0, 1);

            Outcome run = Migration.of(directory, "special").from(source).pair("special@old.example", "special@new.example").verifiedAfter(Migration::run).exits(0).counts(7, 0, 0, 0);

            MailboxSnapshot arrived = Box.target("special").look();
            assertThat(arrived.items("Sent")).hasSize(3);
            assertThat(arrived.items("Drafts")).hasSize(2);
            assertThat(arrived.items("Trash")).hasSize(1);
            assertThat(arrived.folders()).doesNotContainKeys("Sent Messages", "Entwürfe", "Deleted Messages");
            assertThat(run.pair("special@old.example").path("folders").findValuesAsText("target")).contains("Sent", "Drafts", "Trash");
        }
    }

    @Test
    void names_are_translated_for_a_target_with_another_delimiter_and_a_prefix() {
        try (Dovecot target = Dovecot.builder().separator(".").prefix("INBOX.").start()) {
            Box source = Box.source("dots").fill("INBOX", 0, 2).fill("Archive/2024/Q3", 0, 2).fill("Sent", 0, 1).fill("v1.2", 0, 1).use(imap -> imap.subscribe("Archive/2024/Q3"));

            Outcome run = Migration.of(directory, "dots").to(target).pair("dots@old.example", "dots@new.example").verifiedAfter(Migration::run).exits(0).counts(6, 0, 0, 0);

            MailboxSnapshot arrived = new Box(target, "dots@new.example").look();
            assertThat(arrived.items("INBOX")).hasSize(2);
            assertThat(arrived.items("Archive/2024/Q3")).isNotEmpty().hasSameSizeAs(source.look().items("Archive/2024/Q3"));
            assertThat(arrived.items("Sent")).hasSize(1);
            assertThat(arrived.subscribed()).contains("Archive/2024/Q3");
            assertThat(arrived.items("v1=2E2")).as("folders are %s", arrived.folders().keySet()).hasSize(1);
            assertThat(run.warnings()).anyMatch(warning -> warning.path("folder").asText().equals("v1.2"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"MULTIAPPEND", "MULTIAPPEND LITERAL+", "MULTIAPPEND LITERAL+ UIDPLUS", "MULTIAPPEND LITERAL+ UIDPLUS LIST-EXTENDED SPECIAL-USE NAMESPACE CONDSTORE QRESYNC ESEARCH"})
    void a_target_that_can_do_less_gets_the_same(String less) {
        try (Dovecot target = Dovecot.started(less.split(" "))) {
            String name = "less" + less.split(" ").length;
            Box source = Box.source(name).generate(0, 60);

            Migration.of(directory, name).to(target).pair(name + "@old.example", name + "@new.example").verifiedAfter(Migration::run).exits(0).counts(60, 0, 0, 0);

            assertThat(source.look().differencesOf(new Box(target, name + "@new.example").look())).isEmpty();
        }
    }

    @Test
    void a_source_that_can_do_less_gives_the_same() {
        try (Dovecot source = Dovecot.builder().capability("IMAP4rev1").separator(".").start(); PlainImap imap = PlainImap.login(source, "lesser@old.example")) {
            imap.append("INBOX", Mail.of("one"), Mail.of("two").withFlags("\\Answered", "todo"));
            imap.create("Archive.2024");
            imap.append("Archive.2024", Mail.of("three"));

            Migration.of(directory, "lesser").from(source).pair("lesser@old.example", "lesser@new.example").verifiedAfter(Migration::run).exits(0).counts(3, 0, 0, 0);

            assertThat(new Box(source, "lesser@old.example").look().differencesOf(Box.target("lesser").look())).isEmpty();
        }
    }
}
