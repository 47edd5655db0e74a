package io.carryall.control.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.carryall.control.Control;
import io.carryall.control.Journal;
import io.carryall.core.journal.JournalException;
import io.carryall.core.port.LedgerException;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;

/** The journal as a file, out and in. What may take long is a stream, so that no side has to wait in silence. */
@Path("/api/journal")
@Blocking
public class JournalResource {
    private static final Logger LOG = Logger.getLogger(JournalResource.class);
    private static final String LINES = "application/x-ndjson";

    private final Journal journal;
    private final ObjectMapper json = JsonMapper.builder().build();

    JournalResource(Control control) {
        this.journal = control.journal();
    }

    /** The file. Who reads it has to look at its end: an answer that breaks off is no journal. */
    @GET
    @Produces({MediaType.APPLICATION_OCTET_STREAM, MediaType.APPLICATION_JSON})
    public Response export(@QueryParam("mailbox") String mailbox) {
        if (mailbox != null && !journal.knows(mailbox)) {
            return Answers.notFound("the ledger knows nothing of " + mailbox);
        }
        return Response.ok((StreamingOutput) out -> journal.export(mailbox, out), MediaType.APPLICATION_OCTET_STREAM).build();
    }

    /** Takes a file in. It is read whole before anything is changed; then the answer is a line of progress every few seconds, and a last line with the result, or with what went wrong. */
    @POST
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    @Produces({LINES, MediaType.APPLICATION_JSON})
    public Response take(InputStream body) throws IOException {
        java.nio.file.Path file = Files.createTempFile("carryall-journal-", ".part");
        boolean kept = false;
        try {
            Files.copy(body, file, StandardCopyOption.REPLACE_EXISTING);
            journal.verify(file);
            kept = true;
        } catch (JournalException e) {
            return Answers.wrong(List.of(e.getMessage()));
        } finally {
            if (!kept) {
                Files.deleteIfExists(file);
            }
        }
        return Response.ok((StreamingOutput) out -> take(file, out), LINES).build();
    }

    private void take(java.nio.file.Path file, OutputStream out) throws IOException {
        try {
            Optional<Map<String, Object>> result = journal.take(file, (pairs, items) -> line(out, Map.of("pairs", pairs, "items", items)));
            line(out, result.<Map<String, Object>>map(told -> Map.of("result", told)).orElseGet(() -> Answers.error("running", "another journal is being imported: wait for its end, and import the file again")));
        } catch (LedgerException e) {
            line(out, Answers.error("unreachable", "the ledger does not answer, and the import is not whole: import the file again (" + e.getMessage() + ")"));
        } catch (JournalException | RuntimeException e) {
            LOG.error("an import broke off", e);
            line(out, Answers.error("refused", "the import is not whole: import the file again (" + e.getMessage() + ")"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("stopping");
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void line(OutputStream out, Map<String, Object> what) {
        try {
            out.write((json.writeValueAsString(what) + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            // Nobody listens any more; what was begun is brought to its end all the same.
            LOG.debugf("nobody listens to an import any more: %s", e.getMessage());
        }
    }
}
