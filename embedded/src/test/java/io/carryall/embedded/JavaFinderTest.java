package io.carryall.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JavaFinderTest {

    @TempDir
    private Path dir;

    @Test
    void java_home_comes_first_when_it_fits() throws Exception {
        Path chosen = home("chosen", "11.0.22");
        Path running = home("running", "17.0.15");

        assertThat(new JavaFinder(Optional.of(chosen), running, List.of()).forCassandra()).isEqualTo(chosen.resolve("bin/java"));
    }

    @Test
    void a_java_home_that_does_not_fit_is_passed_over() throws Exception {
        Path chosen = home("chosen", "25.0.1");
        Path running = home("running", "17.0.15");

        assertThat(new JavaFinder(Optional.of(chosen), running, List.of()).forCassandra()).isEqualTo(running.resolve("bin/java"));
    }

    @Test
    void of_those_installed_17_comes_before_11() throws Exception {
        Path running = home("running", "25.0.1");
        home("installed/java-11", "11.0.22");
        Path seventeen = home("installed/java-17", "17");
        home("installed/java-8", "1.8.0_292");

        assertThat(new JavaFinder(Optional.empty(), running, List.of(dir.resolve("absent"), dir.resolve("installed"))).forCassandra()).isEqualTo(seventeen.resolve("bin/java"));
    }

    @Test
    void a_folder_that_only_looks_like_a_java_home_is_passed_over() throws Exception {
        Path running = home("running", "25.0.1");
        Files.delete(home("installed/broken", "17.0.1").resolve("bin/java"));
        Files.createDirectories(dir.resolve("installed/empty"));

        assertThatThrownBy(() -> new JavaFinder(Optional.empty(), running, List.of(dir.resolve("installed"))).forCassandra())
                .isInstanceOf(StartFailedException.class).hasMessageContaining("needs Java 17").hasMessageContaining("JAVA_HOME").hasMessageNotContaining("\n");
    }

    private Path home(String name, String version) throws Exception {
        Path home = dir.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Somebody\"\nJAVA_VERSION=\"" + version + "\"\n");
        assertThat(Files.createFile(home.resolve("bin/java")).toFile().setExecutable(true)).isTrue();
        return home;
    }
}
