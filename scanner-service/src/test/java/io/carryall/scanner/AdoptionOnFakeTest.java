package io.carryall.scanner;

import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.ServerAddress.Security;
import io.carryall.testkit.contract.Mailbox;
import io.carryall.testkit.fake.FakeMailServer;

final class AdoptionOnFakeTest implements AdoptionScans {
    private final FakeMailServer mail = new FakeMailServer();
    private int users;

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
