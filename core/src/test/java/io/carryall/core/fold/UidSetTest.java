package io.carryall.core.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class UidSetTest {
    @Test
    void holds_what_was_added_in_any_order_sparse_and_dense() {
        Random random = new Random(7);
        UidSet set = new UidSet();
        TreeSet<Long> expected = new TreeSet<>();
        for (int i = 0; i < 40_000; i++) {
            long uid = random.nextBoolean() ? random.nextInt(50_000) : random.nextLong() & 0xFFFF_FFFFL;
            assertThat(set.add(uid)).isEqualTo(expected.add(uid));
        }
        assertThat(set.size()).isEqualTo(expected.size());
        for (long uid = 0; uid < 50_000; uid++) {
            assertThat(set.contains(uid)).isEqualTo(expected.contains(uid));
        }
        assertThat(expected).allMatch(set::contains);
        assertThat(set.stream().boxed()).containsExactlyElementsOf(expected);
    }

    @Test
    void holds_the_largest_uid_and_no_larger_one() {
        UidSet set = new UidSet();
        set.add(0xFFFF_FFFFL);
        assertThat(set.contains(0xFFFF_FFFFL)).isTrue();
        assertThat(set.contains(1)).isFalse();
        assertThatThrownBy(() -> set.add(1L << 32)).isInstanceOf(IllegalArgumentException.class);
    }
}
