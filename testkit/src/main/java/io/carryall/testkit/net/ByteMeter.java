package io.carryall.testkit.net;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * For scripts: counts what goes over the wire. Passes on a port of its own what goes to and comes from a server on this machine.
 *
 * <pre>ByteMeter SERVER_PORT FILE</pre>
 *
 * Writes {@code PORT BYTES CONNECTIONS LINES} to {@code FILE} at the start, and again for each line on standard input; bytes of both directions count, without the headers of TCP, and lines to the server. Ends with standard input.
 */
public final class ByteMeter {
    private ByteMeter() {
    }

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[1]);
        try (FaultProxy proxy = new FaultProxy(Integer.parseInt(arguments[0])); BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            do {
                write(proxy, file);
            } while (lines.readLine() != null);
        }
    }

    private static void write(FaultProxy proxy, Path file) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        long bytes = proxy.bytes(FaultProxy.Direction.TO_SERVER) + proxy.bytes(FaultProxy.Direction.TO_CLIENT);
        Files.writeString(next, proxy.port() + " " + bytes + " " + proxy.connections() + " " + proxy.lines(FaultProxy.Direction.TO_SERVER) + "\n");
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
