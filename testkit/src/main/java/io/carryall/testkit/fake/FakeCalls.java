package io.carryall.testkit.fake;

import java.util.function.Supplier;

import io.carryall.core.port.LedgerException;

/** Carries out each call of a client as one step, unless the test wants it to fail. Calls are named after port and method. */
record FakeCalls(FakeRows rows, Faults faults) {
    <T> T call(String name, Supplier<T> work) {
        return faults.run(name, message -> new LedgerException(message, null), () -> {
            synchronized (rows) {
                return work.get();
            }
        });
    }

    void write(String name, Runnable work) {
        call(name, () -> {
            work.run();
            return null;
        });
    }
}
