package io.carryall.runtime;

import io.smallrye.config.ConfigMapping;

/** {@code carryall.mail.*}: how mail servers are met, and where their secrets are. Defaults and meanings stand in this module's {@code META-INF/microprofile-config.properties}. */
@ConfigMapping(prefix = "carryall.mail")
public interface MailSettings {
    String secretsDir();

    long idleMillis();

    int instances();

    int connectTimeoutMillis();

    int readTimeoutMillis();

    int writeTimeoutMillis();
}
