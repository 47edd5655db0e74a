package io.carryall.control.rest;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;

/** What is answered where there is no result to tell. */
final class Answers {
    private Answers() {
    }

    static Map<String, Object> error(String reason, String detail) {
        return Map.of("error", Map.of("reason", reason, "detail", detail));
    }

    static Response failed(Response.Status status, String reason, String detail) {
        return Response.status(status).type(MediaType.APPLICATION_JSON).entity(error(reason, detail)).build();
    }

    static Response wrong(List<String> messages) {
        List<Map<String, String>> errors = messages.stream().map(message -> Map.of("message", message)).toList();
        return Response.status(Response.Status.BAD_REQUEST).type(MediaType.APPLICATION_JSON).entity(Map.of("errors", errors)).build();
    }

    static Response notFound(String what) {
        return failed(Response.Status.NOT_FOUND, "not-found", what);
    }
}
