package io.carryall.embedded;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A Metadata request: a broker lists itself only when it was let in by the controller, not as soon as its port is open. */
record KafkaProbe(int port) implements Probe {

    private static final short METADATA = 3;
    private static final short VERSION = 4;
    private static final int ANSWER_BYTES_MAX = 1 << 20;

    @Override
    public boolean answers() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(FreePorts.LOOPBACK, port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            byte[] request = request();
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(request.length);
            out.write(request);
            out.flush();
            return brokers(new DataInputStream(socket.getInputStream())) > 0;
        }
    }

    private static byte[] request() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(METADATA);
        out.writeShort(VERSION);
        out.writeInt(1);
        out.writeShort(-1);
        out.writeInt(0);
        out.writeBoolean(false);
        return bytes.toByteArray();
    }

    private static int brokers(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 12 || length > ANSWER_BYTES_MAX) {
            throw new IOException("not an answer of Kafka");
        }
        int correlation = in.readInt();
        int throttleMillis = in.readInt();
        return correlation == 1 && throttleMillis >= 0 ? in.readInt() : 0;
    }
}
