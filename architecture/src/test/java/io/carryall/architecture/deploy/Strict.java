package io.carryall.architecture.deploy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Map;

/** From maps to Kubernetes' own types. A wrong type and an unknown field are errors: the API server would refuse the one, and drop the other without a word. */
final class Strict {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Map<String, Class<? extends HasMetadata>> TYPES = Map.of(
            "v1 ConfigMap", ConfigMap.class,
            "v1 Namespace", Namespace.class,
            "v1 Service", Service.class,
            "apps/v1 Deployment", Deployment.class,
            "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class);

    private Strict() {
    }

    static HasMetadata read(Map<String, Object> object) {
        String type = object.get("apiVersion") + " " + object.get("kind");
        if (!TYPES.containsKey(type)) {
            throw new IllegalArgumentException("teach this class the type " + type);
        }
        HasMetadata read = MAPPER.convertValue(object, TYPES.get(type));
        refuseUnknown(read, type + " " + Kustomization.name(object));
        return read;
    }

    private static void refuseUnknown(Object value, String path) {
        if (value instanceof Collection<?> values) {
            values.forEach(each -> refuseUnknown(each, path + "[]"));
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, each) -> refuseUnknown(each, path + "." + key));
        } else if (value != null && value.getClass().getName().startsWith("io.fabric8.")) {
            for (Field field : value.getClass().getDeclaredFields()) {
                refuseUnknown(value, field, path);
            }
        }
    }

    private static void refuseUnknown(Object owner, Field field, String path) {
        if (Modifier.isStatic(field.getModifiers()) || owner instanceof Enum) {
            return;
        }
        try {
            field.setAccessible(true);
            Object value = field.get(owner);
            if (field.getName().equals("additionalProperties") && value instanceof Map<?, ?> unknown && !unknown.isEmpty()) {
                throw new IllegalArgumentException(path + " has fields that Kubernetes does not know: " + unknown.keySet());
            }
            refuseUnknown(value, path + "." + field.getName());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
