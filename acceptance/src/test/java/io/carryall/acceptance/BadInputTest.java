package io.carryall.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with the file or the list is told all at once, and nothing is started. */
@Tag("integration")
final class BadInputTest {
    @TempDir
    Path directory;

    private Outcome run(String yaml, String csv) throws IOException {
        return run(yaml, csv.getBytes(StandardCharsets.UTF_8));
    }

    private Outcome run(String yaml, byte[] csv) throws IOException {
        Files.write(directory.resolve("list.csv"), csv);
        Path file = Files.writeString(directory.resolve("migration.yaml"), yaml);
        Outcome run = Command.run(Map.of(), "run", file.toString(), "--json").exits(1);
        assertThat(directory.resolve(".carryall")).as("nothing was started").doesNotExist();
        return run;
    }

    private static List<String> places(Outcome run) {
        return IntStream.range(0, run.json().path("errors").size()).mapToObj(i -> run.json().path("errors").get(i))
                .map(error -> Path.of(error.path("file").asText()).getFileName() + ":" + error.path("line").asInt()).toList();
    }

    @Test
    void every_error_of_both_files_is_told_at_once_with_its_line_and_what_was_expected() throws IOException {
        Outcome run = run("""
                migration: bad name
                source: { url: "imap://mail.old.example?tls=none", login: { as: user } }
                target: { url: "imaps://mail.new.example", login: { as: admin, user: master, password: "env:NO_SUCH_VARIABLE" } }
                mailboxes: list.csv
                filter: { since: 2024-02-30, max-size: many }
                flagz: copy
                """, """
                source,target,source-password
                ann@old.example,ann@new.example,file:no-such-file
                bob@old.example,bob@new.example,plain
                bob@old.example,bob@new.example,plain
                carl@old.example,ann@new.example,plain
                ,dora@new.example,plain
                """);

        assertThat(places(run)).contains("migration.yaml:1", "migration.yaml:2", "migration.yaml:3", "migration.yaml:5", "migration.yaml:6", "list.csv:2", "list.csv:4", "list.csv:5", "list.csv:6");
        for (JsonNode error : run.json().path("errors")) {
            assertThat(error.path("message").asText()).as(error.toString()).isNotBlank();
            assertThat(error.path("expected").asText()).as(error.toString()).isNotBlank();
        }
        assertThat(run.out()).contains("flags");
    }

    @Test
    void a_list_with_a_wrong_header_or_with_bytes_that_are_no_utf_8_is_refused() throws IOException {
        String yaml = """
                migration: list
                source: { url: "imaps://mail.old.example", login: { as: user } }
                target: { url: "imaps://mail.new.example", login: { as: admin, user: master, password: "plain" } }
                mailboxes: list.csv
                """;

        assertThat(places(run(yaml, "from,to\nann@old.example,ann@new.example\n"))).contains("list.csv:1");
        assertThat(places(run(yaml, "source,target,source-password\nj\u00fcrgen@old.example,j@new.example,plain\n".getBytes(StandardCharsets.ISO_8859_1)))).contains("list.csv:2");
    }

    @Test
    void a_hundred_thousand_lines_take_seconds() throws IOException {
        String lines = IntStream.range(0, 100_000).mapToObj(i -> "user" + i + "@old.example,user" + i + "@new.example,plain\n").collect(Collectors.joining());
        long begun = System.nanoTime();

        Outcome run = run("""
                migration: long
                source: { url: "imaps://mail.old.example", login: { as: user } }
                target: { url: "imaps://mail.new.example", login: { as: admin, user: master, password: "plain" } }
                mailboxes: list.csv
                """, "source,target,source-password\n" + lines + "user99999@old.example,user99999@new.example,plain\n");

        assertThat(places(run)).containsExactly("list.csv:100002");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));
    }
}
