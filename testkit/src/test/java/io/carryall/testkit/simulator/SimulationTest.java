package io.carryall.testkit.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.testkit.simulator.Simulation.Outcome;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class SimulationTest {
    private static final int SEEDS = 300;
    /** The rarest takes a few hundred. */
    private static final int SEEDS_TO_FIND_MAX = 5_000;

    @Test
    void every_promise_is_kept_whatever_goes_wrong() {
        List<String> broken = LongStream.rangeClosed(1, SEEDS).mapToObj(seed -> Simulation.run(seed, Mutation.NONE)).filter(outcome -> outcome.violation() != null)
                .map(outcome -> "./dev simulate " + outcome.seed() + ": " + outcome.violation() + "\n" + String.join("\n", outcome.trace())).toList();

        assertThat(broken).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void what_must_not_be_done_is_noticed(Mutation mutation) {
        long found = LongStream.rangeClosed(1, SEEDS_TO_FIND_MAX).filter(seed -> Simulation.run(seed, mutation).violation() != null).findFirst().orElse(0);

        assertThat(found).as("the first seed that finds it").isPositive();
    }

    @Test
    void a_seed_decides_everything() {
        Outcome once = Simulation.run(4, Mutation.NO_INTENT);
        Outcome again = Simulation.run(4, Mutation.NO_INTENT);

        assertThat(again).isEqualTo(once);
    }
}
