package io.carryall.architecture.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.architecture.Checkout;
import io.carryall.core.item.Reason;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/operations.md: the closed lists that operators act upon. */
final class OperationsPageTest {
    private static final String PAGE = Checkout.text("docs/operations.md");
    private static final Pattern REASON_ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| (yes|no) \\|");
    private static final Pattern COMMAND = Pattern.compile("@Command\\(name = \"([a-z]+)\"");
    private static final Pattern STATUS = Pattern.compile("public static final int \\w+ = (\\d+);");

    @Test
    void every_reason_is_explained_with_whether_a_later_pass_tries_again() {
        List<String> explained = REASON_ROW.matcher(PAGE).results().map(row -> row.group(1) + " " + row.group(2)).toList();
        assertThat(explained).containsExactlyInAnyOrderElementsOf(Arrays.stream(Reason.values()).map(reason -> reason.word() + " " + (reason.retryable() ? "yes" : "no")).toList());
    }

    @Test
    void every_command_is_named() {
        List<String> commands = Checkout.files("cli/src/main/java", "Command.java").stream().map(file -> Checkout.text(Checkout.home().relativize(file).toString()))
                .flatMap(source -> Checkout.findAll(COMMAND, source).stream()).filter(name -> !name.equals("carryall")).toList();
        assertThat(commands).hasSizeGreaterThan(5).allSatisfy(name -> assertThat(PAGE).containsAnyOf("| `" + name, "`ledger " + name));
    }

    @Test
    void every_exit_status_is_explained() {
        assertThat(Checkout.findAll(STATUS, Checkout.text("cli/src/main/java/io/carryall/cli/ExitStatus.java"))).hasSizeGreaterThan(4).allSatisfy(status -> assertThat(PAGE).contains("| " + status + " |"));
    }
}
