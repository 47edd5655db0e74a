package io.carryall.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class MemoryTest {
    private static final int MESSAGES = 200_000;

    @Test
    void messages_need_less_than_a_hundred_bytes_each() {
        long before = usedBytes();
        Entries source = entries();
        Entries target = entries();
        FolderComparison comparison = FolderComparison.compare(source, target, false);
        long bytes = usedBytes() - before;
        assertThat(comparison.missing().count() + comparison.extra().count() + comparison.different().count()).isZero();
        assertThat(bytes / (2.0 * MESSAGES)).isLessThan(100);
    }

    private static Entries entries() {
        Entries entries = new Entries(0);
        for (int i = 0; i < MESSAGES; i++) {
            entries.add(i + 1L, i, i % 5_000, 0, Identity.of(("Message-ID: <" + i + "@x>\r\n").getBytes(StandardCharsets.US_ASCII)), false);
        }
        return entries;
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
