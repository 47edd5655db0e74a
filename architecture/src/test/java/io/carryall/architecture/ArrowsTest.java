package io.carryall.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

final class ArrowsTest {
    private static final Code CODE = Code.all();

    @Test
    void every_module_has_its_arrows() {
        assertThat(Arrows.known()).as("a new module gets its line in Arrows").containsAll(Checkout.modules());
    }

    @Test
    void main_code_points_only_where_an_arrow_points() {
        assertThat(against(CODE.main(), Arrows::mainMayUse)).isEmpty();
    }

    @Test
    void tests_point_only_where_an_arrow_points() {
        assertThat(against(CODE.test(), Arrows::testsMayUse)).isEmpty();
    }

    private static List<String> against(List<JavaClass> classes, BiPredicate<String, String> allowed) {
        Set<String> found = new TreeSet<>();
        for (Dependency each : dependencies(classes)) {
            String from = CODE.moduleOf(each.getOriginClass()).orElseThrow();
            Optional<String> to = CODE.moduleOf(each.getTargetClass());
            if (to.isPresent() && !allowed.test(from, to.get())) {
                found.add(from + " -> " + to.get() + ": " + each.getOriginClass().getName() + " uses " + each.getTargetClass().getName());
            }
        }
        return List.copyOf(found);
    }

    private static List<Dependency> dependencies(List<JavaClass> classes) {
        return classes.stream().flatMap(each -> each.getDirectDependenciesFromSelf().stream()).toList();
    }

    @Test
    void no_pom_depends_against_an_arrow() {
        Map<String, String> moduleByArtifact = Arrows.moduleByArtifact();
        List<String> found = new ArrayList<>();
        for (String module : Checkout.modules()) {
            for (Pom.Dependency each : Pom.of(module).dependencies()) {
                String other = moduleByArtifact.get(each.artifact());
                if (each.ours() && !(each.forTests() ? Arrows.testsMayUse(module, other) : Arrows.mainMayUse(module, other))) {
                    found.add(module + "/pom.xml: " + each.artifact() + " (" + each.scope() + ")");
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void core_depends_on_nothing_but_the_jdk() {
        assertThat(uses(CODE.main("core"), target -> !target.getPackageName().startsWith("java.") && !target.getPackageName().startsWith("io.carryall.core"))).isEmpty();
        assertThat(Pom.of("core").dependencies().stream().filter(each -> !each.forTests())).isEmpty();
    }

    @Test
    void the_embedded_servers_starter_depends_on_nothing_but_the_jdk() {
        // sun.misc (signals) is the JDK's jdk.unsupported module.
        assertThat(uses(CODE.main("embedded"), target -> !target.getPackageName().matches("java\\..*|sun\\.misc") && !target.getPackageName().startsWith("io.carryall.embedded"))).isEmpty();
    }

    @Test
    void a_client_library_is_seen_by_its_adapter_alone() {
        Map<String, String> homes = Map.of(
                "org.apache.kafka.", "adapters/kafka",
                "com.datastax.", "adapters/cassandra",
                "jakarta.mail.", "connectors/imap",
                "org.eclipse.angus.", "connectors/imap");
        homes.forEach((library, home) -> assertThat(uses(outside(home), target -> target.getName().startsWith(library))).as(library + " outside " + home).isEmpty());
    }

    /** The chaos looks at the ledger's node past the adapter, as it looks at mail servers past the connector. */
    private static List<JavaClass> outside(String module) {
        return CODE.main().stream().filter(each -> !Set.of(module, "chaos").contains(CODE.moduleOf(each).orElseThrow())).toList();
    }

    @Test
    void quarkus_is_seen_by_applications_alone() {
        Predicate<JavaClass> library = each -> !CODE.moduleOf(each).orElseThrow().matches(".*-service|standalone");
        assertThat(uses(CODE.main().stream().filter(library).toList(), target -> target.getPackageName().startsWith("io.quarkus"))).isEmpty();
    }

    /** A verifier that shared the copier's idea of an item would share its mistakes. */
    @Test
    void verify_shares_no_decision_with_what_it_verifies() {
        Predicate<JavaClass> decides = target -> target.getPackageName().matches("io\\.carryall\\.core\\.(copy|register|fold)(\\..*)?") || target.getSimpleName().equals("Fingerprinter");
        assertThat(uses(CODE.main("verify"), decides)).isEmpty();
    }

    private static List<String> uses(List<JavaClass> classes, Predicate<JavaClass> forbidden) {
        return dependencies(classes).stream()
                .filter(each -> !each.getTargetClass().getBaseComponentType().isPrimitive() && forbidden.test(each.getTargetClass().getBaseComponentType()))
                .map(each -> each.getOriginClass().getName() + " uses " + each.getTargetClass().getName())
                .distinct().sorted().toList();
    }

    /** Quarkus builds one application of several modules: a package in two of them breaks package-private access there, and nowhere else. */
    @Test
    void a_package_stands_in_one_module() {
        Map<String, Set<String>> modulesByPackage = new TreeMap<>();
        CODE.main().forEach(each -> modulesByPackage.computeIfAbsent(each.getPackageName(), name -> new TreeSet<>()).add(CODE.moduleOf(each).orElseThrow()));
        modulesByPackage.values().removeIf(modules -> modules.size() == 1);
        assertThat(modulesByPackage).isEmpty();
    }
}
