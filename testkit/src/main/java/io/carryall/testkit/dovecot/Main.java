package io.carryall.testkit.dovecot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * For scripts: keeps two servers, a source and a target, running in a directory.
 *
 * <pre>
 * Main start DIR [--source-port N] [--target-port N] [--format sdbox|mdbox|maildir] [--fsync] [--setting LINE]...
 * Main stop DIR
 * </pre>
 *
 * {@code --fsync} makes the target sync mail to disk as a production server does. {@code start} returns when both greet, and leaves them running; ports and passwords are in {@code DIR/servers.json}. Mail is kept from one start to the next.
 */
public final class Main {
    private static final List<String> SIDES = List.of("source", "target");
    private static final long STOP_MILLIS_MAX = 15_000;

    private Main() {
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length >= 2 && arguments[0].equals("start")) {
            start(Path.of(arguments[1]).toAbsolutePath().normalize(), List.of(arguments).subList(2, arguments.length));
        } else if (arguments.length == 2 && arguments[0].equals("stop")) {
            stop(Path.of(arguments[1]).toAbsolutePath().normalize());
        } else {
            System.err.println("usage: start DIR [--source-port N] [--target-port N] [--format sdbox|mdbox|maildir] [--fsync] [--setting LINE]...   or   stop DIR");
            System.exit(1);
        }
    }

    private static void start(Path directory, List<String> options) throws IOException {
        stop(directory);
        Files.createDirectories(directory);
        Map<String, Dovecot> servers = new LinkedHashMap<>();
        for (String side : SIDES) {
            servers.put(side, builder(directory.resolve(side), side, options).start());
        }
        Files.writeString(directory.resolve("servers.json"), json(servers));
        servers.forEach((side, server) -> System.out.println(side + " " + server.url()));
    }

    private static Dovecot.Builder builder(Path directory, String side, List<String> options) {
        Dovecot.Builder builder = Dovecot.builder().directory(directory).detached();
        for (int i = 0; i < options.size(); i++) {
            String option = options.get(i);
            if (option.equals("--fsync")) {
                // A source is only read, but for being filled, which would take minutes.
                builder.fsync(side.equals("target"));
                continue;
            }
            String value = options.get(++i);
            switch (option) {
                case "--source-port", "--target-port" -> {
                    if (option.startsWith("--" + side)) {
                        builder.port(Integer.parseInt(value));
                    }
                }
                case "--format" -> builder.format(MailFormat.valueOf(value.toUpperCase(Locale.ROOT)));
                case "--setting" -> builder.setting(value);
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
        return builder;
    }

    private static void stop(Path directory) {
        for (String side : SIDES) {
            OptionalLong pid = Dovecot.masterPid(new DovecotFiles(directory.resolve(side)));
            Optional<ProcessHandle> master = pid.isPresent() ? ProcessHandle.of(pid.getAsLong()) : Optional.empty();
            master.ifPresent(process -> {
                process.destroy();
                process.onExit().orTimeout(STOP_MILLIS_MAX, TimeUnit.MILLISECONDS).join();
            });
        }
    }

    private static String json(Map<String, Dovecot> servers) {
        StringBuilder json = new StringBuilder("{");
        servers.forEach((side, server) -> json.append("\"").append(side).append("\":{\"host\":\"").append(Dovecot.HOST).append("\",\"port\":").append(server.port())
                .append(",\"pid\":").append(server.pid().orElse(0)).append(",\"url\":\"").append(server.url()).append("\"},"));
        return json + "\"password\":\"" + Dovecot.PASSWORD + "\",\"masterUser\":\"" + Dovecot.MASTER_USER + "\",\"masterPassword\":\"" + Dovecot.MASTER_PASSWORD + "\"}\n";
    }
}
