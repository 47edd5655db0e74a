package io.carryall.control;

import static io.carryall.control.Installation.ANN;
import static io.carryall.control.Installation.ended;
import static io.carryall.control.Installation.spec;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** Commands that follow a migration hear when it is to stop. */
class FollowersTest {
    @AutoClose
    private final Installation installation = new Installation();
    private final FakePipeline pipeline = installation.pipeline;
    private final Control control = installation.control;

    @Test
    void who_follows_a_migration_stops_when_it_is_paused_between_two_passes() throws Exception {
        pipeline.mailbox(ANN).with(1);
        control.start(spec(ANN), List.of(), false);
        ended(control, 1);
        assertThat(control.followers().heard("wave", "f1", "{\"passes\":1}")).isFalse();
        assertThat(control.followers().told("wave")).contains("{\"passes\":1}");
        Thread follower = new Thread(() -> {
            while (!control.followers().heard("wave", "f1", "{}")) {
                Thread.onSpinWait();
            }
            control.followers().left("wave", "f1");
        });
        follower.start();
        assertThat(control.pause("wave")).isInstanceOf(Control.Paused.Pass.class);
        follower.join(120_000);
        assertThat(control.followers().told("wave")).isEmpty();
        assertThat(control.pause("wave")).isInstanceOf(Control.Paused.Nothing.class);
        assertThat(control.followers().heard("wave", "f2", "{}")).as("the next follower is not meant").isFalse();
    }

    @Test
    void of_two_that_follow_one_migration_each_hears_that_it_is_to_stop() {
        for (String id : List.of("f1", "f2")) {
            assertThat(control.followers().heard("wave", id, "{}")).isFalse();
        }
        assertThat(control.followers().heard("other", "f3", "{}")).isFalse();
        assertThat(control.followers().askToStop("wave")).isTrue();

        for (String id : List.of("f1", "f2", "f1")) {
            assertThat(control.followers().heard("wave", id, "{}")).as(id).isTrue();
        }
        assertThat(control.followers().heard("other", "f3", "{}")).isFalse();
    }
}
