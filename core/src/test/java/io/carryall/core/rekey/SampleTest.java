package io.carryall.core.rekey;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.SourceItem;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class SampleTest {
    private final Sample sample = new Sample();

    private static Traits traits(long uid, long size, long date, String headers) {
        return Traits.of(new SourceItem(uid, size, date), headers.getBytes(StandardCharsets.US_ASCII));
    }

    private void source(Traits item) {
        sample.source(item.item());
        sample.sourceTraits(item);
    }

    private boolean target(Traits message) {
        sample.target(message.item());
        sample.targetTraits(message);
        return sample.saysCopied(Set.of(message.item().uid()));
    }

    @Test
    void of_many_items_the_first_the_last_and_some_between_are_looked_for_each_once() {
        for (int uid = 1; uid <= 100_000; uid++) {
            sample.source(new SourceItem(uid, 1, 1));
        }

        assertThat(sample.sourceUids()).contains(1L, 50L, 99_951L, 100_000L).doesNotHaveDuplicates().hasSizeBetween(150, 201);
        assertThat(sample.sourceUids().stream().filter(uid -> uid > 40_000 && uid < 60_000)).hasSizeGreaterThan(8);
    }

    @Test
    void of_few_items_each_is_looked_for() {
        for (int uid = 1; uid <= 120; uid++) {
            sample.source(new SourceItem(uid, 1, 1));
        }

        assertThat(new TreeSet<>(sample.sourceUids())).hasSize(120);
    }

    @Test
    void a_large_target_folder_is_looked_at_where_size_or_date_leads_and_at_its_ends() {
        source(traits(1, 77, 777, "Message-ID: <a>\r\n"));
        for (int uid = 1; uid <= 100_000; uid++) {
            sample.target(new SourceItem(uid, uid == 50_000 ? 77 : 5, uid == 60_000 ? 777 : 10));
        }

        assertThat(sample.targetUids()).contains(1L, 50_000L, 60_000L, 100_000L).hasSizeLessThan(200);
    }

    @Test
    void a_message_with_the_same_identifying_headers_was_copied_whatever_became_of_its_date() {
        source(traits(1, 77, 777, "Message-ID: <a>\r\nReceived: x\r\n"));

        assertThat(target(traits(9, 90, 999, "Message-ID: <a>\r\nReceived: x\r\n"))).isTrue();
    }

    @Test
    void other_mail_and_the_same_mail_delivered_by_another_way_say_nothing() {
        for (int uid = 1; uid <= 20; uid++) {
            source(traits(uid, 77, 777 + uid, "Message-ID: <" + uid + ">\r\nReceived: x\r\n"));
        }

        assertThat(target(traits(9, 77, 778, "Message-ID: <b>\r\nReceived: x\r\n"))).isFalse();
        assertThat(target(traits(10, 80, 778, "Message-ID: <1>\r\nReceived: y\r\n"))).as("one of twenty").isFalse();
        assertThat(target(traits(11, 80, 9_999, "Message-ID: <2>\r\nReceived: y\r\n"))).isFalse();
    }

    @Test
    void many_messages_with_their_dates_and_a_received_on_top_were_copied() {
        Set<Long> alike = new TreeSet<>();
        for (int uid = 1; uid <= 20; uid++) {
            source(traits(uid, 77, 777 + uid, "Message-ID: <" + uid + ">\r\nReceived: x\r\n"));
        }
        for (int uid = 1; uid <= 5; uid++) {
            target(traits(uid, 100, 777 + uid, "Message-ID: <" + uid + ">\r\nReceived: by a tool\r\nReceived: x\r\n"));
            alike.add((long) uid);
        }

        assertThat(sample.saysCopied(alike)).isTrue();
        assertThat(sample.saysCopied(Set.of(1L, 2L))).as("of the others the ledger knows whose they are").isFalse();
    }

    @Test
    void one_or_two_messages_that_were_delivered_to_both_systems_say_nothing_however_small_the_folder() {
        Set<Long> alike = new TreeSet<>();
        for (int uid = 1; uid <= 2; uid++) {
            source(traits(uid, 77, 777 + uid, "Message-ID: <" + uid + ">\r\nReceived: x\r\n"));
        }
        for (int uid = 1; uid <= 2; uid++) {
            target(traits(uid, 100, 777 + uid, "Message-ID: <" + uid + ">\r\nReceived: by the new system\r\nReceived: x\r\n"));
            alike.add((long) uid);
        }

        assertThat(sample.saysCopied(alike)).isFalse();
    }

    @Test
    void what_the_server_could_not_describe_says_nothing() {
        source(traits(1, 0, SourceItem.NO_DATE, ""));

        assertThat(target(traits(9, 0, SourceItem.NO_DATE, ""))).isFalse();
    }
}
