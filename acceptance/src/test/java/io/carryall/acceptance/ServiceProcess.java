package io.carryall.acceptance;

import io.carryall.testkit.net.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One instance of a service, started from its packaged application. */
final class ServiceProcess implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private static final Duration START_MAX = Duration.ofSeconds(120);
    private static final Duration STOP_MAX = Duration.ofSeconds(40);
    /** Ends the service when the pipe from us is closed, which the kernel does if we are killed; ends with the service, and with its exit status. */
    private static final String WATCHED = "exec 3<&0; \"$@\" </dev/null 3<&- & service=$!; (cat <&3 >/dev/null; kill $service 2>/dev/null) & wait $service";

    private final String name;
    private final int port = FreePorts.next();
    private final Path log;
    private final Process process;

    /**
     * @param module   {@code copier-service}
     * @param settings as environment variables have them: {@code CARRYALL_KAFKA_BOOTSTRAP_SERVERS}; nothing of it can be seen in the list of processes
     */
    ServiceProcess(String name, String module, Path directory, List<String> jvmOptions, Map<String, String> settings) {
        this.name = name;
        this.log = directory.resolve(name + ".log");
        List<String> command = new ArrayList<>(List.of(Checkout.java().toString()));
        command.addAll(jvmOptions);
        command.addAll(List.of("-XX:+ExitOnOutOfMemoryError", "-jar", Checkout.application(module).toString()));
        command.addAll(0, List.of("/bin/sh", "-c", WATCHED, "carryall-service"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(settings);
        builder.environment().putAll(Map.of("QUARKUS_HTTP_HOST", "127.0.0.1", "QUARKUS_HTTP_PORT", Integer.toString(port)));
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String name() {
        return name;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ServiceProcess awaitReady() {
        Deadline.await(START_MAX, () -> name + " is ready: " + log(), () -> {
            if (!process.isAlive()) {
                throw new AssertionError(name + " ended: " + log());
            }
            return isReady();
        });
        return this;
    }

    private boolean isReady() throws InterruptedException {
        try {
            return get("/q/health/ready").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** The sum of a metric over all lines that have these words among their labels: {@code step="copy"}. */
    double metric(String metric, String... labels) {
        try {
            return get("/q/metrics").body().lines().filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                    .filter(line -> List.of(labels).stream().allMatch(line::contains)).mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(name + " tells no metrics", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(URI.create(url() + path)).timeout(Duration.ofSeconds(10)).build(), BodyHandlers.ofString());
    }

    /** {@code kill -9}. */
    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Asks it to end, and waits for that. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
