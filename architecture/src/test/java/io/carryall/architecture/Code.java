package io.carryall.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All classes of all modules, read once, and which module each belongs to. */
public final class Code {
    private static final Code ALL = read();

    private final Map<String, String> moduleByClass;
    private final List<JavaClass> main;
    private final List<JavaClass> test;

    private Code(Map<String, String> moduleByClass, List<JavaClass> main, List<JavaClass> test) {
        this.moduleByClass = moduleByClass;
        this.main = main;
        this.test = test;
    }

    public static Code all() {
        return ALL;
    }

    private static Code read() {
        Map<Path, String> moduleByFolder = new HashMap<>();
        Checkout.codeModules().forEach(module -> moduleByFolder.put(compiled(module, "classes"), module));
        List<Path> mainFolders = List.copyOf(moduleByFolder.keySet());
        Checkout.testedModules().forEach(module -> moduleByFolder.put(compiled(module, "test-classes"), module));
        Map<String, String> moduleByClass = new HashMap<>();
        List<JavaClass> main = new ArrayList<>();
        List<JavaClass> test = new ArrayList<>();
        for (JavaClass each : new ClassFileImporter().importPaths(moduleByFolder.keySet())) {
            Path file = Path.of(each.getSource().orElseThrow().getUri());
            Path folder = moduleByFolder.keySet().stream().filter(file::startsWith).findFirst().orElseThrow();
            moduleByClass.put(each.getName(), moduleByFolder.get(folder));
            (mainFolders.contains(folder) ? main : test).add(each);
        }
        return new Code(moduleByClass, main, test);
    }

    private static Path compiled(String module, String what) {
        Path folder = Checkout.path(module + "/target/" + what);
        if (!Files.isDirectory(folder)) {
            throw new IllegalStateException(folder + " is missing: compile the module first, its tests too (mvn test-compile)");
        }
        return folder;
    }

    public List<JavaClass> main() {
        return main;
    }

    public List<JavaClass> test() {
        return test;
    }

    public List<JavaClass> main(String module) {
        return main.stream().filter(each -> moduleOf(each).equals(Optional.of(module))).toList();
    }

    /** None for a class that is not ours. */
    public Optional<String> moduleOf(JavaClass each) {
        return Optional.ofNullable(moduleByClass.get(each.getBaseComponentType().getName()));
    }
}
