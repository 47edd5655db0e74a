package io.carryall.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.core.port.QueueException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DurabilityTest {

    @Test
    void clusters_are_asked_anew_each_time() {
        Durability durability = new Durability(3);
        List<String> lines = new ArrayList<>(List.of("too few"));
        durability.connected("Cassandra", replicas -> replicas == 3 ? List.copyOf(lines) : List.of());
        assertThat(durability.shortcomings()).containsExactly("too few");

        lines.clear();

        assertThat(durability.shortcomings()).isEmpty();
    }

    @Test
    void a_cluster_that_does_not_answer_is_said_to_be_so_and_stops_nobody() {
        Durability durability = new Durability(3);

        durability.connected("Kafka", replicas -> {
            throw new QueueException("no answer", null);
        });

        assertThat(durability.shortcomings()).singleElement().asString().contains("Kafka", "no answer");
    }
}
