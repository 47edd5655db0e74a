package io.carryall.control.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.control.Users;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** The commands that use the stack. */
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class UsersResource {
    private final Users users;

    UsersResource(Users users) {
        this.users = users;
    }

    @POST
    @Path("/users")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response join(JsonNode body) {
        return users.join(body.path("pid").asLong(), body.path("command").asText("")).map(user -> Response.ok(Map.of("id", user.id())).build())
                .orElseGet(() -> Answers.failed(Response.Status.SERVICE_UNAVAILABLE, "stopping", "the stack is stopping"));
    }

    @PUT
    @Path("/users/{id}")
    public Response heartbeat(@PathParam("id") String id) {
        return users.heartbeat(id) ? Response.noContent().build() : Answers.notFound("no such user");
    }

    @DELETE
    @Path("/users/{id}")
    public Response leave(@PathParam("id") String id) {
        users.leave(id);
        return Response.noContent().build();
    }

    @POST
    @Path("/stop")
    public Response stop() {
        try {
            users.stop();
            return Response.accepted(Map.of("state", "stopping")).build();
        } catch (IllegalStateException e) {
            return Answers.failed(Response.Status.CONFLICT, "refused", e.getMessage());
        }
    }
}
