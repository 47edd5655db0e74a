package io.carryall.runtime;

import io.smallrye.config.ConfigMapping;

/** {@code carryall.durability.*}: what is promised of the clusters. Default and meaning stand in this module's {@code META-INF/microprofile-config.properties}. */
@ConfigMapping(prefix = "carryall.durability")
public interface DurabilitySettings {
    int replicas();
}
