package io.carryall.core.migration;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteSizeTest {

    @ParameterizedTest
    @CsvSource({"1, 1", "100MB, 100000000", "1 MB, 1000000", "1MiB, 1048576", "1.5GB, 1500000000", "64kib, 65536", "7B, 7", "1TB, 1000000000000"})
    void a_size_is_read(String text, long bytes) {
        assertThat(ByteSize.parse(text)).hasValue(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "MB", "1XB", "1e6", "1,5MB", "0.5B", "999999999999999999TB", "100 M B", "0x10"})
    void what_is_no_size_is_refused(String text) {
        assertThat(ByteSize.parse(text)).isEmpty();
    }
}
