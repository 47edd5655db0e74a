package io.carryall.architecture.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.architecture.Checkout;
import io.carryall.architecture.ConfigKeys;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/configuration.md and the services' property files, key by key. */
final class ConfigurationPageTest {
    private static final String NONE = "none";
    private static final String EMBEDDED = "## What the embedded stack sets";
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z][^`]*)` \\| (`[^`]*`|empty|none) \\|");
    private static final Pattern ANY_ROW = Pattern.compile("(?m)^\\| `");

    private static final String PAGE = Checkout.text("docs/configuration.md");

    @Test
    void the_page_has_every_setting_of_the_services_with_its_default_and_no_other() {
        ConfigKeys keys = ConfigKeys.of("runtime", "scanner-service", "ledger-service", "copier-service", "control-service");
        Map<String, String> expected = new TreeMap<>();
        keys.names().forEach(name -> expected.put(name, keys.defaults().getOrDefault(name, NONE)));
        assertThat(rows(PAGE.substring(0, PAGE.indexOf(EMBEDDED)))).containsExactlyEntriesOf(expected);
    }

    @Test
    void the_page_has_everything_that_the_embedded_stack_sets() {
        assertThat(rows(PAGE.substring(PAGE.indexOf(EMBEDDED)))).containsExactlyEntriesOf(ConfigKeys.in("standalone/src/main/resources/application.properties"));
    }

    private static Map<String, String> rows(String part) {
        Map<String, String> rows = new TreeMap<>();
        ROW.matcher(part).results().forEach(row -> {
            String given = row.group(2).equals("empty") ? "" : row.group(2).replace("`", "");
            assertThat(rows.put(row.group(1).replaceFirst("<\\w+>$", "*"), given)).as("twice: " + row.group(1)).isNull();
        });
        assertThat(rows).as("a row that can't be read").hasSize((int) ANY_ROW.matcher(part).results().count());
        return rows;
    }

    /** A setting that no code asks for does nothing, and one without a default that is asked for stops the start. */
    @Test
    void property_files_give_what_the_code_asks_for_and_nothing_else() {
        for (String module : new String[] {"runtime", "scanner-service", "ledger-service", "copier-service", "control-service"}) {
            Map<String, String> given = ConfigKeys.in(module + "/src/main/resources/META-INF/microprofile-config.properties");
            assertThat(given.keySet()).as(module).allMatch(name -> !name.startsWith("carryall.") || ConfigKeys.asked(module).contains(name));
            assertThat(ConfigKeys.asked(module)).as(module).allMatch(name -> name.endsWith(".*") || given.containsKey(name));
        }
    }
}
