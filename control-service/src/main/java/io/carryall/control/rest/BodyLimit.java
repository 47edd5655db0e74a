package io.carryall.control.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;

/** A journal is streamed to disk and may be long; whatever else is sent is held in memory, so it has to say how long it is, and that has a limit. */
@Provider
public class BodyLimit implements ContainerRequestFilter {
    /** A list of 100,000 mailboxes is about 30 MB. */
    private static final long BYTES_MAX = 256L << 20;
    private static final String JOURNAL = "/api/journal";

    @Override
    public void filter(ContainerRequestContext request) {
        if (request.getUriInfo().getRequestUri().getPath().equals(JOURNAL)) {
            return;
        }
        String length = request.getHeaderString(HttpHeaders.CONTENT_LENGTH);
        if (length == null && request.getHeaderString("Transfer-Encoding") != null) {
            request.abortWith(Answers.failed(Response.Status.LENGTH_REQUIRED, "wrong", "the request has to say how long it is (Content-Length)"));
        } else if (length != null && Long.parseLong(length) > BYTES_MAX) {
            request.abortWith(Answers.failed(Response.Status.REQUEST_ENTITY_TOO_LARGE, "too-large", "a request has " + BYTES_MAX + " bytes at most"));
        }
    }
}
