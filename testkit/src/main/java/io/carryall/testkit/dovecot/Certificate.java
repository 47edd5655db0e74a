package io.carryall.testkit.dovecot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/** A self-signed certificate and its key as PEM files, made by the JDK's own keytool. */
final class Certificate {
    private static final String STORE_PASSWORD = "changeit";
    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

    private Certificate() {
    }

    static void write(List<String> names, Path certificate, Path key) {
        Path store = key.resolveSibling("certificate.p12");
        String alternatives = names.stream().map(Certificate::alternative).collect(Collectors.joining(","));
        Processes.run(60, List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", "server", "-keyalg", "EC", "-groupname", "secp256r1",
                "-dname", "CN=" + names.get(0), "-ext", "SAN=" + alternatives, "-ext", "BC=ca:true", "-validity", "30",
                "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", STORE_PASSWORD));
        try (InputStream in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, STORE_PASSWORD.toCharArray());
            Files.writeString(certificate, pem("CERTIFICATE", keys.getCertificate("server").getEncoded()));
            Files.writeString(key, pem("PRIVATE KEY", keys.getKey("server", STORE_PASSWORD.toCharArray()).getEncoded()));
            DovecotFiles.mode(key, "rw-------");
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("could not make a certificate for " + names, e);
        }
    }

    private static String alternative(String name) {
        return (name.matches("[0-9.]+") ? "ip:" : "dns:") + name;
    }

    private static String pem(String kind, byte[] bytes) {
        return "-----BEGIN " + kind + "-----\n" + PEM.encodeToString(bytes) + "\n-----END " + kind + "-----\n";
    }
}
