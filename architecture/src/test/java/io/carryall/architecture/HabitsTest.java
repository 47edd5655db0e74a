package io.carryall.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The habits of CONTRIBUTING.md, as far as class files show them. */
final class HabitsTest {
    private static final Code CODE = Code.all();

    private static Stream<JavaClass> all() {
        return Stream.of(CODE.main(), CODE.test()).flatMap(Collection::stream);
    }

    @Test
    void nothing_is_called_util() {
        assertThat(all().map(JavaClass::getSimpleName).filter(name -> name.matches(".*Utils?([A-Z].*)?")).toList()).isEmpty();
    }

    @Test
    void no_class_extends_another_of_ours() {
        Predicate<JavaClass> shares = each -> each.getRawSuperclass().filter(parent -> CODE.moduleOf(parent).isPresent()).isPresent();
        // The body of an enum's constant extends its enum.
        assertThat(names(all().filter(shares).filter(each -> !each.isAssignableTo(Throwable.class) && !each.isAssignableTo(Enum.class)))).isEmpty();
    }

    /** A method that sleeps between two looks at something also looks at the time; one that just sleeps does not. */
    @Test
    void tests_wait_for_conditions_with_a_deadline_and_never_just_sleep() {
        List<String> sleepers = CODE.test().stream().flatMap(each -> each.getMethodCallsFromSelf().stream())
                .filter(call -> Set.of(Thread.class.getName(), TimeUnit.class.getName()).contains(call.getTargetOwner().getName()) && call.getTarget().getName().equals("sleep"))
                .filter(call -> call.getOrigin().getMethodCallsFromSelf().stream().noneMatch(other -> other.getTarget().getName().equals("nanoTime")))
                .map(JavaAccess::getDescription).toList();
        assertThat(sleepers).isEmpty();
    }

    @Test
    void what_happens_is_logged_and_only_commands_print() {
        // The stack tells the command that started it, on standard error, how its start goes; the servers' own main class runs before any logging of theirs; the testkit's are contributors' commands.
        List<JavaClass> silent = CODE.main().stream()
                .filter(each -> !Set.of("cli", "standalone", "testkit", "bench", "chaos").contains(CODE.moduleOf(each).orElseThrow()))
                .filter(each -> !each.getPackageName().equals("io.carryall.embedded.child"))
                .toList();
        assertThat(calls(silent, System.class.getName(), Set.of("out", "err"))).isEmpty();
        assertThat(silent.stream().flatMap(each -> each.getAccessesFromSelf().stream())
                .filter(access -> access.getTarget().getName().equals("printStackTrace") && access.getTargetOwner().isAssignableTo(Throwable.class))
                .map(JavaAccess::getDescription).toList()).isEmpty();
    }

    @Test
    void no_code_logs_past_the_one_logging_there_is() {
        assertThat(CODE.main().stream().flatMap(each -> each.getDirectDependenciesFromSelf().stream())
                .filter(each -> each.getTargetClass().getPackageName().equals("java.util.logging"))
                .map(each -> each.getOriginClass().getName()).distinct().toList()).isEmpty();
    }

    @Test
    void every_package_begins_by_saying_what_would_surprise() {
        List<String> silent = CODE.main().stream().map(each -> CODE.moduleOf(each).orElseThrow() + "/src/main/java/" + each.getPackageName().replace('.', '/') + "/package-info.java").distinct()
                .filter(file -> !Checkout.path(file).toFile().isFile()).sorted().toList();
        assertThat(silent).isEmpty();
    }

    private static List<String> calls(List<JavaClass> classes, String owner, Set<String> members) {
        return classes.stream().flatMap(each -> each.getAccessesFromSelf().stream())
                .filter(access -> access.getTargetOwner().getName().equals(owner) && members.contains(access.getTarget().getName()))
                .map(JavaAccess::getDescription).toList();
    }

    private static List<String> names(Stream<JavaClass> classes) {
        return classes.map(each -> each.getName() + " extends " + each.getRawSuperclass().map(JavaClass::getName).orElse("")).sorted().toList();
    }

    @Test
    void a_module_without_a_single_test_is_a_failure_unless_it_has_no_code() {
        List<String> lenient = Checkout.modules().stream().filter(module -> Checkout.text(module + "/pom.xml").contains("fail-if-no-tests")).toList();
        assertThat(lenient).as("only the pom of a module without code may let its suite be empty").allMatch(module -> !Checkout.codeModules().contains(module));
        assertThat(Optional.of(Checkout.text("pom.xml"))).get().asString().contains("<failIfNoTests>${carryall.fail-if-no-tests}</failIfNoTests>", "<carryall.fail-if-no-tests>true</carryall.fail-if-no-tests>");
    }
}
