package io.carryall.scanner;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.ItemKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Items;
import io.carryall.core.port.Ledger;
import io.carryall.testkit.fake.FakeLedger;
import java.lang.reflect.Proxy;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

final class OwnersTest {
    private static final TargetFolder TARGET = new TargetFolder("new/ann", "INBOX");
    private static final FolderKey SOURCE = new FolderKey(new PairId("p"), 1, new FolderId("f"), 7);

    @Test
    void a_million_claimed_messages_fit_into_a_small_heap() {
        Ledger large = claiming(1_000_000);
        long[] told = new long[1];
        long before = usedBytes();
        Owners owners = Owners.of(large, TARGET, 1, 1, (uid, item) -> told[0]++);
        long more = usedBytes() - before;

        assertThat(owners.isClaimed(1)).isTrue();
        assertThat(owners.isClaimed(1_000_000)).isTrue();
        assertThat(owners.isClaimed(1_000_001)).isFalse();
        assertThat(told[0]).isEqualTo(1_000_000);
        assertThat(more).isLessThan(16L << 20);
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** A ledger that tells so many claims, and holds none of them. */
    private static Ledger claiming(long count) {
        FakeLedger empty = new FakeLedger();
        Items items = (Items) Proxy.newProxyInstance(Items.class.getClassLoader(), new Class<?>[] {Items.class}, (proxy, method, arguments) -> {
            assertThat(method.getName()).isEqualTo("forEachClaim");
            @SuppressWarnings("unchecked")
            BiConsumer<Long, ItemKey> claims = (BiConsumer<Long, ItemKey>) arguments[3];
            for (long uid = 1; uid <= count; uid++) {
                claims.accept(uid, SOURCE.item(uid));
            }
            return null;
        });
        return (Ledger) Proxy.newProxyInstance(Ledger.class.getClassLoader(), new Class<?>[] {Ledger.class}, (proxy, method, arguments) -> method.getName().equals("items") ? items : method.invoke(empty, arguments));
    }
}
