package io.carryall.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A few of the faults, each at a point that every pass comes to, so that what is asserted does not depend on luck. {@code ./dev chaos} has all of them, for as long as one likes. */
@Tag("integration")
final class ChaosSmokeTest {
    private static final long SEED = 7;
    /** The first fault of a pass lies in wait from its beginning: it strikes for sure. */
    private static final List<Fault> FIRST = List.of(Fault.COPIER_BEFORE_OK, Fault.OK_LOST, Fault.COPIER_BEFORE_RECORD);

    @Test
    void every_message_arrives_once_whatever_dies_on_the_way(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) {
        Tally tally = new Tally();
        Random random = new Random(SEED);
        try (Stage stage = Stage.set(directory, tally, line -> System.out.println("chaos: " + line))) {
            long moved = 0;
            for (Fault first : FIRST) {
                Mailboxes mailboxes = new Mailboxes(stage, "smoke", 2, 20).fill(random);
                new Round(stage, mailboxes, List.of(first, Fault.COPIER_AT_RANDOM, Fault.TARGET_CUT), random, tally).run(moved);
                moved += mailboxes.messages();
            }
        }

        assertThat(tally.problems()).as("seed %d, logs in %s", SEED, directory).isEmpty();
        assertThat(tally.isClean()).as(tally.table()).isTrue();
        assertThat(tally.faults().keySet()).containsAll(FIRST.stream().map(Fault::words).toList());
        assertThat(tally.groupsSettled()).as("groups in doubt that were settled").isPositive();
    }
}
