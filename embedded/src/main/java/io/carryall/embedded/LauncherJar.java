package io.carryall.embedded;

import io.carryall.embedded.child.ArchiveMain;
import io.carryall.embedded.child.ServerMain;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/**
 * What of ours stands on a server's class path: the first classes of its JVM, and the settings of its log. Packed from whatever our own classes come from (a jar, a folder,
 * an application's own class loader) into a small jar that is named by its content.
 */
final class LauncherJar {

    private static final List<String> ENTRIES = List.of(classFile(ServerMain.class), classFile(ArchiveMain.class), "io/carryall/embedded/kafka-log4j2.xml", "io/carryall/embedded/cassandra-logback.xml");

    private LauncherJar() {}

    private static String classFile(Class<?> type) {
        return type.getName().replace('.', '/') + ".class";
    }

    /** @return the jar in that directory, made if it was not there. Whole or absent, also when several processes make it at once. */
    static Path in(Path dir) throws IOException {
        byte[] content = pack();
        Path jar = dir.resolve("launcher-" + digest(content) + ".jar");
        if (!Files.exists(jar)) {
            Files.createDirectories(dir);
            Path part = Files.createTempFile(dir, "launcher", ".part");
            Files.write(part, content);
            Files.move(part, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        return jar;
    }

    private static byte[] pack() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes)) {
            for (String name : ENTRIES) {
                ZipEntry entry = new ZipEntry(name);
                entry.setTime(0);
                jar.putNextEntry(entry);
                jar.write(read(name));
                jar.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] read(String name) throws IOException {
        try (InputStream in = LauncherJar.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("not on the class path: " + name);
            }
            return in.readAllBytes();
        }
    }

    private static String digest(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
