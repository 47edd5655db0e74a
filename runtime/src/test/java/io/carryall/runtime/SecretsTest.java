package io.carryall.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretsTest {
    @TempDir
    private Path dir;
    private Secrets secrets;

    @BeforeEach
    void make() {
        secrets = new Secrets(dir, Map.of("NAME", "from the environment")::get);
    }

    @Test
    void a_secret_is_found_where_its_reference_says() throws Exception {
        Files.writeString(dir.resolve("pw"), " from a file \r\n");
        Files.writeString(dir.resolve("acme.json"), "{\"run:source/ann\":\"from the run\"}");
        assertThat(secrets.resolve("acme", "env:NAME").reveal()).isEqualTo("from the environment");
        assertThat(secrets.resolve("acme", "file:pw").reveal()).isEqualTo(" from a file ");
        assertThat(secrets.resolve("acme", "file:" + dir.resolve("pw")).reveal()).isEqualTo(" from a file ");
        assertThat(secrets.resolve("acme", "run:source/ann").reveal()).isEqualTo("from the run");
    }

    @Test
    void when_the_file_of_a_run_goes_away_its_secrets_are_gone() throws Exception {
        Path run = Files.writeString(dir.resolve("acme.json"), "{\"run:a\":\"first\"}");
        assertThat(secrets.resolve("acme", "run:a").reveal()).isEqualTo("first");
        Files.writeString(run, "{\"run:a\":\"second one\"}");
        assertThat(secrets.resolve("acme", "run:a").reveal()).isEqualTo("second one");
        Files.delete(run);
        assertUnavailable("acme", "run:a", "go away with the pass");
    }

    @Test
    void what_cannot_be_resolved_is_told_without_quoting_a_secret() throws Exception {
        Files.writeString(dir.resolve("acme.json"), "{\"run:a\":\"hunter2\", garbage hunter2");
        assertUnavailable("acme", "env:OTHER", "env:OTHER");
        assertUnavailable("acme", "file:none", "file:none");
        assertUnavailable("acme", "run:a", "cannot be read");
        assertUnavailable("acme", "hunter2", "begins with env:");
        assertUnavailable("../x", "run:a", "no file name");
    }

    private void assertUnavailable(String migration, String reference, String message) {
        assertThatThrownBy(() -> secrets.resolve(migration, reference)).isInstanceOf(SecretUnavailableException.class)
                .hasMessageContaining(message).hasMessageNotContaining("hunter2").hasNoCause();
    }
}
