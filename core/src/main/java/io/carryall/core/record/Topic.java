package io.carryall.core.record;

/** The topics, under the names that they carry in the broker. */
public enum Topic {
    SCANS("carryall.scans"),
    ITEMS("carryall.items"),
    COPIES("carryall.copies"),
    OUTCOMES("carryall.outcomes"),
    DEAD_LETTERS("carryall.dead-letters");

    private final String topicName;

    Topic(String topicName) {
        this.topicName = topicName;
    }

    public String topicName() {
        return topicName;
    }
}
