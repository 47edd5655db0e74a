package io.carryall.core.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PointInTimeTest {

    @ParameterizedTest
    @CsvSource({"2024-02-29, 2024-02-29T00:00:00Z", "2024-01-31T18:00:00+01:00, 2024-01-31T17:00:00Z", "2024-01-31t18:00:00z, 2024-01-31T18:00:00Z", "2024-01-31 18:00:00.5Z, 2024-01-31T18:00:00.5Z"})
    void a_date_is_midnight_utc_and_a_time_is_what_it_says(String text, Instant instant) {
        assertThat(PointInTime.parse(text)).contains(instant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2023-02-29", "2024-13-01", "2024-1-1", "01.02.2024", "2024-01-31T18:00:00", "2024-01-31T25:00:00Z", "yesterday", "20240131", "2024-01-31T18:00Z"})
    void an_impossible_date_is_refused(String text) {
        assertThat(PointInTime.parse(text)).isEmpty();
    }
}
