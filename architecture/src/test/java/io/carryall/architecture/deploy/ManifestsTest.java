package io.carryall.architecture.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carryall.architecture.ConfigKeys;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ManifestsTest {
    private static final List<String> SERVICES = List.of("scanner", "ledger", "copier", "control");

    static Stream<Manifests> all() {
        return Manifests.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void each_service_has_a_deployment_a_service_and_a_disruption_budget_that_find_its_pods(Manifests manifests) {
        for (String service : SERVICES) {
            String name = "carryall-" + service;
            Map<String, String> pods = manifests.one(Deployment.class, name).getSpec().getTemplate().getMetadata().getLabels();
            assertThat(pods).containsAllEntriesOf(manifests.one(Deployment.class, name).getSpec().getSelector().getMatchLabels());
            assertThat(pods).containsAllEntriesOf(manifests.one(Service.class, name).getSpec().getSelector());
            assertThat(pods).containsAllEntriesOf(manifests.one(PodDisruptionBudget.class, name).getSpec().getSelector().getMatchLabels());
        }
        assertThat(manifests.of(Deployment.class)).hasSameSizeAs(SERVICES);
    }

    @ParameterizedTest
    @MethodSource("all")
    void a_pod_may_do_nothing_that_it_does_not_need(Manifests manifests) {
        for (Deployment deployment : manifests.of(Deployment.class)) {
            PodSpec pod = deployment.getSpec().getTemplate().getSpec();
            assertThat(pod.getAutomountServiceAccountToken()).as("no service-account token").isFalse();
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(pod.getTopologySpreadConstraints()).isNotEmpty();
            assertThat(pod.getContainers()).hasSize(1);
            Container container = Manifests.container(deployment);
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
            assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
            assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
            assertThat(container.getResources().getLimits()).containsOnlyKeys("memory");
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void probes_ask_the_health_that_the_services_have_on_the_port_where_they_have_it(Manifests manifests) {
        for (Deployment deployment : manifests.of(Deployment.class)) {
            Container container = Manifests.container(deployment);
            assertThat(container.getPorts()).singleElement().satisfies(port -> assertThat(port.getName()).isEqualTo("http"));
            assertThat(manifests.environment(deployment)).containsEntry("QUARKUS_HTTP_PORT", container.getPorts().get(0).getContainerPort().toString());
            probed(container.getStartupProbe(), "/q/health/started");
            probed(container.getReadinessProbe(), "/q/health/ready");
            probed(container.getLivenessProbe(), "/q/health/live");
            assertThat(manifests.one(Service.class, deployment.getMetadata().getName()).getSpec().getPorts()).singleElement().satisfies(port -> assertThat(port.getTargetPort().getStrVal()).isEqualTo("http"));
        }
    }

    private static void probed(Probe probe, String path) {
        assertThat(probe.getHttpGet().getPath()).isEqualTo(path);
        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("http");
    }

    @ParameterizedTest
    @MethodSource("all")
    void every_setting_is_one_of_the_services(Manifests manifests) {
        for (Deployment deployment : manifests.of(Deployment.class)) {
            ConfigKeys keys = ConfigKeys.of(Manifests.service(deployment) + "-service", "runtime");
            List<String> unknown = manifests.environment(deployment).keySet().stream().filter(name -> name.startsWith("CARRYALL_") && !keys.hasEnvironmentName(name)).toList();
            assertThat(unknown).as(deployment.getMetadata().getName()).isEmpty();
            assertThat(manifests.environment(deployment).keySet()).allMatch(name -> name.matches("CARRYALL_.*|QUARKUS_HTTP_(HOST|PORT)|JAVA_TOOL_OPTIONS"));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void kubernetes_waits_longer_for_a_pod_than_the_pod_takes_to_stop(Manifests manifests) {
        for (Deployment deployment : manifests.of(Deployment.class)) {
            String service = Manifests.service(deployment);
            String key = "carryall." + service + ".grace-millis";
            ConfigKeys keys = ConfigKeys.of(service + "-service", "runtime");
            String set = manifests.environment(deployment).getOrDefault(ConfigKeys.environmentName(key), keys.defaults().getOrDefault(key, "0"));
            assertThat(deployment.getSpec().getTemplate().getSpec().getTerminationGracePeriodSeconds() * 1000).as(service + ", with 10 s for closing").isGreaterThanOrEqualTo(Long.parseLong(set) + 10_000);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void what_a_service_reads_and_writes_is_mounted_and_secrets_come_from_a_secret(Manifests manifests) {
        for (Deployment deployment : manifests.of(Deployment.class)) {
            Map<String, String> environment = manifests.environment(deployment);
            assertThat(volumeAt(deployment, environment.get("CARRYALL_MAIL_SECRETS_DIR")).getSecret().getSecretName()).isEqualTo("carryall-secrets");
            assertThat(volumeAt(deployment, "/tmp").getEmptyDir()).isNotNull();
            assertThat(environment.keySet()).as("a password in a ConfigMap").noneMatch(name -> name.endsWith("_PASSWORD") && !environment.get(name).matches("(file|env):.*"));
        }
        Deployment copier = manifests.one(Deployment.class, "carryall-copier");
        assertThat(volumeAt(copier, manifests.environment(copier).get("CARRYALL_COPIER_SPILL_DIRECTORY")).getEmptyDir().getSizeLimit()).isNotNull();
        Deployment control = manifests.one(Deployment.class, "carryall-control");
        assertThat(manifests.environment(control).get("CARRYALL_CONTROL_TOKEN_FILE")).startsWith("/run/carryall/secrets/");
    }

    private static Volume volumeAt(Deployment deployment, String path) {
        String name = Manifests.container(deployment).getVolumeMounts().stream().filter(mount -> mount.getMountPath().equals(path)).map(VolumeMount::getName).findFirst()
                .orElseThrow(() -> new AssertionError(deployment.getMetadata().getName() + " mounts nothing at " + path));
        return deployment.getSpec().getTemplate().getSpec().getVolumes().stream().filter(volume -> volume.getName().equals(name)).findFirst().orElseThrow();
    }

    /** Each process takes its part of a migration's limits; with fewer parts than processes a mail host would see more than was allowed. */
    @ParameterizedTest
    @MethodSource("all")
    void scanners_and_copiers_share_the_limits_of_mail_hosts(Manifests manifests) {
        int processes = Stream.of("carryall-scanner", "carryall-copier").mapToInt(name -> manifests.one(Deployment.class, name).getSpec().getReplicas()).sum();
        manifests.of(Deployment.class).forEach(deployment -> assertThat(manifests.environment(deployment)).containsEntry("CARRYALL_MAIL_INSTANCES", Integer.toString(processes)));
    }

    @Test
    void a_field_that_kubernetes_does_not_know_is_refused() {
        Map<String, Object> wrong = Kustomization.parse("{apiVersion: apps/v1, kind: Deployment, metadata: {name: x}, spec: {template: {spec: {containers: [{name: x, livenessProbes: {}}]}}}}").get(0);
        assertThatThrownBy(() -> Strict.read(wrong)).hasMessageContaining("livenessProbes");
    }

    @Test
    void a_value_of_the_wrong_type_is_refused() {
        Map<String, Object> wrong = Kustomization.parse("{apiVersion: apps/v1, kind: Deployment, metadata: {name: x}, spec: {replicas: many}}").get(0);
        assertThatThrownBy(() -> Strict.read(wrong)).hasMessageContaining("many");
    }
}
