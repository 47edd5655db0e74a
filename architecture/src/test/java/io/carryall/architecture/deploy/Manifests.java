package io.carryall.architecture.deploy;

import io.carryall.architecture.Checkout;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** One rendering of one directory of {@code deploy/}. */
record Manifests(String what, List<HasMetadata> objects) {

    /** Every directory, rendered by us and, where there is one, by kubectl. */
    static Stream<Manifests> all() {
        List<Manifests> all = new ArrayList<>();
        for (String directory : List.of("deploy/base", "deploy/overlays/small")) {
            all.add(strict(directory, Kustomization.render(Checkout.path(directory))));
            if (Kustomization.kubectlIsThere()) {
                all.add(strict(directory + " by kubectl", Kustomization.renderByKubectl(Checkout.path(directory))));
            }
        }
        return all.stream();
    }

    private static Manifests strict(String what, List<Map<String, Object>> objects) {
        return new Manifests(what, objects.stream().map(Strict::read).toList());
    }

    <T extends HasMetadata> List<T> of(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <T extends HasMetadata> T one(Class<T> type, String name) {
        return of(type).stream().filter(each -> each.getMetadata().getName().equals(name)).findFirst().orElseThrow(() -> new AssertionError(what + " has no " + type.getSimpleName() + " " + name));
    }

    static Container container(Deployment deployment) {
        return deployment.getSpec().getTemplate().getSpec().getContainers().get(0);
    }

    /** What the service finds in its environment. */
    Map<String, String> environment(Deployment deployment) {
        Map<String, String> environment = new TreeMap<>();
        Function<String, Map<String, String>> data = name -> one(ConfigMap.class, name).getData();
        container(deployment).getEnvFrom().forEach(from -> environment.putAll(data.apply(from.getConfigMapRef().getName())));
        for (EnvVar each : container(deployment).getEnv()) {
            environment.put(each.getName(), each.getValue());
        }
        return environment;
    }

    /** {@code copier} of the deployment {@code carryall-copier}. */
    static String service(Deployment deployment) {
        return deployment.getMetadata().getName().substring("carryall-".length());
    }

    @Override
    public String toString() {
        return what;
    }
}
