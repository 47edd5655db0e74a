package io.carryall.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.testkit.mail.PlainImap;
import org.junit.jupiter.api.Test;

final class GreenMailServersTest {

    @Test
    void people_have_mail_and_work_in_it_where_there_is_no_dovecot() {
        String ann = People.address("ann");
        try (DemoServers servers = new GreenMailServers(People.NAMES.stream().map(People::address).toList())) {
            People.fill(servers);
            int before = inbox(servers, ann);
            People.work(servers);

            assertThat(inbox(servers, ann)).isBetween(before - People.MOVED_EACH - People.DELETED_EACH, before + People.NEW_EACH);
            assertThat(servers.sourceUrl()).isNotEqualTo(servers.targetUrl());
        }
    }

    private static int inbox(DemoServers servers, String user) {
        try (PlainImap imap = servers.logInAtSource(user)) {
            return imap.select("INBOX").messages();
        }
    }
}
