package io.carryall.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.runtime.SystemClock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class UsersTest {
    private final CountDownLatch stops = new CountDownLatch(1);

    private StackLife embedded(boolean stays) {
        return new StackLife() {
            @Override
            public boolean isEmbedded() {
                return true;
            }

            @Override
            public boolean stays() {
                return stays;
            }

            @Override
            public void stop() {
                stops.countDown();
            }
        };
    }

    private static long alive() {
        return ProcessHandle.current().pid();
    }

    @Test
    void the_stack_stops_with_its_last_user() {
        try (Users users = new Users(new SystemClock(), embedded(false))) {
            String ann = users.join(alive(), "run").orElseThrow().id();
            String bob = users.join(alive(), "status").orElseThrow().id();
            users.leave(ann);
            assertThat(stops.getCount()).isEqualTo(1);
            users.leave(bob);
            assertThat(stops.getCount()).isZero();
            assertThat(users.join(alive(), "run")).isEmpty();
        }
    }

    @Test
    void a_stack_that_up_started_or_joined_stays() {
        try (Users started = new Users(new SystemClock(), embedded(true)); Users joined = new Users(new SystemClock(), embedded(false))) {
            started.leave(started.join(alive(), "run").orElseThrow().id());
            joined.leave(joined.join(alive(), "up").orElseThrow().id());
            assertThat(stops.getCount()).isEqualTo(1);
            joined.stop();
            assertThat(stops.getCount()).isZero();
        }
    }

    @Test
    void a_user_whose_process_has_ended_is_gone() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();
        try (Users users = new Users(new SystemClock(), embedded(false))) {
            users.join(process.pid(), "run");
            assertThat(stops.await(120, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void an_installed_stack_is_not_stopped_by_its_users() {
        try (Users users = new Users(new SystemClock(), StackLife.INSTALLED)) {
            users.leave(users.join(1, "run").orElseThrow().id());
            assertThat(users.list()).isEmpty();
            assertThat(users.heartbeat("1")).isFalse();
        }
    }
}
