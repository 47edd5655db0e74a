package io.carryall.scanner;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.ServerAddress.Security;
import io.carryall.testkit.contract.Mailbox;
import io.carryall.testkit.fake.FakeMailServer;
import io.carryall.testkit.mail.Mail;
import org.junit.jupiter.api.Test;

final class AdoptionOnFakeTest implements AdoptionScans {
    private final FakeMailServer mail = new FakeMailServer();
    private int users;

    @Test
    void a_folder_that_this_ledgers_copiers_wrote_to_is_not_looked_at_where_the_target_tells_no_uids() throws Exception {
        FakeMailServer mute = new FakeMailServer(false, true);
        try (DeltaBench bench = new DeltaBench(mute, new ServerAddress("mail.example", 143, Security.NONE, null), FakeMailServer.PASSWORD, "bob@old.example", "shared@new.example")) {
            mute.mailbox("bob@old.example").append("INBOX", Mail.of("to ann and bob"), Mail.of("to bob"));
            mute.mailbox("shared@new.example").append("INBOX", Mail.of("to ann and bob"));
            bench.ledger.leases().take(new TargetFolder("new/shared@new.example", "INBOX"), null, "who copied ann's");

            assertThat(bench.pass().copied()).hasSize(2);
        }
    }

    @Override
    public DeltaBench bench() {
        users++;
        return new DeltaBench(mail, new ServerAddress("mail.example", 143, Security.NONE, null), FakeMailServer.PASSWORD, "ann" + users + "@old.example", "ann" + users + "@new.example");
    }

    @Override
    public Mailbox source() {
        return mail.mailbox("ann" + users + "@old.example");
    }

    @Override
    public Mailbox target() {
        return mail.mailbox("ann" + users + "@new.example");
    }
}
