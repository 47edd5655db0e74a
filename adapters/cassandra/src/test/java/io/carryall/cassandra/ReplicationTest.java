package io.carryall.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.cassandra.CassandraConfig.Consistency;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReplicationTest {
    private static List<String> shortcomings(Map<String, String> options, Consistency consistency) {
        return Replication.of(options).shortcomings("carryall", consistency, "dc1", 3);
    }

    @Test
    void three_replicas_in_one_datacenter_are_what_is_promised_on() {
        assertThat(shortcomings(Map.of("class", "org.apache.cassandra.locator.NetworkTopologyStrategy", "dc1", "3"), Consistency.LOCAL_QUORUM)).isEmpty();
        assertThat(shortcomings(Map.of("class", "org.apache.cassandra.locator.SimpleStrategy", "replication_factor", "3"), Consistency.LOCAL_QUORUM)).isEmpty();
    }

    @Test
    void fewer_replicas_than_promised_are_told_with_what_that_costs() {
        assertThat(shortcomings(Map.of("class", "org.apache.cassandra.locator.SimpleStrategy", "replication_factor", "1"), Consistency.LOCAL_QUORUM)).singleElement().asString()
                .contains("keyspace carryall has 1 replica, 3 are promised on", "copied a second time");
        assertThat(shortcomings(Map.of("class", "org.apache.cassandra.locator.NetworkTopologyStrategy", "dc1", "2"), Consistency.LOCAL_QUORUM)).singleElement().asString().contains("2 replicas in datacenter dc1");
    }

    @Test
    void replicas_in_another_datacenter_do_not_count_for_a_local_quorum() {
        assertThat(shortcomings(Map.of("class", "org.apache.cassandra.locator.NetworkTopologyStrategy", "dc2", "3"), Consistency.LOCAL_QUORUM)).singleElement().asString().contains("0 replicas in datacenter dc1");
    }

    @Test
    void a_local_quorum_over_two_datacenters_is_told_and_a_quorum_of_both_is_not() {
        Map<String, String> both = Map.of("class", "org.apache.cassandra.locator.NetworkTopologyStrategy", "dc1", "3", "dc2", "3");

        assertThat(shortcomings(both, Consistency.LOCAL_QUORUM)).singleElement().asString().contains("leases are exclusive within one of them only");
        assertThat(shortcomings(both, Consistency.QUORUM)).isEmpty();
    }

    @Test
    void transient_replicas_do_not_count() {
        assertThat(shortcomings(Map.of("class", "org.apache.cassandra.locator.NetworkTopologyStrategy", "dc1", "3/1"), Consistency.LOCAL_QUORUM)).singleElement().asString().contains("2 replicas");
    }
}
