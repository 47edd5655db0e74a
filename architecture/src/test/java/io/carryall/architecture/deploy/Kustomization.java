package io.carryall.architecture.deploy;

import io.carryall.architecture.Checkout;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The part of Kustomize that {@code deploy/} uses: resources, a namespace, patches by file, replicas. Whatever else stands in a kustomization is refused, so that no feature is rendered wrongly in silence. */
final class Kustomization {
    private static final Set<String> KNOWN = Set.of("apiVersion", "kind", "namespace", "resources", "patches", "replicas");

    private Kustomization() {
    }

    /** Objects as maps, as they would be applied. */
    static List<Map<String, Object>> render(Path directory) {
        Map<String, Object> kustomization = read(directory.resolve("kustomization.yaml")).get(0);
        if (!KNOWN.containsAll(kustomization.keySet())) {
            throw new IllegalStateException(directory + ": teach this class what else stands in its kustomization: " + kustomization.keySet());
        }
        List<Map<String, Object>> objects = new ArrayList<>();
        for (Object resource : list(kustomization, "resources")) {
            Path path = directory.resolve(resource.toString()).normalize();
            objects.addAll(Files.isDirectory(path) ? render(path) : read(path));
        }
        list(kustomization, "patches").forEach(patch -> read(directory.resolve(map(patch).get("path").toString())).forEach(each -> merge(target(objects, each), each)));
        list(kustomization, "replicas").forEach(count -> replicas(objects, map(count)));
        if (kustomization.containsKey("namespace")) {
            objects.stream().filter(object -> !object.get("kind").equals("Namespace")).forEach(object -> map(object.get("metadata")).put("namespace", kustomization.get("namespace")));
        }
        return objects;
    }

    /** What {@code kubectl kustomize} makes of it. */
    static List<Map<String, Object>> renderByKubectl(Path directory) {
        try {
            Process kubectl = new ProcessBuilder("kubectl", "kustomize", directory.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            String rendered = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (kubectl.waitFor() != 0) {
                throw new IllegalStateException("kubectl kustomize " + directory + " fails: see above");
            }
            return parse(rendered);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean kubectlIsThere() {
        return List.of(System.getenv("PATH").split(":")).stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
    }

    private static Map<String, Object> target(List<Map<String, Object>> objects, Map<String, Object> patch) {
        return objects.stream().filter(object -> object.get("kind").equals(patch.get("kind")) && name(object).equals(name(patch))).findFirst()
                .orElseThrow(() -> new IllegalStateException("a patch of what is not there: " + name(patch)));
    }

    private static void merge(Map<String, Object> target, Map<String, Object> patch) {
        patch.forEach((key, value) -> {
            if (value instanceof List) {
                throw new IllegalStateException("a list in a patch is merged by rules that this class does not know: " + key);
            }
            if (value instanceof Map && target.get(key) instanceof Map) {
                merge(map(target.get(key)), map(value));
            } else {
                target.put(key, value);
            }
        });
    }

    private static void replicas(List<Map<String, Object>> objects, Map<String, Object> count) {
        Map<String, Object> deployment = target(objects, Map.of("kind", "Deployment", "metadata", Map.of("name", count.get("name"))));
        map(deployment.get("spec")).put("replicas", count.get("count"));
    }

    static String name(Map<String, Object> object) {
        return map(object.get("metadata")).get("name").toString();
    }

    private static List<?> list(Map<String, Object> kustomization, String key) {
        return (List<?>) kustomization.getOrDefault(key, List.of());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    static List<Map<String, Object>> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(Checkout.home().relativize(file) + " cannot be read", e);
        }
    }

    static List<Map<String, Object>> parse(String yaml) {
        LoaderOptions strict = new LoaderOptions();
        strict.setAllowDuplicateKeys(false);
        List<Map<String, Object>> objects = new ArrayList<>();
        new Yaml(new SafeConstructor(strict)).loadAll(yaml).forEach(object -> objects.add(new LinkedHashMap<>(map(object))));
        return objects;
    }
}
