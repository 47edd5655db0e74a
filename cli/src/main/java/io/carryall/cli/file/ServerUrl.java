package io.carryall.cli.file;

import io.carryall.core.port.ServerAddress.Security;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code imaps://host[:port]}, {@code imap://host[:port]}, {@code imap://host[:port]?tls=none}. */
record ServerUrl(String host, int port, Security security) {
    static final String EXPECTED = "imaps://HOST (TLS), imap://HOST (STARTTLS), or imap://HOST?tls=none, with :PORT where it is not 993 or 143";

    private static final Pattern FORM = Pattern.compile("(imaps?)://(\\[[0-9A-Fa-f:.%a-z]+\\]|[\\p{L}\\p{N}._-]+)(?::(\\d{1,5}))?/?(\\?tls=none)?", Pattern.CASE_INSENSITIVE);

    static Optional<ServerUrl> parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            return Optional.empty();
        }
        boolean tls = form.group(1).equalsIgnoreCase("imaps");
        boolean none = form.group(4) != null;
        int port = form.group(3) == null ? (tls ? 993 : 143) : Integer.parseInt(form.group(3));
        if (tls && none || port < 1 || port > 65_535) {
            return Optional.empty();
        }
        String host = form.group(2).replace("[", "").replace("]", "").toLowerCase(Locale.ROOT);
        return Optional.of(new ServerUrl(host, port, tls ? Security.TLS : none ? Security.NONE : Security.STARTTLS));
    }

    /** Decided by the text alone: what a name resolves to may change between this look and the connection. */
    boolean onLoopback() {
        return host.equals("localhost") || host.endsWith(".localhost") || host.equals("::1") || host.matches("127(\\.\\d{1,3}){3}");
    }
}
