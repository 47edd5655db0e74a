package io.carryall.copier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carryall.core.port.Content;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentStoreTest {
    @TempDir
    Path directory;

    @Test
    void a_small_message_stays_in_memory_and_gives_its_room_back() throws IOException {
        ContentStore store = new ContentStore(directory, 100_000, 50_000);
        byte[] bytes = bytes(20_000);
        Content content = keep(store, bytes);

        assertThat(read(content)).isEqualTo(bytes);
        assertThat(files()).isZero();
        assertThat(store.memoryBytes()).isBetween(20_000L, 30_000L);
        content.close();
        assertThat(store.memoryBytes()).isZero();
    }

    @Test
    void a_large_message_is_spilled_and_its_file_goes_away_with_it() throws IOException {
        ContentStore store = new ContentStore(directory, 100_000, 50_000);
        byte[] bytes = bytes(70_000);
        Content content = keep(store, bytes);

        assertThat(read(content)).isEqualTo(bytes);
        assertThat(read(content)).isEqualTo(bytes);
        assertThat(files()).isEqualTo(1);
        assertThat(store.memoryBytes()).isZero();
        content.close();
        assertThat(files()).isZero();
        assertThat(store.spilledBytes()).isZero();
    }

    @Test
    void many_small_messages_are_spilled_when_together_they_pass_the_budget() throws IOException {
        ContentStore store = new ContentStore(directory, 100_000, 50_000);
        for (int i = 0; i < 20; i++) {
            assertThat(read(keep(store, bytes(10_000 + i)))).isEqualTo(bytes(10_000 + i));
        }

        assertThat(store.memoryBytes()).isLessThanOrEqualTo(100_000);
        assertThat(files()).isGreaterThan(10);
    }

    @Test
    void a_message_that_was_let_go_of_cannot_be_read() throws IOException {
        Content content = keep(new ContentStore(directory, 100_000, 50_000), bytes(10));
        content.close();

        assertThatThrownBy(content::open).isInstanceOf(IOException.class);
    }

    private long files() throws IOException {
        try (Stream<Path> list = Files.list(directory)) {
            return list.count();
        }
    }

    private static Content keep(ContentStore store, byte[] bytes) throws IOException {
        ContentStore.Draft draft = store.begin();
        draft.write(bytes[0]);
        draft.write(bytes, 1, bytes.length - 1);
        return draft.finish();
    }

    private static byte[] read(Content content) throws IOException {
        try (InputStream in = content.open()) {
            return in.readAllBytes();
        }
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
