package io.carryall.architecture.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.carryall.architecture.Checkout;
import io.carryall.architecture.Metrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class DashboardsTest {
    private static final Pattern NAME = Pattern.compile("\\b(carryall_\\w+)");
    private static final Pattern LABELS_GROUPED = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern LABEL_MATCHED = Pattern.compile("[{,](\\w+)[=!]~?");

    record Dashboard(Path file, JsonNode json) {
        List<String> expressions() {
            return Stream.concat(json.findValuesAsText("expr").stream(), json.findValuesAsText("definition").stream()).toList();
        }

        @Override
        public String toString() {
            return file.getFileName().toString();
        }
    }

    static List<Dashboard> all() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        List<Path> files = Checkout.files("deploy/observability/dashboards", ".json");
        assertThat(files).isNotEmpty();
        return files.stream().map(file -> {
            try {
                return new Dashboard(file, mapper.readTree(Files.readAllBytes(file)));
            } catch (java.io.IOException e) {
                throw new IllegalStateException(file + " is no JSON", e);
            }
        }).toList();
    }

    @ParameterizedTest
    @MethodSource("all")
    void an_expression_names_only_metrics_that_the_services_count(Dashboard dashboard) {
        Set<String> counted = Metrics.prometheusNames();
        for (String expression : dashboard.expressions()) {
            assertThat(Checkout.findAll(NAME, expression)).as(expression).isNotEmpty().allMatch(counted::contains);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void an_expression_asks_only_for_labels_that_the_metrics_have(Dashboard dashboard) {
        Set<String> labels = new TreeSet<>();
        for (String expression : dashboard.expressions()) {
            Checkout.findAll(LABELS_GROUPED, expression).forEach(found -> labels.addAll(List.of(found.split(", "))));
            labels.addAll(Checkout.findAll(LABEL_MATCHED, expression));
        }
        assertThat(labels).isSubsetOf(Metrics.labels());
    }

    @ParameterizedTest
    @MethodSource("all")
    void panels_do_not_overlap_and_have_ids_of_their_own(Dashboard dashboard) {
        Set<String> cells = new TreeSet<>();
        Set<Integer> ids = new TreeSet<>();
        for (JsonNode panel : dashboard.json().path("panels")) {
            assertThat(ids.add(panel.path("id").asInt())).as("panel " + panel.path("title")).isTrue();
            JsonNode at = panel.path("gridPos");
            for (int x = at.path("x").asInt(); x < at.path("x").asInt() + at.path("w").asInt(); x++) {
                for (int y = at.path("y").asInt(); y < at.path("y").asInt() + at.path("h").asInt(); y++) {
                    assertThat(cells.add(x + " " + y)).as("panel " + panel.path("title")).isTrue();
                }
            }
        }
    }

    /** Every figure that the services count is looked at somewhere, or nobody needs it. */
    @Test
    void every_metric_is_on_a_dashboard() throws Exception {
        String expressions = String.join("\n", all().stream().flatMap(dashboard -> dashboard.expressions().stream()).toList());
        assertThat(Metrics.all()).allMatch(metric -> metric.prometheusNames().stream().anyMatch(name -> Pattern.compile("\\b" + name + "\\b").matcher(expressions).find()));
    }
}
