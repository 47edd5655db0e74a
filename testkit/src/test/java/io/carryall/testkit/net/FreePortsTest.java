package io.carryall.testkit.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    /** More than one in ten of the range: were each drawn for itself, some would surely be drawn twice. */
    private static final int DRAWS = 1_500;

    /** A port is chosen some time before its server listens on it; whoever else asks in between must get another. */
    @Test
    void no_port_is_given_twice_although_nobody_listens_on_it_yet() {
        assertThat(Stream.generate(FreePorts::next).limit(DRAWS)).doesNotHaveDuplicates();
    }
}
