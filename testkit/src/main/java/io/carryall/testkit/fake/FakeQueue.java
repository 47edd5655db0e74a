package io.carryall.testkit.fake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.carryall.core.port.Queue;
import io.carryall.core.port.QueueException;
import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.Topic;

/**
 * The topics in memory, with partitions, groups, rebalances and redelivery as Kafka has them: when a consumer joins or leaves, its partitions begin again where the
 * group's acknowledgements have no gap.
 *
 * <p>Thread-safe: one lock.
 */
public final class FakeQueue implements Queue {
    private final int partitions;
    private final Faults faults = new Faults();
    private final Map<Topic, List<List<PipelineRecord>>> topics = new EnumMap<>(Topic.class);
    private final Map<GroupId, Group> groups = new HashMap<>();

    public FakeQueue() {
        this(3);
    }

    public FakeQueue(int partitions) {
        this.partitions = partitions;
        for (Topic topic : Topic.values()) {
            List<List<PipelineRecord>> logs = new ArrayList<>();
            for (int i = 0; i < partitions; i++) {
                logs.add(new ArrayList<>());
            }
            topics.put(topic, logs);
        }
    }

    /** One call is named: {@code publish}. */
    public Faults faults() {
        return faults;
    }

    /** Everything that was ever published to a topic, partition by partition. */
    public synchronized List<PipelineRecord> published(Topic topic) {
        return topics.get(topic).stream().flatMap(List::stream).toList();
    }

    /** A rebalance out of the blue: what is not acknowledged comes again. */
    public synchronized void rebalance(Topic topic, String group) {
        Group one = groups.get(new GroupId(topic, group));
        if (one != null) {
            one.rebalance();
        }
    }

    @Override
    public CompletableFuture<Void> publish(PipelineRecord record) {
        try {
            faults.run("publish", message -> new QueueException(message, null), () -> {
                append(record);
                return null;
            });
            return CompletableFuture.completedFuture(null);
        } catch (QueueException lost) {
            return CompletableFuture.failedFuture(lost);
        }
    }

    private synchronized void append(PipelineRecord record) {
        topics.get(record.topic()).get(Math.floorMod(record.key().hashCode(), partitions)).add(record);
        notifyAll();
    }

    @Override
    public synchronized Consumer subscribe(Topic topic, String group, int inFlightMax) {
        Group joined = groups.computeIfAbsent(new GroupId(topic, group), id -> new Group(topics.get(topic)));
        Member member = new Member(joined, inFlightMax);
        joined.members.add(member);
        joined.rebalance();
        notifyAll();
        return member;
    }

    @Override
    public void close() {
        // The topics belong to all clients.
    }

    private record GroupId(Topic topic, String group) { }

    private final class Group {
        final List<List<PipelineRecord>> logs;
        final List<Member> members = new ArrayList<>();
        /** Per partition: the first offset without acknowledgement, and the acknowledged ones beyond it. */
        final int[] committed = new int[partitions];
        final List<TreeSet<Integer>> beyond = new ArrayList<>();
        final int[] position = new int[partitions];
        int rebalances;

        Group(List<List<PipelineRecord>> logs) {
            this.logs = logs;
            for (int i = 0; i < partitions; i++) {
                beyond.add(new TreeSet<>());
            }
        }

        void rebalance() {
            rebalances++;
            for (int i = 0; i < partitions; i++) {
                beyond.get(i).clear();
                position[i] = committed[i];
            }
            members.forEach(member -> member.inFlight = 0);
        }

        void acknowledge(int partition, int offset) {
            beyond.get(partition).add(offset);
            while (beyond.get(partition).remove(committed[partition])) {
                committed[partition]++;
            }
        }
    }

    private final class Member implements Consumer {
        private final Group group;
        private final int inFlightMax;
        private int inFlight;

        Member(Group group, int inFlightMax) {
            this.group = group;
            this.inFlightMax = inFlightMax;
        }

        @Override
        public List<Delivery> poll(Duration wait) {
            synchronized (FakeQueue.this) {
                long deadline = System.nanoTime() + wait.toNanos();
                List<Delivery> taken = take();
                while (taken.isEmpty() && System.nanoTime() < deadline) {
                    try {
                        FakeQueue.this.wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return taken;
                    }
                    taken = take();
                }
                return taken;
            }
        }

        private List<Delivery> take() {
            List<Delivery> taken = new ArrayList<>();
            int index = group.members.indexOf(this);
            for (int partition = 0; index >= 0 && partition < partitions; partition++) {
                if (partition % group.members.size() != index) {
                    continue;
                }
                List<PipelineRecord> log = group.logs.get(partition);
                while (inFlight < inFlightMax && group.position[partition] < log.size()) {
                    int offset = group.position[partition]++;
                    inFlight++;
                    taken.add(new Handed(this, partition, offset, group.rebalances, log.get(offset)));
                }
            }
            return taken;
        }

        @Override
        public void close() {
            synchronized (FakeQueue.this) {
                if (group.members.remove(this)) {
                    group.rebalance();
                    FakeQueue.this.notifyAll();
                }
            }
        }
    }

    private final class Handed implements Delivery {
        private final Member member;
        private final int partition;
        private final int offset;
        private final int rebalances;
        private final PipelineRecord record;
        private boolean acknowledged;

        Handed(Member member, int partition, int offset, int rebalances, PipelineRecord record) {
            this.member = member;
            this.partition = partition;
            this.offset = offset;
            this.rebalances = rebalances;
            this.record = record;
        }

        @Override
        public PipelineRecord record() {
            return record;
        }

        @Override
        public boolean isCurrent() {
            synchronized (FakeQueue.this) {
                return rebalances == member.group.rebalances;
            }
        }

        @Override
        public void acknowledge() {
            synchronized (FakeQueue.this) {
                if (acknowledged || !isCurrent()) {
                    return;
                }
                acknowledged = true;
                member.inFlight--;
                member.group.acknowledge(partition, offset);
                FakeQueue.this.notifyAll();
            }
        }
    }
}
