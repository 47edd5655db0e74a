package io.carryall.control.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.carryall.core.migration.MailServer;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.ServerAddress;
import io.carryall.json.MigrationJson;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(RestTest.Settings.class)
class RestTest {
    @TestHTTPResource
    URI url;

    public static final class Settings implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("carryall.control.token", "right", "quarkus.http.test-port", "0");
        }
    }

    @Test
    void nobody_is_let_in_without_the_token() throws Exception {
        assertThat(send("GET", "/api/status", null, "wrong").statusCode()).isEqualTo(401);
        assertThat(send("GET", "/api/status", null, "").statusCode()).isEqualTo(401);
        assertThat(send("GET", "/api/status", null, "right").statusCode()).isEqualTo(200);
    }

    @Test
    void a_pass_is_started_once_looked_at_and_interrupted() throws Exception {
        HttpResponse<String> started = send("POST", "/api/passes", start("once"), "right");
        assertThat(started.statusCode()).isEqualTo(201);
        assertThat(started.body()).isEqualTo("{\"migration\":\"once\",\"pass\":1,\"kind\":\"full\",\"resumed\":false}");

        HttpResponse<String> second = send("POST", "/api/passes", start("once"), "right");
        assertThat(second.statusCode()).isEqualTo(409);
        assertThat(json(second).at("/error/reason").asText()).isEqualTo("running");

        JsonNode running = json(send("GET", "/api/migrations/once/passes/1?wait=1&since=0", null, "right"));
        assertThat(running.get("state").asText()).isEqualTo("running");
        assertThat(running.get("result").get("migration").asText()).isEqualTo("once");

        JsonNode stopped = json(send("POST", "/api/migrations/once/passes/1/interrupt", "{}", "right"));
        assertThat(stopped.get("state").asText()).isEqualTo("interrupted");
        assertThat(json(send("GET", "/api/migrations/once", null, "right")).get("state").asText()).isEqualTo("interrupted");
        assertThat(json(send("GET", "/api/status", null, "right")).get("migrations")).isNotEmpty();
    }

    @Test
    void what_is_wrong_with_a_request_is_told_as_a_list() throws Exception {
        HttpResponse<String> empty = send("POST", "/api/passes", "{\"spec\":{}}", "right");
        assertThat(empty.statusCode()).isEqualTo(400);
        assertThat(json(empty).at("/errors/0/message").asText()).isNotEmpty();
        HttpResponse<String> unknown = send("POST", "/api/passes", start("odd").replace("\"dryRun\"", "\"mailboxes\":[\"eve@old.example\"],\"dryRun\""), "right");
        assertThat(json(unknown).at("/errors/0/message").asText()).contains("eve@old.example");
    }

    @Test
    void only_a_journal_may_be_longer_than_what_is_held_in_memory_or_of_unknown_length() throws Exception {
        assertThat(firstLine("POST /api/passes", "Content-Length: 300000000")).contains(" 413 ");
        assertThat(firstLine("POST /api/passes", "Transfer-Encoding: chunked")).contains(" 411 ");
        byte[] none = "no journal".getBytes(StandardCharsets.UTF_8);
        HttpRequest journal = HttpRequest.newBuilder(url.resolve("/api/journal")).header("Content-Type", "application/octet-stream").header("Authorization", "Bearer right")
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(none))).build();
        assertThat(HttpClient.newHttpClient().send(journal, BodyHandlers.ofString()).statusCode()).isEqualTo(400);
    }

    /** Of the answer to a request whose body never comes. */
    private String firstLine(String what, String header) throws IOException {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(20_000);
            String head = what + " HTTP/1.1\r\nHost: control\r\nAuthorization: Bearer right\r\nContent-Type: application/json\r\n" + header + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
        }
    }

    @Test
    void what_is_not_there_is_not_found() throws Exception {
        assertThat(send("GET", "/api/migrations/none", null, "right").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/api/migrations/none/passes/1", null, "right").statusCode()).isEqualTo(404);
        assertThat(send("PUT", "/api/users/77", "{}", "right").statusCode()).isEqualTo(404);
    }

    @Test
    void an_installed_carryall_is_not_stopped_by_a_command() throws Exception {
        assertThat(send("POST", "/api/stop", "{}", "right").statusCode()).isEqualTo(409);
        HttpResponse<String> joined = send("POST", "/api/users", "{\"pid\":1,\"command\":\"run\"}", "right");
        String id = json(joined).get("id").asText();
        assertThat(send("DELETE", "/api/users/" + id, null, "right").statusCode()).isEqualTo(204);
    }

    private static String start(String migration) {
        MailServer server = new MailServer("old", new ServerAddress("old.example", 993, ServerAddress.Security.TLS, null), false, MailServer.Login.EACH_USER);
        MigrationSpec spec = new MigrationSpec(migration, server, server, null, null, null, null, null, false, null,
                List.of(new MailboxPair("ann@old.example", "ann@new.example", null, null, "file:a", "file:b")));
        return "{\"spec\":" + new MigrationJson().write(spec) + ",\"dryRun\":false}";
    }

    private HttpResponse<String> send(String method, String path, String body, String token) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.resolve(path)).header("Content-Type", "application/json").header("Authorization", "Bearer " + token)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        assertThat(response.body()).as("the body of HTTP status %d", response.statusCode()).startsWith("{");
        return new ObjectMapper().readTree(response.body());
    }
}
