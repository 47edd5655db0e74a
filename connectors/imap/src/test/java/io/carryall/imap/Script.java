package io.carryall.imap;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server that plays one conversation, written as {@code S:} and {@code C:} lines; line ends are CRLF. A {@code C:} line that ends in {@code …} fixes only how the client's line begins, and {@code C#12} takes twelve bytes, whatever they are.
 * When the conversation is over the server closes the connection.
 */
final class Script implements AutoCloseable {
    private static final String CAPABILITIES = "IMAP4rev1 AUTH=PLAIN SASL-IR UNSELECT ";

    private final ServerSocket listener;
    private final FutureTask<Void> playing;

    private Script(List<String> lines) throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        playing = new FutureTask<>(() -> play(lines), null);
        Thread thread = new Thread(playing, "script");
        thread.setDaemon(true);
        thread.start();
    }

    static Script of(String... lines) throws IOException {
        return new Script(List.of(lines));
    }

    /** After greeting, login and the look for the delimiter: the client's next tag is c3. */
    static Script loggedIn(String capabilities, String... lines) throws IOException {
        List<String> all = new ArrayList<>(List.of(
                "S: * OK [CAPABILITY " + CAPABILITIES + capabilities + "] ready",
                "C: c1 AUTHENTICATE PLAIN …",
                "S: c1 OK [CAPABILITY " + CAPABILITIES + capabilities + "] in",
                "C: c2 LIST \"\" \"\"",
                "S: * LIST (\\Noselect) \"/\" \"\"",
                "S: c2 OK done"));
        all.addAll(List.of(lines));
        return new Script(all);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void play(List<String> lines) {
        try (Socket socket = listener.accept()) {
            socket.setSoTimeout(60_000);
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            for (String line : lines) {
                if (line.startsWith("S: ")) out.write((line.substring(3) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                else if (line.startsWith("C#")) in.readNBytes(Integer.parseInt(line.substring(2)));
                else expect(line.substring(3), readLine(in));
            }
        } catch (IOException e) {
            throw new AssertionError("the conversation broke off", e);
        }
    }

    private static void expect(String expected, String line) {
        boolean fits = expected.endsWith("…") ? line.startsWith(expected.substring(0, expected.length() - 1)) : line.equals(expected);
        if (!fits) throw new AssertionError("expected " + expected + " but the client said " + line);
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) throw new IOException("the client closed after: " + line);
            line.append((char) c);
        }
        return line.substring(0, line.length() - 1);
    }

    /** Waits for the end of the conversation and fails if it did not go as written. */
    @Override
    public void close() throws IOException {
        try {
            playing.get(120, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("the conversation did not end", e);
        } finally {
            listener.close();
        }
    }
}
