package io.carryall.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The journal moves from one installation to another, as operators move it. */
@Tag("integration")
final class JournalTest {
    @TempDir
    Path directory;

    @Test
    void another_installation_that_imports_the_journal_copies_nothing_again() throws Exception {
        Box.source("moved1").generate(0, 120);
        Box.source("moved2").generate(0, 30);
        Migration here = Migration.of(directory, "journal").pair("moved1@old.example", "moved1@new.example").pair("moved2@old.example", "moved2@new.example");
        here.run().exits(0).counts(150, 0, 0, 0);
        Path state = Installation.shared().state();
        Path journal = directory.resolve("journal.carryall");

        Outcome exported = ledger(state, "export", journal).exits(0);
        assertThat(exported.json().path("done").asLong()).isGreaterThanOrEqualTo(150);
        Path alone = directory.resolve("alone.carryall");
        assertThat(ledger(state, "export", alone, "--mailbox", "MOVED2@old.example").exits(0).json().path("pairs").asLong()).isEqualTo(1);
        assertThat(ledger(state, "export", directory.resolve("none"), "--mailbox", "nobody@old.example").exits(1).json().at("/errors/0/message").asText()).contains("nobody@old.example");
        assertThat(directory.resolve("none")).doesNotExist();

        Path elsewhere = Checkout.temporary("elsewhere");
        try {
            damagedFilesAreRefused(journal, elsewhere);
            assertThat(Command.run(Map.of(), "up", "--quiet", "--state", elsewhere.toString()).status()).isZero();
            Outcome imported = ledger(elsewhere, "import", journal).exits(0);
            assertThat(imported.json().path("done").asLong()).isEqualTo(exported.json().path("done").asLong());
            Outcome again = ledger(elsewhere, "import", alone).exits(0);
            assertThat(again.json().path("unchanged").asLong()).isEqualTo(1);

            Migration there = here.on(elsewhere);
            Outcome run = there.run().exits(0).counts(0, 150, 0, 0);
            assertThat(run.json().at("/pairs/0/kind").asText()).isEqualTo("delta");
            Box.source("moved1").generate(120, 7);
            there.run().exits(0).counts(7, 150, 0, 0);
            there.verified();
        } finally {
            Command.run(Map.of(), "down", "--quiet", "--state", elsewhere.toString());
            Checkout.delete(elsewhere);
        }
        assertThat(Box.target("moved1").messages()).isEqualTo(Box.source("moved1").messages());
        assertThat(Box.target("moved2").messages()).isEqualTo(Box.source("moved2").messages());
    }

    /** Nothing is even started for them. */
    private void damagedFilesAreRefused(Path journal, Path state) throws IOException {
        byte[] whole = Files.readAllBytes(journal);
        Random random = new Random(4711);
        Path damaged = directory.resolve("damaged.carryall");
        for (int i = 0; i < 20; i++) {
            byte[] altered = whole.clone();
            altered[random.nextInt(whole.length)] ^= 1 << random.nextInt(8);
            Files.write(damaged, i % 2 == 0 ? altered : Arrays.copyOf(whole, random.nextInt(whole.length)));
            assertThat(ledger(state, "import", damaged).exits(1).json().path("errors")).hasSize(1);
        }
        assertThat(ledger(state, "import", directory.resolve("there-is-none")).exits(1).json().path("errors")).hasSize(1);
        assertThat(state.resolve("stack.json")).doesNotExist();
    }

    private static Outcome ledger(Path state, String what, Path file, String... options) {
        List<String> arguments = new ArrayList<>(List.of("ledger", what, file.toString(), "--json", "--quiet", "--state", state.toString()));
        arguments.addAll(List.of(options));
        return Command.run(Map.of(), arguments.toArray(String[]::new));
    }
}
