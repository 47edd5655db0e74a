package io.carryall.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a checkout of its own, with a Maven that only pretends to build: it puts the command's jar where the real one would, and counts. */
final class LauncherTest {
    private static final List<String> TOOLS = List.of("sh", "readlink", "dirname", "sed", "find", "head", "touch", "mv", "mkdir", "env", "flock", "grep", "cp", "sleep", "java", "true", "cat", "rm", "rmdir");

    @TempDir
    Path directory;
    private Path home;
    private Path tools;

    @BeforeEach
    void checkout() throws Exception {
        home = Files.createDirectories(directory.resolve("a checkout"));
        Files.copy(Path.of(System.getProperty("carryall.home"), "carryall"), home.resolve("carryall"));
        home.resolve("carryall").toFile().setExecutable(true);
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        Files.createDirectories(home.resolve("core/src/main/java"));
        Files.writeString(home.resolve("core/src/main/java/A.java"), "class A {}");
        makeJar(home.resolve("made.jar"));
        tools = Files.createDirectory(directory.resolve("tools"));
        for (String tool : TOOLS) {
            Files.createSymbolicLink(tools.resolve(tool), where(tool));
        }
        maven("mkdir -p cli/target/lib; sleep 1; cp made.jar cli/target/carryall-cli.jar");
    }

    /** JUnit would warn of each link that leads out of its directory. */
    @AfterEach
    void links() throws Exception {
        for (String tool : TOOLS) {
            Files.deleteIfExists(tools.resolve(tool));
        }
        Files.deleteIfExists(directory.resolve("bin/outer"));
    }

    @Test
    void what_is_missing_is_built_and_said_on_standard_error() throws Exception {
        Ran ran = launch("check", "nowhere.yaml", "--json");

        assertThat(ran.status).as(ran.err).isEqualTo(1);
        assertThat(ran.out).startsWith("{\"errors\":[{\"file\":\"nowhere.yaml\"").hasLineCount(1);
        assertThat(ran.err).contains("carryall: building", "carryall: built");
    }

    @Test
    void what_is_built_is_not_built_again_until_a_source_is_newer() throws Exception {
        launch("--help");
        Ran second = launch("--help");
        Files.setLastModifiedTime(home.resolve("core/src/main/java/A.java"), FileTime.from(Instant.now().plusSeconds(5)));
        Ran third = launch("--help");

        assertThat(second.err).isEmpty();
        assertThat(third.err).contains("building");
        assertThat(builds()).isEqualTo(2);
    }

    @Test
    void two_first_commands_at_once_build_once() throws Exception {
        Process one = start(directory, home.resolve("carryall").toString(), "--help");
        Process two = start(directory, home.resolve("carryall").toString(), "--help");

        assertThat(one.waitFor()).isZero();
        assertThat(two.waitFor()).isZero();
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void it_runs_through_a_symbolic_link_from_any_directory() throws Exception {
        Path bin = Files.createDirectory(directory.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("inner"), Path.of("../a checkout/carryall"));
        Files.createSymbolicLink(bin.resolve("outer"), bin.resolve("inner"));
        Ran ran = finish(start(directory.resolve("bin"), bin.resolve("outer").toString(), "--help"));

        assertThat(ran.status).as(ran.err).isZero();
        assertThat(ran.out).contains("Usage: carryall");
    }

    @Test
    void no_maven_is_said_in_one_line() throws Exception {
        Files.delete(tools.resolve("mvn"));
        Ran ran = launch("--help");

        assertThat(ran.status).isEqualTo(1);
        assertThat(ran.err).startsWith("carryall: something has to be built and there is no Maven").hasLineCount(1);
    }

    @Test
    void no_java_is_said_in_one_line() throws Exception {
        Files.delete(tools.resolve("java"));
        Ran ran = launch("--help");

        assertThat(ran.status).isEqualTo(1);
        assertThat(ran.err).startsWith("carryall: there is no Java: install a JDK 17").hasLineCount(1);
    }

    @Test
    void a_build_that_fails_shows_its_errors_and_is_tried_again_next_time() throws Exception {
        maven("echo '[ERROR] it is broken'; exit 1");
        Ran broken = launch("--help");
        maven("mkdir -p cli/target/lib; cp made.jar cli/target/carryall-cli.jar");
        Ran mended = launch("--help");

        assertThat(broken.status).isEqualTo(1);
        assertThat(broken.err).contains("[ERROR] it is broken", "the build failed");
        assertThat(mended.status).isZero();
    }

    private void maven(String script) throws IOException {
        Path mvn = tools.resolve("mvn");
        Files.deleteIfExists(mvn);
        Files.createFile(mvn, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Files.writeString(mvn, "#!/bin/sh\necho built >> builds\n" + script + "\n");
    }

    private long builds() throws IOException {
        return Files.readAllLines(home.resolve("builds")).size();
    }

    /** A jar that only names the class path of this test. */
    private static void makeJar(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH,
                Stream.of(System.getProperty("java.class.path").split(System.getProperty("path.separator"))).map(entry -> Path.of(entry).toUri().toString()).collect(Collectors.joining(" ")));
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    }

    private static Path where(String tool) {
        return Stream.of("/usr/bin", "/bin", System.getProperty("java.home") + "/bin").map(dir -> Path.of(dir, tool)).filter(Files::isExecutable).findFirst().orElseThrow();
    }

    private Ran launch(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(home.resolve("carryall").toString()));
        command.addAll(List.of(args));
        return finish(start(directory, command.toArray(String[]::new)));
    }

    private Process start(Path in, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(in.toFile());
        // the last two make each JVM say that it took them
        List.of("JAVA_HOME", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS").forEach(builder.environment()::remove);
        builder.environment().put("PATH", tools.toString());
        return builder.start();
    }

    private static Ran finish(Process process) throws Exception {
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, err);
    }

    private record Ran(int status, String out, String err) {
    }
}
