package io.carryall.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carryall.core.item.Fingerprint;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.How;
import io.carryall.core.port.Leases.Lease;
import io.carryall.core.port.Leases.Taken;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.Passes.PassState;
import io.carryall.core.record.FolderStatus;
import io.carryall.testkit.net.FaultProxy;
import io.carryall.testkit.net.FaultProxy.Action;
import io.carryall.testkit.net.FaultProxy.Direction;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A proxy stands between the ledger and the node, and takes answers or requests away. */
@Tag("integration")
final class LostAnswerTest implements LedgerListener {
    private static final CassandraConfig DIRECT = Node.freshKeyspace();

    private final TargetFolder folder = new TargetFolder("new/ann@new.example", UUID.randomUUID().toString());
    private final FaultProxy proxy = new FaultProxy(Node.port());
    private volatile boolean releasesAfterTimeout;
    private CassandraLedger ledger;

    @BeforeEach
    void connect() {
        CassandraConfig config = CassandraConfig.of("127.0.0.1:" + proxy.port(), DIRECT.localDatacenter()).withKeyspace(DIRECT.keyspace());
        CassandraLedger.connect(DIRECT).close();
        ledger = CassandraLedger.connect(config.withRequestTimeoutMillis(4_000), this);
    }

    @AfterEach
    void close() {
        ledger.close();
        proxy.close();
    }

    @Override
    public void failed(Kind kind, boolean timeout) {
        if (releasesAfterTimeout && timeout) {
            proxy.release();
        }
    }

    @Test
    void a_take_whose_answer_is_cut_off_is_known_to_be_taken() {
        proxy.trapBytes(Direction.TO_CLIENT, 0, Action.CUT);

        Taken taken = ledger.leases().take(folder, null, "token-a");

        assertThat(proxy.sprung()).isEqualTo(1);
        assertThat(taken).isEqualTo(new Taken(true, new Lease("token-a", 1, 0)));
    }

    @Test
    void a_take_that_times_out_is_known_to_be_taken() {
        Lease seen = ledger.leases().take(folder, null, "token-a").lease();
        releasesAfterTimeout = true;
        proxy.trapBytes(Direction.TO_CLIENT, 0, Action.HOLD);

        Taken taken = ledger.leases().take(folder, seen, "token-b");

        assertThat(proxy.sprung()).isEqualTo(1);
        assertThat(taken).isEqualTo(new Taken(true, new Lease("token-b", 2, 0)));
    }

    @Test
    void a_take_that_never_arrives_is_carried_out_once_the_node_can_be_reached() {
        proxy.trapBeforeText(Direction.TO_SERVER, "token-a", Action.CUT);

        Taken taken = ledger.leases().take(folder, null, "token-a");

        assertThat(proxy.sprung()).isEqualTo(1);
        assertThat(taken).isEqualTo(new Taken(true, new Lease("token-a", 1, 0)));
    }

    @Test
    void a_renewal_and_a_release_whose_answers_are_cut_off_are_known_to_be_done() {
        ledger.leases().take(folder, null, "token-a");
        proxy.trapBytes(Direction.TO_CLIENT, 0, Action.CUT);
        assertThat(ledger.leases().renew(folder, "token-a", "token-b")).isTrue();

        proxy.trapBytes(Direction.TO_CLIENT, 0, Action.CUT);
        ledger.leases().release(folder, "token-b", 1);

        assertThat(proxy.sprung()).isEqualTo(2);
        assertThat(ledger.leases().read(folder)).contains(new Lease("", 1, 1));
    }

    @Test
    void a_pass_whose_answers_are_cut_off_is_known_to_be_made_and_moved() {
        PassId pass = new PassId(folder.folder(), 1);
        ledger.passes().newest(pass.migration());
        proxy.trapAfterText(Direction.TO_SERVER, "RUNNING", Action.CUT);
        assertThat(ledger.passes().create(pass, "{}", true, Instant.EPOCH)).isTrue();

        proxy.trapBytes(Direction.TO_CLIENT, 0, Action.CUT);
        assertThat(ledger.passes().move(pass, PassState.RUNNING, PassState.ENDED)).isTrue();

        assertThat(proxy.sprung()).isEqualTo(2);
        assertThat(ledger.passes().get(pass).orElseThrow().state()).isEqualTo(PassState.ENDED);
    }

    @Test
    void watermarks_that_are_put_together_and_whose_answer_or_request_is_cut_off_are_put() {
        PairId pair = new PairId("together");
        Map<Watermark, Watermark> first = new HashMap<>();
        Map<Watermark, Watermark> second = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            first.put(watermark(i, "cut-answer"), null);
            second.put(watermark(i, "cut-request"), watermark(i, "cut-answer"));
        }
        proxy.trapBytes(Direction.TO_CLIENT, 0, Action.CUT);
        ledger.folders().putWatermarks(pair, 1, first);
        assertThat(ledger.folders().watermarks(pair, 1)).containsExactlyInAnyOrderElementsOf(first.keySet());

        proxy.trapBeforeText(Direction.TO_SERVER, "cut-request", Action.CUT);
        ledger.folders().putWatermarks(pair, 1, second);

        assertThat(proxy.sprung()).isEqualTo(2);
        assertThat(ledger.folders().watermarks(pair, 1)).containsExactlyInAnyOrderElementsOf(second.keySet());
    }

    private static Watermark watermark(int number, String scan) {
        return new Watermark(new FolderId("f" + number), new FolderStatus(7, 11, 0, 10), "hash", scan, 10, 10, 0, 0, 0);
    }

    @Test
    void facts_are_written_though_the_connection_is_cut_meanwhile() {
        FolderKey source = new FolderKey(new PairId("p1"), 1, new FolderId(folder.folder()), 7);
        List<Done> done = LongStream.rangeClosed(1, 500)
                .mapToObj(uid -> new Done(uid, new PassId("m", 1), How.COPIED, new Fingerprint(uid, uid, "headers", "content"), folder, 7, uid, Set.of(), Set.of())).toList();
        proxy.trapBytes(Direction.TO_SERVER, 20_000, Action.RESET);

        ledger.items().done(source, done);

        assertThat(proxy.sprung()).isEqualTo(1);
        assertThat(ledger.items().facts(source, done.stream().map(Done::uid).toList())).hasSize(500);
    }

    @Test
    void a_node_that_is_gone_is_told_with_its_address_and_what_to_do() {
        proxy.close();

        assertThatThrownBy(() -> ledger.leases().read(folder)).isInstanceOf(LedgerException.class).hasMessageContaining("127.0.0.1:" + proxy.port()).hasMessageContaining("Look at");
        assertThatThrownBy(() -> ledger.leases().take(folder, null, "token-a")).isInstanceOf(LedgerException.class);
        assertThat(ledger.probe()).matches(probe -> !probe.answers() && probe.detail().contains("127.0.0.1"));
    }

    @Test
    void a_node_that_is_not_there_at_the_start_is_told_the_same_way() {
        proxy.close();
        CassandraConfig nowhere = CassandraConfig.of("127.0.0.1:" + proxy.port(), DIRECT.localDatacenter());

        assertThatThrownBy(() -> CassandraLedger.connect(nowhere)).isInstanceOf(LedgerException.class).hasMessageContaining("127.0.0.1:" + proxy.port()).hasMessageContaining("Look at");
    }
}
