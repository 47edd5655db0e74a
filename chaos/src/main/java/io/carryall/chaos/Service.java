package io.carryall.chaos;

import io.carryall.testkit.net.FaultProxy;
import io.carryall.testkit.net.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One instance of a service: a process that is killed, stopped and started again at the same address, with a proxy of its own before the ledger's node. Thread-safe. */
final class Service implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(2)).build();
    private static final Duration PID_MAX = Duration.ofSeconds(120);
    private static final long GONE_MAX_SECONDS = 120;
    /** The service ends when the pipe from us is closed, which the kernel does if we are killed; the shell ends with the service. */
    private static final String WATCHED = "exec 3<&0; \"$@\" </dev/null 3<&- & service=$!; echo $service >\"$PID_FILE.part\"; mv \"$PID_FILE.part\" \"$PID_FILE\"; (cat <&3 >/dev/null; kill -9 $service 2>/dev/null) & wait $service";

    private final String name;
    private final String module;
    private final Path directory;
    private final Map<String, String> settings;
    private final FaultProxy ledger;
    private final int port = FreePorts.next();
    private Process shell;
    private long pid;
    private int starts;
    private boolean frozen;
    private double settledBefore;
    private double settledNow;

    /** @param ledger what the service believes to be the ledger's node */
    Service(String name, String module, Path directory, Map<String, String> settings, FaultProxy ledger) {
        this.name = name;
        this.module = module;
        this.directory = directory;
        this.settings = settings;
        this.ledger = ledger;
    }

    String name() {
        return name;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    FaultProxy ledger() {
        return ledger;
    }

    boolean isCopier() {
        return module.equals("copier-service");
    }

    synchronized long pid() {
        return pid;
    }

    /** The log of its current life. */
    synchronized Path log() {
        return directory.resolve(name + "-" + starts + ".log");
    }

    /** What it wrote in its current life. */
    String said() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void start() {
        settledBefore += settledNow;
        settledNow = 0;
        starts++;
        Path pidFile = directory.resolve(name + ".pid");
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", WATCHED, "carryall-service", Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError", "-jar", Home.application(module).toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log().toFile());
        builder.environment().putAll(settings);
        builder.environment().putAll(Map.of("QUARKUS_HTTP_HOST", "127.0.0.1", "QUARKUS_HTTP_PORT", Integer.toString(port), "PID_FILE", pidFile.toString()));
        try {
            if (shell != null) {
                // It ended by itself. Who watches it for us kills its process id when we end, and that may be somebody else's by then: to be done while nobody has it.
                shell.getOutputStream().close();
            }
            Files.deleteIfExists(pidFile);
            shell = builder.start();
            Waiting.until(PID_MAX, name + " has begun", () -> Files.exists(pidFile));
            pid = Long.parseLong(Files.readString(pidFile).trim());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized boolean isAlive() {
        return shell != null && shell.isAlive();
    }

    /** Whether it is not there because we took it away. */
    synchronized boolean wasKilled() {
        return shell == null;
    }

    boolean isReady() {
        try {
            return get("/q/health/ready", 5).startsWith("200");
        } catch (IOException e) {
            return false;
        }
    }

    /** {@code kill -9}. */
    synchronized void kill() {
        if (shell == null) {
            return;
        }
        frozen = false;
        if (shell.isAlive()) {
            // Of one that ended by itself the process id may be somebody else's.
            signal("KILL");
        }
        awaitGone();
    }

    synchronized void freeze() {
        frozen = true;
        signal("STOP");
    }

    synchronized void thaw() {
        if (frozen) {
            frozen = false;
            signal("CONT");
        }
    }

    private void awaitGone() {
        try {
            if (!shell.waitFor(GONE_MAX_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError(name + " survived kill -9");
            }
            shell.getOutputStream().close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        shell = null;
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Groups in doubt that it settled in all its lives, as far as it lived long enough to be asked. */
    synchronized long settled() {
        return Math.round(settledBefore + settledNow);
    }

    /** To be called now and then: what it counts is gone when it is killed. */
    void sample() {
        long asked = pid();
        try {
            String metrics = get("/q/metrics", 2);
            double settled = metrics.lines().filter(line -> line.startsWith("carryall_copy_intents_settled_total")).mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
            synchronized (this) {
                settledNow = asked == pid ? settled : settledNow;
            }
        } catch (IOException away) {
            // dead, stopped or starting: there will be another time
        }
    }

    private String get(String path, int seconds) throws IOException {
        try {
            var response = HTTP.send(HttpRequest.newBuilder(URI.create(url() + path)).timeout(Duration.ofSeconds(seconds)).build(), BodyHandlers.ofString());
            return response.statusCode() + "\n" + response.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        thaw();
        kill();
        ledger.close();
    }
}
