package io.carryall.runtime;

import io.carryall.core.item.Reason;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/**
 * What the steps count, under one set of names: {@code carryall.step.items}, {@code carryall.step.bytes} (by step and migration), {@code carryall.step.seconds} (by step: the time of one record) and
 * {@code carryall.step.failures} (by step and reason, at 0 from the start). Labels are of low cardinality: never a mailbox or an item. Counted for eyes: a record that comes twice counts twice. Thread-safe.
 */
public final class StepMetrics {
    private final MeterRegistry registry;

    public StepMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Makes the failures of this step exist before the first one happens, so that an alert on their increase sees it. */
    public void start(Step step) {
        for (Reason reason : Reason.values()) {
            registry.counter("carryall.step.failures", "step", step.word(), "reason", reason.word());
        }
        registry.counter("carryall.step.failures", "step", step.word(), "reason", "infrastructure");
        registry.timer("carryall.step.seconds", "step", step.word());
    }

    public void items(Step step, String migration, long items, long bytes) {
        registry.counter("carryall.step.items", "step", step.word(), "migration", migration).increment(items);
        registry.counter("carryall.step.bytes", "step", step.word(), "migration", migration).increment(bytes);
    }

    public void failed(Step step, Reason reason, long items) {
        registry.counter("carryall.step.failures", "step", step.word(), "reason", reason.word()).increment(items);
    }

    /** The ledger or the queue did not answer; the work is tried again. */
    public void infrastructureFailed(Step step) {
        registry.counter("carryall.step.failures", "step", step.word(), "reason", "infrastructure").increment();
    }

    public void took(Step step, Duration time) {
        Timer timer = registry.timer("carryall.step.seconds", "step", step.word());
        timer.record(time);
    }
}
