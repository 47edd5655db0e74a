package io.carryall.testkit.contract;

import java.io.ByteArrayInputStream;
import java.io.InputStream;

import io.carryall.core.port.Content;

/** Content in memory. */
public record BytesContent(byte[] bytes) implements Content {
    @Override
    public long sizeBytes() {
        return bytes.length;
    }

    @Override
    public InputStream open() {
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public void close() {
        // Nothing was taken.
    }
}
