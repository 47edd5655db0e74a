package io.carryall.control.rest;

import io.carryall.control.StackLife;
import io.carryall.runtime.Durability;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;

/** What the clusters' acknowledgements are worth. */
@Path("/api/durability")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class DurabilityResource {
    private final Durability durability;
    private final StackLife life;

    DurabilityResource(Durability durability, StackLife life) {
        this.durability = durability;
        this.life = life;
    }

    @GET
    public Map<String, Object> shortcomings() {
        return Map.of("embedded", life.isEmbedded(), "shortcomings", durability.shortcomings());
    }
}
