package io.carryall.core.port;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of one message, in memory or spilled to disk. Readable any number of times until it is closed, which gives its room back. */
public interface Content extends AutoCloseable {
    long sizeBytes();

    InputStream open() throws IOException;

    @Override
    void close();
}
