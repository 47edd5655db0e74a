package io.carryall.standalone;

import io.carryall.control.StackLife;
import io.quarkus.runtime.Quarkus;
import jakarta.inject.Singleton;

/** The stack lives as long as somebody uses it, or until it is told to stop where {@code up} started it. */
@Singleton
public class EmbeddedLife implements StackLife {

    static String startedBy() {
        return System.getProperty("carryall.started-by", "run");
    }

    @Override
    public boolean isEmbedded() {
        return true;
    }

    @Override
    public boolean stays() {
        return startedBy().equals("up");
    }

    @Override
    public void stop() {
        StateDirectory.current().withdraw();
        Quarkus.asyncExit(0);
    }
}
