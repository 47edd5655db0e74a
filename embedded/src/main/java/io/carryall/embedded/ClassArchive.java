package io.carryall.embedded;

import io.carryall.embedded.child.ArchiveMain;
import io.carryall.embedded.child.ServerMain;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * A server's classes in the form in which the JVM keeps them (class data sharing), so that later starts map them instead of reading ten thousand classes out of a hundred
 * jars. The first start notes what it loads; a background process makes the archive from that while the server is at work, and gives up when the server stops before.
 *
 * @param file named by all that it depends on: the Java, its options and the jars. The JVM checks it again, and does without it when it does not fit
 */
record ClassArchive(Path file) {

    /** How long its maker has to go away when it is told to; it has nothing to save. */
    private static final long MAKER_GRACE_MILLIS = 5_000;
    private static final Path NICE = Path.of("/usr/bin/nice");

    static ClassArchive of(String server, Path cacheDir, Path java, List<String> modeOptions, String classPath) throws IOException {
        return new ClassArchive(cacheDir.resolve(server + "-" + digest(java, modeOptions, classPath) + ".jsa"));
    }

    boolean exists() {
        return Files.isReadable(file);
    }

    /** @param classList where the server is to note its classes, should there be no archive */
    List<String> startOptions(Path classList) {
        return exists() ? List.of("-XX:SharedArchiveFile=" + file, "-Xshare:auto") : List.of("-XX:DumpLoadedClassList=" + classList);
    }

    /** Starts the making; the process ends by itself, or when its input is closed. */
    Process make(Path classList, Path java, List<String> jvmOptions, String classPath) throws IOException {
        List<String> command = new ArrayList<>(List.of(java.toString(), "-Xmx32m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classPath.split(File.pathSeparator)[0],
                ServerMain.class.getName(), file + ".lock", Long.toString(MAKER_GRACE_MILLIS), ArchiveMain.class.getName(), classList.toString(), file.toString()));
        if (Files.isExecutable(NICE)) {
            command.addAll(List.of(NICE.toString(), "-n", "19"));
        }
        command.add(java.toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-XX:SharedClassListFile=@list", "-XX:SharedArchiveFile=@archive", "-Xshare:dump", "-cp", classPath));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(new File("/dev/null"));
        builder.environment().clear();
        return builder.start();
    }

    private static String digest(Path java, List<String> modeOptions, String classPath) throws IOException {
        StringBuilder all = new StringBuilder();
        Path release = java.getParent().resolveSibling("release");
        all.append(java).append(Files.exists(release) ? Files.readString(release) : "").append(modeOptions);
        for (String jar : classPath.split(File.pathSeparator)) {
            all.append(jar).append(Files.size(Path.of(jar))).append(Files.getLastModifiedTime(Path.of(jar)));
        }
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(all.toString().getBytes(StandardCharsets.UTF_8)), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
