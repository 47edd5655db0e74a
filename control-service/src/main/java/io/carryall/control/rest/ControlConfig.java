package io.carryall.control.rest;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** What an operator can set of control. */
@ConfigMapping(prefix = "carryall.control")
public interface ControlConfig {
    /** What callers have to show; without it and without a token file nobody is let in. */
    Optional<String> token();

    /** A file with the token, instead. */
    Optional<Path> tokenFile();

    /** Pairs whose scan is asked for and has not ended. */
    @WithDefault("1000")
    int scansAtOnceMax();

    /** Pairs that are looked at, or folded, at the same time. */
    @WithDefault("4")
    int looksAtOnceMax();

    /** How often a pair is looked at of which nothing is heard. */
    @WithDefault("3000")
    long pollMillis();

    /** Failures listed of one folder. */
    @WithDefault("1000")
    int failuresMax();
}
