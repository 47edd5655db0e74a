package io.carryall.cli.file;

import static io.carryall.cli.file.Fixture.LIST;
import static io.carryall.cli.file.Fixture.RIGHT;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MailboxListTest {
    @TempDir
    Path directory;
    private Fixture fixture;

    @BeforeEach
    void fixture() {
        fixture = new Fixture(directory);
    }

    @Test
    void what_peoples_tools_write_is_accepted() {
        String list = "\uFEFF\r\n\"target\",source,source-password,source-user\r\n\r\nann@new.example,\"ann, \"\"A\"\"@old.example\",env:ANN,\"ann\"\r\n   \r\nbob@new.example,bob@old.example,env:BOB,";
        MigrationFile.Read read = fixture.read(RIGHT, list);

        assertThat(read.errors()).isEmpty();
        assertThat(read.spec().mailboxes()).extracting("source").containsExactly("ann, \"A\"@old.example", "bob@old.example");
        assertThat(read.spec().mailboxes()).extracting("sourceUser").containsExactly("ann", "bob@old.example");
    }

    @Test
    void lines_that_are_not_utf_8_are_all_named() {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        list.writeBytes("source,target,source-password\n\"a\n".getBytes(StandardCharsets.UTF_8));
        list.writeBytes("\u00fc\",b,env:ANN\n\u00e4,c,env:ANN\nd,e,env:ANN\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(fixture.shown(fixture.read(RIGHT.getBytes(StandardCharsets.UTF_8), list.toByteArray()).errors()))
                .filteredOn(e -> e.contains("UTF-8")).extracting(e -> e.substring(0, 16)).containsExactly("mailboxes.csv:3:", "mailboxes.csv:4:");
    }

    @Test
    void a_wrong_header_is_told_column_by_column() {
        assertThat(errors("Source,target,target,source-pasword\na,b,c,d\n")).containsExactly(
                "mailboxes.csv:1: the column \"source\" is missing; expected the header source,target,source-password",
                "mailboxes.csv:1: the column \"source-password\" is missing (source.login.as is user); expected the header source,target,source-password",
                "mailboxes.csv:1: unknown column \"Source\"; expected \"source\" (the header is source,target,source-password)",
                "mailboxes.csv:1: the column \"target\" stands twice; expected each column once",
                "mailboxes.csv:1: unknown column \"source-pasword\"; expected \"source-password\" (the header is source,target,source-password)");
    }

    @Test
    void where_the_header_is_missing_no_password_of_the_first_line_is_shown() {
        assertThat(errors("ann@old.example,ann@new.example,hunter2\n")).singleElement().asString().startsWith("mailboxes.csv:1: the first line is no header").doesNotContain("hunter2");
    }

    @Test
    void password_columns_stand_only_where_each_user_logs_in() {
        assertThat(errors("source,target,source-password,target-password\na,b,env:ANN,x\nc,d,env:ANN,x\n")).singleElement().asString()
                .startsWith("mailboxes.csv:2: passwords in the column \"target-password\" are of no use: target.login.as is admin");
        assertThat(errors("source,target,source-password,target-password\na,b,env:ANN,\n")).isEmpty();
    }

    @Test
    void each_wrong_line_is_told() {
        assertThat(errors("""
                source,target,source-password
                a@x,b@x
                ,b@x,env:ANN
                a@x,c@x,
                a@x,d@x,env:NOWHERE
                A@x,e@x,env:ANN
                a@X,E@x,env:ANN
                b@x,E@X,env:ANN
                "c@x,f@x,env:ANN
                """)).satisfiesExactly(
                e -> assertThat(e).isEqualTo("mailboxes.csv:2: 2 cells; expected 3 as in the header (a comma inside a cell needs quotes around the cell)"),
                e -> assertThat(e).isEqualTo("mailboxes.csv:3: the source mailbox is empty; expected an address"),
                e -> assertThat(e).startsWith("mailboxes.csv:4: the source-password is empty"),
                e -> assertThat(e).startsWith("mailboxes.csv:5: the source-password can't be resolved: the environment variable NOWHERE is not set"),
                e -> assertThat(e).startsWith("mailboxes.csv:7: the pair a@X → E@x stands on line 6 already"),
                e -> assertThat(e).startsWith("mailboxes.csv:8: the target E@X already has a source on line 6; expected one source a target, or allow-shared-target: true"),
                e -> assertThat(e).startsWith("mailboxes.csv:9: a quote is never closed"),
                e -> assertThat(e).startsWith("mailboxes.csv:9: 1 cells"));
    }

    @Test
    void a_shared_target_is_accepted_when_the_migration_allows_it() {
        String list = LIST + "cyd@old.example,ann@new.example,env:ANN\n";
        assertThat(fixture.errors(RIGHT, list)).hasSize(1);
        assertThat(fixture.errors(RIGHT.replace("allow-shared-target: false", "allow-shared-target: true"), list)).isEmpty();
    }

    @Test
    void one_source_may_go_to_two_targets_with_two_passwords() {
        MigrationFile.Read read = fixture.read(RIGHT, "source,target,source-password\na,b,env:ANN\na,c,env:BOB\na,d,env:ANN\n");

        assertThat(read.spec().mailboxes()).extracting(pair -> read.secrets().get(pair.sourceSecret()).reveal()).containsExactly("ann's", "bob's", "ann's");
    }

    @Test
    void quotes_in_the_wrong_place_are_told() {
        assertThat(errors("source,target,source-password\na\"b,c,env:ANN\n\"a\"b,c,env:ANN\n")).extracting(e -> e.substring(0, e.indexOf(';'))).contains(
                "mailboxes.csv:2: a quote inside a cell that does not begin with one", "mailboxes.csv:3: text after a closing quote");
    }

    @Test
    void a_hundred_thousand_lines_take_seconds_right_or_wrong() {
        StringBuilder right = new StringBuilder("source,target,source-password\n");
        StringBuilder wrong = new StringBuilder("source,target,source-password\n");
        for (int i = 0; i < 100_000; i++) {
            right.append("user").append(i).append("@old.example,user").append(i).append("@new.example,env:ANN\n");
            wrong.append("user").append(i).append("@old.example,same@new.example,env:NOWHERE\n");
        }
        long start = System.nanoTime();
        assertThat(fixture.read(RIGHT, right.toString()).spec().mailboxes()).hasSize(100_000);
        assertThat(fixture.read(RIGHT, wrong.toString()).errors()).hasSize(199_999);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    private List<String> errors(String list) {
        return fixture.errors(RIGHT, list);
    }
}
