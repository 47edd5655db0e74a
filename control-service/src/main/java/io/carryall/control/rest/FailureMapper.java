package io.carryall.control.rest;

import io.carryall.core.port.LedgerException;
import io.carryall.core.port.QueueException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers for what a resource does not catch. Where the ledger or the queue is away nothing is wrong with the request, and it may be repeated. */
public class FailureMapper {

    @ServerExceptionMapper
    public Response ledger(LedgerException e) {
        return Answers.failed(Response.Status.SERVICE_UNAVAILABLE, "unreachable", "the ledger does not answer: " + e.getMessage());
    }

    @ServerExceptionMapper
    public Response wrong(IllegalArgumentException e) {
        return Answers.wrong(List.of(String.valueOf(e.getMessage())));
    }

    @ServerExceptionMapper
    public Response queue(QueueException e) {
        return Answers.failed(Response.Status.SERVICE_UNAVAILABLE, "unreachable", "the queue does not answer: " + e.getMessage());
    }
}
