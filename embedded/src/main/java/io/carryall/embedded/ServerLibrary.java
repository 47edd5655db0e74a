package io.carryall.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The jars of one server, in an order that is the same each time. */
record ServerLibrary(List<Path> jars) {

    static ServerLibrary in(Path dir, String server) throws StartFailedException {
        List<Path> found = list(dir);
        if (found.isEmpty()) {
            throw new StartFailedException("The jars of " + server + " are missing in " + dir + ": run ./carryall (it builds what is missing) or ./dev build");
        }
        return new ServerLibrary(found);
    }

    String classPath(Path launcher) throws StartFailedException {
        List<Path> all = new ArrayList<>(jars);
        all.add(0, launcher);
        if (all.stream().anyMatch(jar -> jar.toString().contains(File.pathSeparator))) {
            throw new StartFailedException("Java takes no class path with a \"" + File.pathSeparator + "\" in a folder's name: move Carryall out of " + jars.get(0).getParent());
        }
        return all.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static List<Path> list(Path dir) {
        try (Stream<Path> children = Files.list(dir)) {
            return children.map(Path::toAbsolutePath).filter(child -> child.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
