package io.carryall.control.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.control.Control;
import io.carryall.control.Followers;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;

/** Who follows a migration. (Below /api as its neighbours are: a longer path of the class would hide theirs.) */
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class FollowersResource {
    private static final int TOLD_MAX = 200_000;

    private final Followers followers;

    FollowersResource(Control control) {
        this.followers = control.followers();
    }

    /** Every second or so. The answer says whether the follower is to stop. */
    @PUT
    @Path("/migrations/{name}/followers/{id}")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response heard(@PathParam("name") String name, @PathParam("id") String id, JsonNode told) {
        String text = told.toString();
        return text.length() > TOLD_MAX ? Answers.wrong(List.of("a follower may say " + TOLD_MAX + " characters at most")) : Response.ok(Map.of("stop", followers.heard(name, id, text))).build();
    }

    @DELETE
    @Path("/migrations/{name}/followers/{id}")
    public Response left(@PathParam("name") String name, @PathParam("id") String id) {
        followers.left(name, id);
        return Response.noContent().build();
    }

    /** What the follower said last. */
    @GET
    @Path("/migrations/{name}/following")
    public Response following(@PathParam("name") String name) {
        return followers.told(name).map(told -> Response.ok(told).build()).orElseGet(() -> Answers.notFound("nobody follows " + name));
    }
}
