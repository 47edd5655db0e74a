package io.carryall.cassandra;

import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Leases;
import java.util.Optional;

/** Every statement is a lightweight transaction on one row, told apart by a token that is never used twice: so a serial read tells whether a transaction without an answer was carried out. */
final class CassandraLeases implements Leases {
    private static final Lease NEVER_HELD = new Lease("", 0, 0);

    private final Cql cql;
    private final PreparedStatement read;
    private final PreparedStatement insert;
    private final PreparedStatement take;
    private final PreparedStatement renew;
    private final PreparedStatement settle;
    private final PreparedStatement release;

    CassandraLeases(Cql cql) {
        this.cql = cql;
        read = cql.prepareSerialRead("SELECT holder, epoch, settled_epoch FROM lease WHERE target_mailbox = ? AND target_folder = ?");
        insert = cql.prepareConditional("INSERT INTO lease (target_mailbox, target_folder, holder, epoch, settled_epoch) VALUES (?, ?, ?, 1, 0) IF NOT EXISTS");
        take = cql.prepareConditional("UPDATE lease SET holder = ?, epoch = ? WHERE target_mailbox = ? AND target_folder = ? IF holder = ? AND epoch = ? AND settled_epoch = ?");
        renew = cql.prepareConditional("UPDATE lease SET holder = ? WHERE target_mailbox = ? AND target_folder = ? IF holder = ?");
        settle = cql.prepareConditional("UPDATE lease SET settled_epoch = ? WHERE target_mailbox = ? AND target_folder = ? IF holder = ? AND settled_epoch < ?");
        release = cql.prepareConditional("UPDATE lease SET holder = '', settled_epoch = ? WHERE target_mailbox = ? AND target_folder = ? IF holder = ?");
    }

    @Override
    public Optional<Lease> read(TargetFolder folder) {
        return cql.one(Cql.bind(read, folder.mailbox(), folder.folder())).map(CassandraLeases::lease);
    }

    private static Lease lease(Row row) {
        return new Lease(row.getString("holder"), row.getLong("epoch"), row.getLong("settled_epoch"));
    }

    @Override
    public Taken take(TargetFolder folder, Lease seen, String token) {
        if (seen == null) {
            return cql.conditional(Cql.bind(insert, folder.mailbox(), folder.folder(), token), new Taken(true, new Lease(token, 1, 0)), () -> read(folder).map(lease -> taken(lease, token)));
        }
        BoundStatement transaction = Cql.bind(take, token, seen.epoch() + 1, folder.mailbox(), folder.folder(), seen.token(), seen.epoch(), seen.settledEpoch());
        return cql.conditional(transaction, new Taken(true, new Lease(token, seen.epoch() + 1, seen.settledEpoch())), () -> {
            Lease standing = read(folder).orElse(NEVER_HELD);
            return standing.equals(seen) ? Optional.empty() : Optional.of(taken(standing, token));
        });
    }

    private static Taken taken(Lease standing, String token) {
        return new Taken(standing.token().equals(token), standing);
    }

    @Override
    public boolean renew(TargetFolder folder, String oldToken, String newToken) {
        return cql.conditional(Cql.bind(renew, newToken, folder.mailbox(), folder.folder(), oldToken), true, () -> {
            String standing = token(folder);
            return standing.equals(oldToken) ? Optional.empty() : Optional.of(standing.equals(newToken));
        });
    }

    private String token(TargetFolder folder) {
        return read(folder).orElse(NEVER_HELD).token();
    }

    @Override
    public boolean settled(TargetFolder folder, String token, long epoch) {
        return cql.conditional(Cql.bind(settle, epoch, folder.mailbox(), folder.folder(), token, epoch), true, () -> {
            Optional<Lease> standing = read(folder).filter(lease -> lease.token().equals(token));
            boolean open = standing.isPresent() && standing.get().settledEpoch() < epoch;
            return open ? Optional.empty() : Optional.of(standing.isPresent());
        });
    }

    @Override
    public void release(TargetFolder folder, String token, long settledEpoch) {
        cql.conditional(Cql.bind(release, settledEpoch, folder.mailbox(), folder.folder(), token), true,
                () -> token(folder).equals(token) ? Optional.empty() : Optional.of(false));
    }
}
