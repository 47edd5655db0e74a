package io.carryall.acceptance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A TCP proxy on loopback that makes a real server say what no real server would: each text that is masked reads differently for clients, and what clients say of it is put back on its way to the server. Text and mask are
 * of the same length, so that literals stay as long as they are announced. Connections end with {@link #close}.
 */
final class MaskingProxy implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 16;

    private final int serverPort;
    private final ServerSocket listener;
    private final Map<String, String> masks = new LinkedHashMap<>();

    MaskingProxy(int serverPort) {
        this.serverPort = serverPort;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    /** To be called before the first client connects. */
    MaskingProxy mask(String atServer, String forClients) {
        if (atServer.length() != forClients.length()) {
            throw new IllegalArgumentException(atServer + " and " + forClients + " differ in length");
        }
        masks.put(atServer, forClients);
        return this;
    }

    int port() {
        return listener.getLocalPort();
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "masking-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                daemon(() -> pump(client, server, false));
                daemon(() -> pump(server, client, true));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void pump(Socket from, Socket to, boolean towardsClient) {
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] chunk = new byte[CHUNK_BYTES];
            String held = "";
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                String text = replaced(held + new String(chunk, 0, length, StandardCharsets.ISO_8859_1), towardsClient);
                int kept = beginning(text, towardsClient);
                out.write(text.substring(0, text.length() - kept).getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
                held = text.substring(text.length() - kept);
            }
        } catch (IOException e) {
            // one side has gone: so does the other
        }
    }

    private String replaced(String text, boolean towardsClient) {
        String now = text;
        for (Map.Entry<String, String> mask : masks.entrySet()) {
            now = towardsClient ? now.replace(mask.getKey(), mask.getValue()) : now.replace(mask.getValue(), mask.getKey());
        }
        return now;
    }

    /** How much of the end may be the beginning of a text that is to be replaced. */
    private int beginning(String text, boolean towardsClient) {
        int longest = 0;
        for (Map.Entry<String, String> mask : masks.entrySet()) {
            String sought = towardsClient ? mask.getKey() : mask.getValue();
            for (int length = sought.length() - 1; length > longest; length--) {
                if (text.endsWith(sought.substring(0, length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
