package io.carryall.cassandra;

import io.carryall.core.port.Ledger;
import io.carryall.testkit.contract.LedgerContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("integration")
final class CassandraLedgerContractTest implements LedgerContract {
    private static CassandraLedger one;
    private static CassandraLedger another;

    @BeforeAll
    static void connect() {
        CassandraConfig config = Node.freshKeyspace();
        one = CassandraLedger.connect(config);
        another = CassandraLedger.connect(config);
    }

    @AfterAll
    static void close() {
        one.close();
        another.close();
    }

    @Override
    public Ledger ledger() {
        return one;
    }

    @Override
    public Ledger anotherLedger() {
        return another;
    }
}
