package io.carryall.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The settings of some modules: what their {@code @ConfigMapping} interfaces ask for, and what their property files give. Names with any last part, which are maps in the interfaces, end in {@code .*}.
 *
 * @param defaults of those that have one
 */
public record ConfigKeys(Set<String> names, Map<String, String> defaults) {
    private static final String MAPPING = "io.smallrye.config.ConfigMapping";

    public static ConfigKeys of(String... modules) {
        ConfigKeys keys = new ConfigKeys(new TreeSet<>(), new TreeMap<>());
        for (String module : modules) {
            keys.askAll(module);
        }
        for (String module : modules) {
            keys.give(module + "/src/main/resources/META-INF/microprofile-config.properties");
        }
        return keys;
    }

    /** What the code of one module asks for, whatever its files give. */
    public static Set<String> asked(String module) {
        ConfigKeys keys = new ConfigKeys(new TreeSet<>(), new TreeMap<>());
        keys.askAll(module);
        return keys.names;
    }

    /** What one file sets, and nothing else. */
    public static Map<String, String> in(String file) {
        ConfigKeys keys = new ConfigKeys(new TreeSet<>(), new TreeMap<>());
        keys.give(file);
        return keys.defaults;
    }

    private void askAll(String module) {
        Code.all().main(module).stream().filter(each -> each.isAnnotatedWith(MAPPING)).forEach(each -> ask(each, each.getAnnotationOfType(MAPPING).get("prefix").orElseThrow() + "."));
    }

    private void ask(JavaClass mapping, String prefix) {
        for (JavaMethod method : mapping.getMethods()) {
            if (!method.getModifiers().contains(JavaModifier.ABSTRACT)) {
                continue;
            }
            String name = prefix + method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            JavaClass type = method.getRawReturnType();
            if (type.isInterface() && Code.all().moduleOf(type).isPresent()) {
                ask(type, name + ".");
            } else {
                names.add(type.isEquivalentTo(Map.class) ? name + ".*" : name);
            }
        }
    }

    private void give(String file) {
        if (!Files.isRegularFile(Checkout.path(file))) {
            return;
        }
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(Checkout.text(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        properties.stringPropertyNames().forEach(name -> {
            names.add(name);
            defaults.put(name, properties.getProperty(name));
        });
    }

    /** As an environment variable: whatever is no letter or digit is an underscore. */
    public static String environmentName(String key) {
        return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    public boolean hasEnvironmentName(String name) {
        List<String> maps = names.stream().filter(key -> key.endsWith(".*")).map(key -> environmentName(key.substring(0, key.length() - 1))).toList();
        return names.stream().anyMatch(key -> environmentName(key).equals(name)) || maps.stream().anyMatch(prefix -> name.startsWith(prefix) && name.length() > prefix.length());
    }
}
