package io.carryall.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** A test that nobody runs proves nothing. */
final class SuitesTest {
    private static final Code CODE = Code.all();
    private static final Set<String> TESTS = Set.of("org.junit.jupiter.api.Test", "org.junit.jupiter.params.ParameterizedTest", "org.junit.jupiter.api.RepeatedTest", "org.junit.jupiter.api.TestFactory",
            "org.junit.jupiter.api.TestTemplate", "net.jqwik.api.Property", "net.jqwik.api.Example");
    private static final Set<String> SERVERS = Set.of("io.carryall.testkit.dovecot.Dovecot", "io.carryall.embedded.EmbeddedKafka", "io.carryall.embedded.EmbeddedCassandra", "io.carryall.embedded.EmbeddedStack");

    @Test
    void surefire_picks_up_every_class_with_tests() {
        // Surefire's own patterns; nested classes are run with the class around them.
        Predicate<JavaClass> picked = each -> outermost(each).matches("Test.*|.*(Test|Tests|TestCase)");
        assertThat(CODE.test().stream().filter(SuitesTest::runnable).filter(picked.negate()).map(JavaClass::getName).toList()).isEmpty();
    }

    @Test
    void a_nested_class_with_tests_says_that_it_is_one() {
        Predicate<JavaClass> says = each -> each.isAnnotatedWith("org.junit.jupiter.api.Nested") || each.isAnnotatedWith("net.jqwik.api.Group");
        assertThat(CODE.test().stream().filter(SuitesTest::runnable).filter(each -> each.isNestedClass() && !says.test(each)).map(JavaClass::getName).toList()).isEmpty();
    }

    @Test
    void every_contract_is_kept_by_a_suite() {
        List<String> unkept = CODE.main("testkit").stream().filter(each -> each.isInterface() && hasTests(each))
                .filter(contract -> CODE.test().stream().noneMatch(each -> runnable(each) && each.isAssignableTo(contract.getName())))
                .map(JavaClass::getName).toList();
        assertThat(unkept).isEmpty();
    }

    @Test
    void no_test_skips_itself() {
        Predicate<JavaClass> skips = each -> each.getDirectDependenciesFromSelf().stream().map(dependency -> dependency.getTargetClass().getName())
                .anyMatch(name -> name.equals("org.junit.jupiter.api.Disabled") || name.startsWith("org.junit.jupiter.api.condition.") || name.equals("org.junit.jupiter.api.Assumptions")
                        || name.startsWith("org.assertj.core.api.Assumptions") || name.equals("org.opentest4j.TestAbortedException"));
        assertThat(CODE.test().stream().filter(skips).map(JavaClass::getName).toList()).isEmpty();
    }

    @Test
    void what_starts_a_server_is_tagged_integration() {
        Predicate<JavaClass> starts = each -> each.getMethodCallsFromSelf().stream().anyMatch(call -> SERVERS.contains(call.getTargetOwner().getName()) && call.getTarget().getName().startsWith("start"));
        List<String> untagged = CODE.test().stream().filter(each -> runnable(each) && starts.test(each) && !tagged(each)).map(JavaClass::getName).toList();
        assertThat(untagged).as("./dev quick promises tests that need no server").isEmpty();
    }

    private static boolean tagged(JavaClass each) {
        return Checkout.text(CODE.moduleOf(each).orElseThrow() + "/src/test/java/" + each.getPackageName().replace('.', '/') + "/" + outermost(each) + ".java").contains("@Tag(\"integration\")");
    }

    private static boolean runnable(JavaClass each) {
        return !each.isInterface() && !each.getModifiers().contains(JavaModifier.ABSTRACT) && hasTests(each);
    }

    private static boolean hasTests(JavaClass each) {
        return each.getAllMethods().stream().anyMatch(SuitesTest::isTest);
    }

    private static boolean isTest(JavaMethod method) {
        return method.getAnnotations().stream().anyMatch(annotation -> TESTS.contains(annotation.getRawType().getName()));
    }

    private static String outermost(JavaClass each) {
        String name = each.getName().substring(each.getName().lastIndexOf('.') + 1);
        return name.contains("$") ? name.substring(0, name.indexOf('$')) : name;
    }
}
