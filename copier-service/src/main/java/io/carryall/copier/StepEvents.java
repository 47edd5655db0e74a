package io.carryall.copier;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.port.Items.Done;
import io.carryall.core.port.Items.Failed;
import io.carryall.core.port.Items.Followed;
import io.carryall.core.port.Items.FollowedFlags;
import io.carryall.core.port.Queue;
import io.carryall.core.record.PageRef;
import io.carryall.core.record.PipelineRecord.DeadLetter;
import io.carryall.core.record.PipelineRecord.Outcome;
import io.carryall.runtime.Step;
import io.carryall.runtime.StepMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Tells what happens to the metrics, and on {@code carryall.outcomes} and {@code carryall.dead-letters}. Thread-safe. */
final class StepEvents implements CopierEvents {
    private final Queue queue;
    private final StepMetrics metrics;
    private final MeterRegistry registry;

    StepEvents(Queue queue, StepMetrics metrics, MeterRegistry registry) {
        this.queue = queue;
        this.metrics = metrics;
        this.registry = registry;
        metrics.start(Step.COPY);
        metrics.start(Step.RECORD);
        for (String answer : List.of("stored", "refused", "not-sent", "in-doubt")) {
            registry.counter("carryall.copy.appends", "answer", answer);
        }
        registry.counter("carryall.copy.intents.settled");
        for (Followed how : List.of(Followed.CARRIED, Followed.GONE, Followed.FOLDER_CHANGED, Followed.CONTENDED)) {
            registry.counter("carryall.copy.flags", "outcome", word(how));
        }
    }

    @Override
    public void recorded(FolderKey source, List<Done> items) {
        Map<PassId, List<Done>> byPass = items.stream().collect(Collectors.groupingBy(Done::pass));
        byPass.forEach((pass, done) -> {
            long bytes = done.stream().mapToLong(item -> item.fingerprint().sizeBytes()).sum();
            metrics.items(Step.RECORD, pass.migration(), done.size(), bytes);
            tell(pass, source.pair(), source.folder(), Step.RECORD, "migrated", done.size(), bytes, null);
        });
    }

    @Override
    public void failed(FolderKey source, List<Failed> items) {
        for (Failed item : items) {
            metrics.failed(Step.COPY, item.reason(), 1);
            tell(item.pass(), source.pair(), source.folder(), Step.COPY, "failed", 1, item.sizeBytes(), item.reason().word());
            queue.publish(new DeadLetter(item.pass(), source, item.uid(), item.reason(), item.detail()));
        }
    }

    @Override
    public void flags(FolderKey source, List<FollowedFlags> items) {
        for (FollowedFlags item : items) {
            if (item.how() != Followed.SAME && (item.how() != Followed.CARRIED || !item.base().isUnderWay())) {
                registry.counter("carryall.copy.flags", "outcome", word(item.how())).increment();
            }
        }
    }

    private static String word(Followed how) {
        return how.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public void settled(PageRef page) {
        tell(page.pass(), page.folder().pair(), page.folder().folder(), Step.RECORD, "page-settled", 1, 0, null);
    }

    @Override
    public void parked(PageRef page, Reason reason, String detail) {
        tell(page.pass(), page.folder().pair(), page.folder().folder(), Step.COPY, "parked", 1, 0, reason.word());
    }

    @Override
    public void appended(PassId pass, String answer, long nanos) {
        registry.counter("carryall.copy.appends", "answer", answer).increment();
        registry.timer("carryall.copy.append.seconds").record(Duration.ofNanos(nanos));
        metrics.took(Step.COPY, Duration.ofNanos(nanos));
    }

    @Override
    public void fetched(PassId pass, int items, long bytes, long nanos) {
        registry.timer("carryall.copy.fetch.seconds").record(Duration.ofNanos(nanos));
        metrics.items(Step.COPY, pass.migration(), items, bytes);
    }

    @Override
    public void settling(int intents) {
        registry.counter("carryall.copy.intents.settled").increment(intents);
    }

    private void tell(PassId pass, PairId pair, FolderId folder, Step step, String what, long items, long bytes, String reason) {
        queue.publish(new Outcome(pass, pair, folder, step.word(), what, items, bytes, reason));
    }
}
