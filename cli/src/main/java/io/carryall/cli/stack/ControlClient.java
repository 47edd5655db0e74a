package io.carryall.cli.stack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** The HTTP side of the control service. Thread-safe. */
public final class ControlClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration SLOW_TIMEOUT = Duration.ofMinutes(30);
    private static final int ERROR_BYTES_MAX = 100_000;

    private final HttpClient http;
    private final URI url;
    private final String token;

    /** @param token sent as a bearer token; empty: none is sent */
    public ControlClient(URI url, String token) {
        this.url = URI.create(url.toString().replaceFirst("/+$", ""));
        this.token = token;
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT);
        this.http = ("http".equalsIgnoreCase(url.getScheme()) ? builder.sslContext(trustingNobody()) : builder).build();
    }

    /** For plain HTTP, where nobody shows a certificate: the JVM's own trust would read those of all authorities first, which takes longer than most requests. */
    private static SSLContext trustingNobody() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JVM has no TLS", e);
        }
    }

    /** @param body missing where the reply had none, or none that is JSON */
    public record Reply(int status, JsonNode body) {
        public boolean succeeded() {
            return status >= 200 && status < 300;
        }

        /** What the server said went wrong. */
        public String detail() {
            String detail = body.at("/error/detail").asText(body.at("/errors/0/message").asText(""));
            return detail.isEmpty() ? "HTTP status " + status : detail;
        }
    }

    public Reply get(String path) throws IOException, InterruptedException {
        return send("GET", path, null, REPLY_TIMEOUT);
    }

    /** A GET whose answer the server holds back for up to that long. */
    public Reply await(String path, Duration atMost) throws IOException, InterruptedException {
        return send("GET", path, null, REPLY_TIMEOUT.plus(atMost));
    }

    public Reply post(String path, String body) throws IOException, InterruptedException {
        return send("POST", path, body, REPLY_TIMEOUT);
    }

    /** A POST whose answer may take minutes: the server walks over a ledger. */
    public Reply postSlow(String path, String body) throws IOException, InterruptedException {
        return send("POST", path, body, SLOW_TIMEOUT);
    }

    public Reply put(String path) throws IOException, InterruptedException {
        return put(path, "{}");
    }

    public Reply put(String path, String body) throws IOException, InterruptedException {
        return send("PUT", path, body, REPLY_TIMEOUT);
    }

    public Reply delete(String path) throws IOException, InterruptedException {
        return send("DELETE", path, null, REPLY_TIMEOUT);
    }

    /** A GET whose answer is a file: written as it comes, and whole only if its content says so. What is no success is told as ever, and nothing is written. */
    public Reply download(String path, Path into) throws IOException, InterruptedException {
        HttpRequest request = request(path, SLOW_TIMEOUT).header("Accept", "application/octet-stream, application/json").GET().build();
        HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            if (response.statusCode() != 200) {
                return new Reply(response.statusCode(), parsed(body.readNBytes(ERROR_BYTES_MAX)));
            }
            Files.copy(body, into, StandardCopyOption.REPLACE_EXISTING);
            return new Reply(response.statusCode(), MissingNode.getInstance());
        }
    }

    /** A POST of a file whose answer is a line of JSON now and then. What is no success is told as ever. */
    public Reply upload(String path, Path file, Consumer<JsonNode> lines) throws IOException, InterruptedException {
        HttpRequest request = request(path, SLOW_TIMEOUT).header("Accept", "application/x-ndjson, application/json").header("Content-Type", "application/octet-stream").POST(BodyPublishers.ofFile(file)).build();
        HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
        try (BufferedReader body = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            if (response.statusCode() != 200) {
                return new Reply(response.statusCode(), parsed(body.lines().collect(Collectors.joining("\n")).getBytes(StandardCharsets.UTF_8)));
            }
            for (String line = body.readLine(); line != null; line = body.readLine()) {
                lines.accept(JSON.readTree(line));
            }
            return new Reply(response.statusCode(), MissingNode.getInstance());
        }
    }

    private HttpRequest.Builder request(String path, Duration timeout) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path)).timeout(timeout);
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    /** A name as a segment of a path. */
    public static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Reply send(String method, String path, String body, Duration timeout) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path, timeout).header("Accept", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        HttpResponse<byte[]> response = http.send(request.build(), BodyHandlers.ofByteArray());
        return new Reply(response.statusCode(), parsed(response.body()));
    }

    private static JsonNode parsed(byte[] body) throws IOException {
        try {
            return body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
