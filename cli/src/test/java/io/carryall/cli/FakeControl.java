package io.carryall.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** The control service as the command knows it, over real HTTP: one pass at a time that ends after so many looks at it. */
final class FakeControl implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final String token;
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger ids = new AtomicInteger();
    final Set<String> users = ConcurrentHashMap.newKeySet();
    final List<String> requests = new CopyOnWriteArrayList<>();
    volatile JsonNode begun;
    volatile int looksUntilEnd = 3;
    /** The pass is not known any more from this look on. */
    volatile int looksUntilLost = Integer.MAX_VALUE;
    volatile boolean interrupted;
    volatile String conflict;
    volatile String wrong;
    /** A pass runs that nobody follows, until it is interrupted. */
    volatile boolean orphan;
    volatile boolean startedByUp;
    /** What a follower said last. */
    volatile String followed = "";
    volatile boolean stopFollowers;
    volatile Runnable onPass = () -> { };
    volatile Runnable onLeft = () -> { };
    volatile ObjectNode result = result("{'migration':'acme-wave-1','pass':2,'kind':'delta','state':'finished','found':3,'migrated':1,'alreadyThere':2,'excluded':0,'failed':0,'pending':0,'bytes':100,'seconds':0.5,"
            + "'pairs':[{'source':'ann@old.example','target':'ann@new.example','kind':'delta','state':'finished','found':3,'migrated':1,'alreadyThere':2,'excluded':0,'failed':0,'pending':0,'failures':[],'warnings':[]}]}");

    FakeControl(String token) throws IOException {
        this.token = token;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/", this::handle);
        server.start();
    }

    static ObjectNode result(String json) {
        try {
            return (ObjectNode) JSON.readTree(json.replace('\'', '"'));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
        byte[] body = exchange.getRequestBody().readAllBytes();
        requests.add(request);
        try {
            boolean open = request.startsWith("GET /q/");
            if (!open && !("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                reply(exchange, 401, "{}");
            } else {
                route(exchange, request, body.length == 0 ? null : JSON.readTree(body));
            }
        } finally {
            exchange.close();
        }
    }

    private void route(HttpExchange exchange, String request, JsonNode body) throws IOException {
        if (request.equals("POST /api/stop")) {
            onLeft.run();
            reply(exchange, 200, "{}");
        } else if (request.equals("GET /q/health/ready") || request.startsWith("PUT /api/users/")) {
            reply(exchange, 200, "{}");
        } else if (request.startsWith("PUT /api/migrations/acme-wave-1/followers/")) {
            followed = body.toString();
            reply(exchange, 200, "{\"stop\":" + stopFollowers + "}");
        } else if (request.startsWith("DELETE /api/migrations/acme-wave-1/followers/")) {
            reply(exchange, 200, "{}");
        } else if (request.equals("GET /api/migrations/acme-wave-1/following") && !followed.isEmpty()) {
            reply(exchange, 200, followed);
        } else if (request.equals("POST /api/users")) {
            startedByUp |= body.get("command").asText().equals("up");
            String id = "u" + ids.incrementAndGet();
            users.add(id);
            reply(exchange, 201, "{\"id\":\"" + id + "\"}");
        } else if (request.startsWith("DELETE /api/users/")) {
            users.remove(request.substring("DELETE /api/users/".length()));
            if (users.isEmpty() && !startedByUp) {
                onLeft.run();
            }
            reply(exchange, 200, "{}");
        } else if (request.equals("POST /api/passes")) {
            begin(exchange, body);
        } else if (request.equals("GET /api/durability")) {
            reply(exchange, 200, "{\"embedded\":false,\"shortcomings\":[\"Cassandra: keyspace carryall has 1 replica, 3 are promised on\"]}");
        } else if (request.equals("POST /api/retry")) {
            begun = body;
            reply(exchange, 200, "{\"migration\":\"acme-wave-1\",\"items\":2,\"byReason\":{\"too-large\":2},\"pairs\":[{\"source\":\"ann@old.example\",\"target\":\"ann@new.example\",\"items\":2}]}");
        } else if (request.equals("POST /api/remap")) {
            begun = body;
            reply(exchange, 200, "{\"migration\":\"acme-wave-1\",\"pairs\":[{\"pair\":\"p1\",\"from\":{\"source\":\"a@x\",\"target\":\"a@z\"},\"to\":{\"source\":\"a@y\",\"target\":\"a@z\"},\"listed\":false}]}");
        } else if (request.equals("POST /api/reset")) {
            begun = body;
            reply(exchange, 200, "{\"migration\":\"acme-wave-1\",\"reset\":" + body.hasNonNull("generations") + ",\"messages\":17,\"pairs\":[{\"source\":\"ann@old.example\",\"pair\":\"p1\",\"generation\":4,\"messages\":17}]}");
        } else if (request.equals("POST /api/migrations/acme-wave-1/pause")) {
            if (conflict == null) {
                reply(exchange, 200, result.deepCopy().put("state", "paused").toString());
            } else {
                reply(exchange, 409, JSON.createObjectNode().set("error", JSON.createObjectNode().put("reason", "nothing-to-pause").put("detail", conflict)).toString());
            }
        } else if (request.endsWith("/interrupt")) {
            interrupted = !orphan;
            orphan = false;
            reply(exchange, 200, "{}");
        } else if (request.matches("GET /api/migrations/[^/]+/passes/2")) {
            progress(exchange);
        } else if (request.equals("GET /api/migrations/acme-wave-1")) {
            reply(exchange, 200, (orphan ? result.deepCopy().put("state", "running") : result).toString());
        } else if (request.equals("GET /api/status")) {
            reply(exchange, 200, "{\"migrations\":[" + result + "]}");
        } else {
            reply(exchange, 404, "{\"error\":{\"reason\":\"unknown\",\"detail\":\"no such thing\"}}");
        }
    }

    private void begin(HttpExchange exchange, JsonNode body) throws IOException {
        begun = body;
        onPass.run();
        if (orphan) {
            reply(exchange, 409, "{\"error\":{\"reason\":\"running\",\"detail\":\"pass 2 is running since 10:00\"}}");
        } else if (conflict != null) {
            reply(exchange, 409, JSON.createObjectNode().set("error", JSON.createObjectNode().put("reason", body.path("resume").asBoolean() ? "nothing-to-resume" : "running").put("detail", conflict)).toString());
        } else if (wrong != null) {
            reply(exchange, 400, "{\"errors\":[{\"file\":null,\"line\":null,\"message\":\"" + wrong + "\",\"expected\":null}]}");
        } else {
            looks.set(0);
            reply(exchange, 201, "{\"migration\":\"acme-wave-1\",\"pass\":2,\"kind\":\"delta\",\"resumed\":false}");
        }
    }

    private void progress(HttpExchange exchange) throws IOException {
        int look = looks.incrementAndGet();
        if (look >= looksUntilLost) {
            reply(exchange, 404, "{\"error\":{\"reason\":\"unknown\",\"detail\":\"no such pass\"}}");
            return;
        }
        String state = interrupted ? "interrupted" : look >= looksUntilEnd ? "finished" : "running";
        ObjectNode now = result.deepCopy().put("state", state.equals("finished") ? result.path("state").asText() : state);
        ObjectNode progress = JSON.createObjectNode().put("state", state).put("revision", look).put("pairsTotal", 1).put("pairsEnded", 0);
        progress.set("result", now);
        progress.putObject("rates").put("itemsPerSecond", 10.5).put("bytesPerSecond", 2048);
        progress.putObject("progress").putNull("forecast");
        reply(exchange, 200, progress.toString());
    }

    private static void reply(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.getResponseBody().close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
