/**
 * Starts a real Kafka broker and a real Cassandra node as child processes, for those who have none: the embedded stack, and the tests.
 *
 * <p>What surprises at first: the servers' jars never come onto our class path ({@code embedded/kafka-server} and {@code embedded/cassandra-server} copy them to a folder);
 * ports are others at each start, with the data kept; a child holds its data directory's lock itself and ends when the pipe from its parent does, so nothing is left
 * behind by {@code kill -9} either. Start reading at {@link io.carryall.embedded.EmbeddedStack}, then {@code ServerProcess}.
 */
package io.carryall.embedded;
