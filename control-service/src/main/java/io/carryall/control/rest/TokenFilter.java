package io.carryall.control.rest;

import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jboss.logging.Logger;

/** Lets in who shows the token. The file is read at each request, so that a token can be changed without a restart. */
@Provider
public class TokenFilter implements ContainerRequestFilter {
    private static final Logger LOG = Logger.getLogger(TokenFilter.class);
    private static final String SCHEME = "Bearer ";

    private final Instance<ControlConfig> config;

    /** Made before the configuration is there, so it is asked for at the first request. */
    TokenFilter(Instance<ControlConfig> config) {
        this.config = config;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        String header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        String shown = header != null && header.startsWith(SCHEME) ? header.substring(SCHEME.length()) : "";
        byte[] wanted = token().getBytes(StandardCharsets.UTF_8);
        // Takes as long whether the first or the last byte differs.
        if (wanted.length == 0 || !MessageDigest.isEqual(wanted, shown.getBytes(StandardCharsets.UTF_8))) {
            request.abortWith(Response.status(Response.Status.UNAUTHORIZED).header(HttpHeaders.WWW_AUTHENTICATE, "Bearer").entity(Answers.error("unauthorized", "the token is missing or wrong")).build());
        }
    }

    private String token() {
        ControlConfig set = config.get();
        return set.token().or(() -> set.tokenFile().map(TokenFilter::read)).orElse("").strip();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            LOG.errorf("the token file %s cannot be read, so nobody is let in", file);
            return "";
        }
    }
}
