package io.carryall.testkit.net;

import static io.carryall.testkit.net.FaultProxy.Direction.TO_CLIENT;
import static io.carryall.testkit.net.FaultProxy.Direction.TO_SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Echo echo = new Echo();
    private FaultProxy proxy;

    @BeforeEach
    void open() {
        proxy = new FaultProxy(echo.port());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void bytes_go_through_unchanged_and_are_counted() throws IOException {
        try (Socket client = connect()) {
            byte[] much = new byte[3_000_000];
            for (int i = 0; i < much.length; i++) {
                much[i] = (byte) (i * 31);
            }
            Thread sender = new Thread(() -> send(client, much));
            sender.start();

            assertThat(client.getInputStream().readNBytes(much.length)).isEqualTo(much);
            assertThat(proxy.bytes(TO_SERVER)).isEqualTo(much.length);
            assertThat(proxy.bytes(TO_CLIENT)).isEqualTo(much.length);
            assertThat(proxy.connections()).isEqualTo(1);
        }
    }

    @Test
    void the_end_of_a_stream_goes_through() throws IOException {
        try (Socket client = connect()) {
            send(client, "hello");
            client.shutdownOutput();

            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("hello");
        }
    }

    @Test
    void a_delay_is_kept_each_way() throws IOException {
        proxy.delay(Duration.ofMillis(60));
        try (Socket client = connect()) {
            long begun = System.nanoTime();
            send(client, "x");

            assertThat(client.getInputStream().read()).isEqualTo('x');
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(Duration.ofMillis(120), LONGEST);
        }
    }

    @Test
    void a_connection_is_cut_at_the_byte() throws IOException {
        proxy.trapBytes(TO_CLIENT, 7, FaultProxy.Action.CUT);
        try (Socket client = connect()) {
            send(client, "0123456789");

            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("0123456");
        }
        proxy.awaitSprung(1, LONGEST);
        try (Socket next = connect()) {
            send(next, "0123456789");
            assertThat(next.getInputStream().readNBytes(10)).asString().isEqualTo("0123456789");
        }
    }

    @Test
    void a_connection_is_cut_after_a_text_that_comes_in_pieces() throws IOException {
        proxy.trapAfterText(TO_SERVER, "a2 APPEND", FaultProxy.Action.CUT);
        try (Socket client = connect()) {
            send(client, "a1 NOOP a2 AP");
            assertThat(client.getInputStream().readNBytes(8)).asString().isEqualTo("a1 NOOP ");
            send(client, "PEND more");

            proxy.awaitSprung(1, LONGEST);
            echo.awaitReceived("a1 NOOP a2 APPEND");
        }
    }

    @Test
    void a_text_is_held_back_until_released() throws IOException {
        proxy.trapBeforeText(TO_CLIENT, "OK [APPENDUID", FaultProxy.Action.HOLD);
        try (Socket client = connect()) {
            send(client, "* 1 EXISTS a1 OK [APPENDUID 1 2]");
            assertThat(client.getInputStream().readNBytes(14)).asString().isEqualTo("* 1 EXISTS a1 ");
            client.setSoTimeout(300);
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            proxy.release();

            client.setSoTimeout((int) LONGEST.toMillis());
            assertThat(client.getInputStream().readNBytes(18)).asString().isEqualTo("OK [APPENDUID 1 2]");
        }
    }

    @Test
    void a_stalled_direction_flows_on_when_released() throws IOException {
        try (Socket client = connect()) {
            proxy.stall(TO_SERVER);
            client.setSoTimeout(300);
            send(client, "hello");
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

            proxy.release();

            client.setSoTimeout((int) LONGEST.toMillis());
            assertThat(client.getInputStream().readNBytes(5)).asString().isEqualTo("hello");
        }
    }

    @Test
    void what_an_abandoned_client_had_sent_arrives_when_released() throws IOException {
        proxy.trapAfterText(TO_SERVER, "commit", FaultProxy.Action.HOLD);
        try (Socket client = connect()) {
            client.setSoTimeout((int) LONGEST.toMillis());
            send(client, "commit later");
            proxy.awaitSprung(1, LONGEST);

            proxy.abandonClients();

            assertThat(client.getInputStream().readAllBytes()).asString().isIn("", "commit");
            proxy.release();
            echo.awaitReceived("commit later");
        }
    }

    @Test
    void connections_are_refused_and_accepted_again_on_the_same_port() throws IOException {
        try (Socket before = connect()) {
            send(before, "w");
            assertThat(before.getInputStream().read()).isEqualTo('w');
            proxy.refuse(true);
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            send(before, "x");
            assertThat(before.getInputStream().read()).isEqualTo('x');

            proxy.refuse(false);

            connect().close();
        }
    }

    @Test
    void open_connections_are_reset() throws IOException {
        try (Socket client = connect()) {
            send(client, "x");
            client.getInputStream().read();

            proxy.resetAll();

            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            assertThat(proxy.openConnections()).isZero();
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket("127.0.0.1", proxy.port());
        socket.setSoTimeout((int) LONGEST.toMillis());
        return socket;
    }

    private static void send(Socket socket, String text) {
        send(socket, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void send(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends back what comes. */
    private static final class Echo implements AutoCloseable {
        private final ServerSocket socket;
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();

        Echo() {
            try {
                socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            start(this::accept);
        }

        int port() {
            return socket.getLocalPort();
        }

        void awaitReceived(String text) {
            long deadline = System.nanoTime() + LONGEST.toNanos();
            while (!received.toString(StandardCharsets.US_ASCII).equals(text)) {
                assertThat(System.nanoTime()).as("received: " + received).isLessThan(deadline);
            }
        }

        private void accept() {
            try {
                while (true) {
                    Socket client = socket.accept();
                    start(() -> echo(client));
                }
            } catch (IOException closed) {
                // The test is over.
            }
        }

        private void echo(Socket client) {
            try (client) {
                byte[] buffer = new byte[8_192];
                for (int count = client.getInputStream().read(buffer); count >= 0; count = client.getInputStream().read(buffer)) {
                    received.write(buffer, 0, count);
                    client.getOutputStream().write(buffer, 0, count);
                }
            } catch (IOException gone) {
                // Cut by the test.
            }
        }

        private static void start(Runnable work) {
            Thread thread = new Thread(work, "echo");
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
