package io.carryall.imap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Whose certificates are believed: the system's authorities, and those of one more file where one is named. Immutable, shared by connections. */
final class TlsTrust {
    private static final TlsTrust SYSTEM = build(null);

    private final SSLSocketFactory sockets;

    private TlsTrust(SSLSocketFactory sockets) {
        this.sockets = sockets;
    }

    static TlsTrust system() {
        return SYSTEM;
    }

    /**
     * The system's authorities and those of a PEM file.
     *
     * @throws IllegalArgumentException when the file can't be read or holds no certificate
     */
    static TlsTrust systemAnd(Path pemFile) {
        return build(pemFile);
    }

    SSLSocketFactory sockets() {
        return sockets;
    }

    private static TlsTrust build(Path pemFile) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trustManagers(pemFile == null ? null : store(readPem(pemFile))), null);
            return new TlsTrust(context.getSocketFactory());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("can't read certificates" + (pemFile == null ? "" : " of " + pemFile) + ": " + e.getMessage(), e);
        }
    }

    private static Collection<? extends Certificate> readPem(Path pemFile) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(pemFile)) {
            Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) throw new IOException("no certificate in it");
            return found;
        }
    }

    /** One store of both, so that one PKIX check decides. */
    private static KeyStore store(Collection<? extends Certificate> more) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int n = 0;
        for (TrustManager manager : trustManagers(null)) {
            if (manager instanceof X509TrustManager x509) {
                for (X509Certificate issuer : x509.getAcceptedIssuers()) store.setCertificateEntry("system-" + n++, issuer);
            }
        }
        for (Certificate certificate : more) store.setCertificateEntry("file-" + n++, certificate);
        return store;
    }

    private static TrustManager[] trustManagers(KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }
}
