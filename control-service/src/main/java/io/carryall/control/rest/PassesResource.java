package io.carryall.control.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.carryall.control.Control;
import io.carryall.control.Started;
import io.carryall.control.Users;
import io.carryall.core.item.PassId;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.json.MigrationJson;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Migrations and their passes. */
@Path("/api")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class PassesResource {
    private static final long WAIT_SECONDS_MAX = 30;

    private final Control control;
    private final Users users;
    private final MigrationJson migrations = new MigrationJson();

    PassesResource(Control control, Users users) {
        this.control = control;
        this.users = users;
    }

    @POST
    @Path("/passes")
    @Consumes(MediaType.APPLICATION_JSON)
    public Response start(JsonNode body) throws InterruptedException {
        MigrationSpec spec;
        try {
            spec = migrations.read(body.path("spec").toString());
        } catch (IllegalArgumentException e) {
            return Answers.wrong(List.of(e.getMessage()));
        }
        List<String> mailboxes = new ArrayList<>();
        body.path("mailboxes").forEach(mailbox -> mailboxes.add(mailbox.asText()));
        Started started = body.path("resume").asBoolean() ? control.resume(spec) : body.path("adopt").asBoolean() ? control.startAdopting(spec, mailboxes) : control.start(spec, mailboxes, body.path("dryRun").asBoolean());
        if (started instanceof Started.Wrong wrong) {
            return Answers.wrong(wrong.errors());
        }
        if (started instanceof Started.Running running) {
            return Answers.failed(Response.Status.CONFLICT, "running", running.detail());
        }
        if (started instanceof Started.NothingToResume nothing) {
            return Answers.failed(Response.Status.CONFLICT, "nothing-to-resume", nothing.detail());
        }
        Started.Pass pass = (Started.Pass) started;
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("migration", pass.id().migration());
        answer.put("pass", pass.id().number());
        answer.put("kind", pass.full() ? "full" : "delta");
        answer.put("resumed", pass.resumed());
        if (!pass.changes().isEmpty()) {
            answer.put("changes", pass.changes());
        }
        return Response.status(Response.Status.CREATED).entity(answer).build();
    }

    /** Answers at once when something changed since that revision, else when it does, or after that many seconds. */
    @GET
    @Path("/migrations/{name}/passes/{number}")
    public Response pass(@PathParam("name") String name, @PathParam("number") int number, @QueryParam("wait") @DefaultValue("0") long waitSeconds, @QueryParam("since") @DefaultValue("0") long since)
            throws InterruptedException {
        Optional<Control.Told> pass = control.pass(new PassId(name, number));
        if (pass.isPresent() && waitSeconds > 0) {
            pass.get().awaitNewerThan(since, TimeUnit.SECONDS.toMillis(Math.min(WAIT_SECONDS_MAX, waitSeconds)));
        }
        return pass.map(told -> Response.ok((StreamingOutput) told::write).build()).orElseGet(() -> Answers.notFound("no pass " + number + " of " + name));
    }

    @POST
    @Path("/migrations/{name}/passes/{number}/interrupt")
    public Response interrupt(@PathParam("name") String name, @PathParam("number") int number) throws InterruptedException {
        return control.interrupt(new PassId(name, number)).map(told -> Response.ok((StreamingOutput) told::write).build()).orElseGet(() -> Answers.notFound("no pass " + number + " of " + name));
    }

    /** Stops the newest pass until somebody resumes it. Answered when that is recorded; what is under way at copiers then comes to its end within moments. */
    @POST
    @Path("/migrations/{name}/pause")
    public Response pause(@PathParam("name") String name) throws InterruptedException {
        Control.Paused paused = control.pause(name);
        return paused instanceof Control.Paused.Pass pass ? Response.ok((StreamingOutput) pass.told()::writeResult).build()
                : Answers.failed(Response.Status.CONFLICT, "nothing-to-pause", ((Control.Paused.Nothing) paused).detail());
    }

    /** The result of the newest pass. */
    @GET
    @Path("/migrations/{name}")
    public Response migration(@PathParam("name") String name) {
        return control.newest(name).map(told -> Response.ok((StreamingOutput) told::writeResult).build()).orElseGet(() -> Answers.notFound("no pass of " + name + " has run yet"));
    }

    @GET
    @Path("/status")
    public Map<String, Object> status() {
        List<Map<String, Object>> heads = control.migrations().stream().map(control::newest).flatMap(Optional::stream).map(Control.Told::head).toList();
        List<Map<String, Object>> commands = users.list().stream().map(user -> Map.<String, Object>of("pid", user.pid(), "command", user.command())).toList();
        return Map.of("migrations", heads, "users", commands);
    }
}
