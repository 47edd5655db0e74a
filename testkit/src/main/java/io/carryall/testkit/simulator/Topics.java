package io.carryall.testkit.simulator;

import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.Topic;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/** The topics, with one group of consumers each: at least once, and after each rebalance everything again that was not acknowledged. */
final class Topics {
    private static final int PARTITIONS = 3;
    private static final long SESSION_MILLIS = 8_000;

    private final World world;
    private final Map<Topic, Group> groups = new EnumMap<>(Topic.class);

    Topics(World world) {
        this.world = world;
    }

    final class Delivery {
        private final Group group;
        private final int partition;
        private final int offset;
        private final int generation;
        private final PipelineRecord record;

        private Delivery(Group group, int partition, int offset, PipelineRecord record) {
            this.group = group;
            this.partition = partition;
            this.offset = offset;
            this.generation = group.generation;
            this.record = record;
        }

        PipelineRecord record() {
            return record;
        }

        void acknowledge() {
            if (generation == group.generation) {
                group.acknowledged(partition, offset);
            }
        }
    }

    private static final class Member {
        final Machine machine;
        final int life;
        final int inFlightMax;
        final Consumer<Delivery> handler;
        int inFlight;

        Member(Machine machine, int inFlightMax, Consumer<Delivery> handler) {
            this.machine = machine;
            this.life = machine.life();
            this.inFlightMax = inFlightMax;
            this.handler = handler;
        }

        boolean isGone() {
            return !machine.isUp() || machine.life() != life;
        }
    }

    private final class Group {
        final List<List<PipelineRecord>> logs = new ArrayList<>();
        final int[] position = new int[PARTITIONS];
        final int[] committed = new int[PARTITIONS];
        final List<TreeSet<Integer>> acknowledged = new ArrayList<>();
        final List<Member> members = new ArrayList<>();
        final List<Member> away = new ArrayList<>();
        int generation;

        Group() {
            for (int i = 0; i < PARTITIONS; i++) {
                logs.add(new ArrayList<>());
                acknowledged.add(new TreeSet<>());
            }
        }

        void acknowledged(int partition, int offset) {
            if (!acknowledged.get(partition).add(offset)) {
                return;
            }
            while (acknowledged.get(partition).contains(committed[partition])) {
                committed[partition]++;
            }
            Member owner = owner(partition);
            if (owner != null) {
                owner.inFlight--;
            }
            pump();
        }

        Member owner(int partition) {
            return members.isEmpty() ? null : members.get((partition + generation) % members.size());
        }

        /** What nobody has taken yet is gone, as after the time that a topic keeps its records, or a power cut. */
        void lose(int partition) {
            committed[partition] = logs.get(partition).size();
            position[partition] = logs.get(partition).size();
        }

        void rebalance() {
            generation++;
            members.removeIf(Member::isGone);
            members.forEach(member -> member.inFlight = 0);
            for (int i = 0; i < PARTITIONS; i++) {
                position[i] = committed[i];
                acknowledged.get(i).tailSet(committed[i]).clear();
            }
            pump();
        }

        void pump() {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                Member owner = owner(partition);
                List<PipelineRecord> log = logs.get(partition);
                while (owner != null && !owner.isGone() && owner.inFlight < owner.inFlightMax && position[partition] < log.size()) {
                    owner.inFlight++;
                    hand(owner, new Delivery(this, partition, position[partition], log.get(position[partition])));
                    position[partition]++;
                }
            }
        }

        void hand(Member owner, Delivery delivery) {
            world.in(world.latency(), owner.machine.here(() -> {
                world.note(() -> owner.machine.name() + " is handed " + Words.of(delivery.record));
                owner.handler.accept(delivery);
            }));
            if (world.fault(world.odds().twice())) {
                Member other = members.get(world.random().nextInt(members.size()));
                long later = world.between(100, 30_000);
                if (!other.isGone()) {
                    world.in(later, other.machine.here(() -> other.handler.accept(delivery)));
                }
            }
        }
    }

    private Group group(Topic topic) {
        return groups.computeIfAbsent(topic, t -> new Group());
    }

    void join(Topic topic, Machine machine, int inFlightMax, Consumer<Delivery> handler) {
        group(topic).members.add(new Member(machine, inFlightMax, handler));
        group(topic).rebalance();
    }

    /** Members that crashed or do not answer lose their partitions after a while; those that came back get some again. */
    void watchMembers() {
        for (Group group : groups.values()) {
            boolean gone = group.members.stream().anyMatch(Member::isGone);
            List<Member> silent = group.members.stream().filter(member -> member.machine.isPaused()).toList();
            List<Member> back = group.away.stream().filter(member -> !member.isGone() && !member.machine.isPaused()).toList();
            group.away.removeIf(member -> member.isGone() || back.contains(member));
            group.members.addAll(back);
            group.members.removeAll(silent);
            group.away.addAll(silent);
            if (gone || !silent.isEmpty() || !back.isEmpty()) {
                group.rebalance();
            }
        }
        world.in(SESSION_MILLIS, this::watchMembers);
    }

    void rebalanceOne() {
        List<Topic> topics = new ArrayList<>(groups.keySet());
        Topic topic = topics.get(world.random().nextInt(topics.size()));
        world.note(() -> "the partitions of " + topic + " move");
        group(topic).rebalance();
    }

    void loseRecords(Topic topic) {
        int partition = world.random().nextInt(PARTITIONS);
        world.note(() -> "records of " + topic + " are lost");
        group(topic).lose(partition);
    }

    void publish(Machine machine, PipelineRecord record, Runnable published, Runnable failed) {
        boolean lost = world.fault(world.odds().callFails());
        boolean unknown = world.fault(world.odds().writeUnknown());
        long there = world.latency();
        if (!lost) {
            world.in(there, () -> {
                Group group = group(record.topic());
                group.logs.get(Math.floorMod(record.key().hashCode(), PARTITIONS)).add(record);
                group.pump();
            });
        }
        machine.in(there + (lost || unknown ? world.between(500, 3_000) : world.latency()), lost || unknown ? failed : published);
    }
}
