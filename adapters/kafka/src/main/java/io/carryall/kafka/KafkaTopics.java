package io.carryall.kafka;

import io.carryall.core.port.QueueException;
import io.carryall.core.record.Topic;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes the topics, and tells whether the brokers answer. Thread-safe. */
public final class KafkaTopics implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(KafkaTopics.class.getName());
    private static final long ANSWER_SECONDS_MAX = 30;
    private static final long UNKNOWN_PAUSE_MILLIS = 100;

    private final KafkaConfig config;
    private final Admin admin;

    public KafkaTopics(KafkaConfig config) {
        this.config = config;
        try {
            admin = Admin.create(ClientProperties.admin(config));
        } catch (KafkaException e) {
            throw new QueueException("no Kafka client for " + config.bootstrapServers() + ": " + KafkaQueue.rootMessage(e), e);
        }
    }

    /**
     * Creates the topics that are missing. Those that exist are left as they are: what falls short of the layout is logged and returned, one line each. Several processes may do this at once.
     *
     * @throws QueueException if the brokers do not answer or refuse
     */
    public List<String> ensure(TopicLayout layout) {
        Map<String, KafkaFuture<Void>> creations = admin.createTopics(Arrays.stream(Topic.values()).map(topic -> newTopic(topic, layout)).toList()).values();
        creations.forEach((topic, creation) -> {
            try {
                answer(creation, "create topic " + topic);
            } catch (QueueException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        });
        List<String> shortcomings = shortcomingsOnceKnown(layout);
        shortcomings.forEach(line -> LOG.log(Level.WARNING, line));
        return shortcomings;
    }

    private static NewTopic newTopic(Topic topic, TopicLayout layout) {
        Map<String, String> settings = new HashMap<>();
        settings.put(TopicConfig.RETENTION_MS_CONFIG, String.valueOf(layout.retention().get(topic).toMillis()));
        settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, String.valueOf(layout.minInSyncReplicas()));
        settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        return new NewTopic(topic.topicName(), layout.partitionsOf(topic), (short) layout.replicas()).configs(settings);
    }

    /** A topic that was made a moment ago is not known to every broker yet. */
    private List<String> shortcomingsOnceKnown(TopicLayout layout) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS_MAX);
        while (true) {
            try {
                return shortcomings(layout);
            } catch (QueueException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline || pauseIsInterrupted()) {
                    throw e;
                }
            }
        }
    }

    private static boolean pauseIsInterrupted() {
        try {
            TimeUnit.MILLISECONDS.sleep(UNKNOWN_PAUSE_MILLIS);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private List<String> shortcomings(TopicLayout layout) {
        List<String> lines = new ArrayList<>();
        eachTopic((topic, description, inSyncMin) -> lines.addAll(shortcomings(topic, description, inSyncMin, layout)));
        return lines;
    }

    private interface TopicLook {
        void at(Topic topic, TopicDescription description, int inSyncMin);
    }

    private void eachTopic(TopicLook look) {
        List<String> names = Arrays.stream(Topic.values()).map(Topic::topicName).toList();
        List<ConfigResource> resources = names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
        Map<String, TopicDescription> descriptions = answer(admin.describeTopics(names).allTopicNames(), "describe the topics");
        Map<ConfigResource, Config> configs = answer(admin.describeConfigs(resources).all(), "describe the topics' settings");
        for (Topic topic : Topic.values()) {
            int inSyncMin = Integer.parseInt(configs.get(new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName())).get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG).value());
            look.at(topic, descriptions.get(topic.topicName()), inSyncMin);
        }
    }

    private static int replicasOf(TopicDescription description) {
        return description.partitions().stream().mapToInt(partition -> partition.replicas().size()).min().orElse(0);
    }

    private static List<String> shortcomings(Topic topic, TopicDescription description, int inSyncMin, TopicLayout layout) {
        List<String> lines = new ArrayList<>();
        int partitions = description.partitions().size();
        int replicas = replicasOf(description);
        if (partitions < layout.partitionsOf(topic)) {
            lines.add(topic.topicName() + " has " + partitions + " partitions, " + layout.partitionsOf(topic) + " are asked for: no more instances than partitions can share its work");
        }
        if (replicas < layout.replicas()) {
            lines.add(topic.topicName() + " has " + replicas + " replicas, " + layout.replicas() + " are asked for");
        }
        if (inSyncMin < layout.minInSyncReplicas()) {
            lines.add(topic.topicName() + " has min.insync.replicas=" + inSyncMin + ", " + layout.minInSyncReplicas() + " is asked for: a broker's loss could take confirmed records along");
        }
        if (inSyncMin > replicas) {
            lines.add(topic.topicName() + " has min.insync.replicas=" + inSyncMin + " and only " + replicas + " replicas: nothing can be published to it");
        }
        return lines;
    }

    /**
     * What of the topics and of the producer's settings falls short of what is promised, one line each with what it costs; asked anew each time.
     *
     * @param replicas how many are promised on: 3, or 1 where one broker is all there is meant to be
     * @throws QueueException if the brokers do not tell
     */
    public List<String> shortcomings(int replicas) {
        TopicLayout promised = TopicLayout.of(1, replicas);
        List<String> lines = new ArrayList<>();
        Map<String, List<String>> topicsByWords = new LinkedHashMap<>();
        eachTopic((topic, description, inSyncMin) -> {
            int found = replicasOf(description);
            if (found < promised.replicas() || inSyncMin < promised.minInSyncReplicas()) {
                topicsByWords.computeIfAbsent(found + (found == 1 ? " replica" : " replicas") + " and min.insync.replicas " + inSyncMin, words -> new ArrayList<>()).add(topic.topicName());
            }
        });
        topicsByWords.forEach((words, topics) -> lines.add("Kafka: " + String.join(", ", topics) + ": " + words + ", " + promised.replicas() + " and " + promised.minInSyncReplicas()
                + " are promised on: a broker that is lost takes confirmed records with it. No item is lost or doubled by that, but its pair waits until the ledger publishes them again"));
        String acks = String.valueOf(ClientProperties.producer(config).get(ProducerConfig.ACKS_CONFIG));
        if (!acks.equals("all") && !acks.equals("-1")) {
            lines.add("Kafka: carryall.kafka.client-file sets acks=" + acks + ": a record counts as published before its replicas have it. Take that line out");
        }
        return lines;
    }

    /** Why the brokers can't be used now; empty if they answer within {@code timeout}. */
    public Optional<String> unreachable(Duration timeout) {
        try {
            admin.describeCluster(new DescribeClusterOptions().timeoutMs(Math.toIntExact(timeout.toMillis()))).clusterId().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(config.bootstrapServers() + ": " + KafkaQueue.rootMessage(e));
        } catch (TimeoutException e) {
            return Optional.of(config.bootstrapServers() + ": no answer in " + timeout.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    private <T> T answer(KafkaFuture<T> future, String what) {
        try {
            return future.get(ANSWER_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new QueueException("could not " + what + " on " + config.bootstrapServers() + ": " + KafkaQueue.rootMessage(e), e.getCause());
        } catch (TimeoutException e) {
            throw new QueueException("could not " + what + ": no answer from " + config.bootstrapServers() + " in " + ANSWER_SECONDS_MAX + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QueueException("interrupted while waiting to " + what, e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}
