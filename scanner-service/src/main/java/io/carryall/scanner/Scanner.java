package io.carryall.scanner;

import io.carryall.core.port.Clock;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.Queue;
import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.PipelineRecord.Failure;
import io.carryall.core.record.PipelineRecord.Outcome;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.ScanRequest;
import io.carryall.core.record.PipelineRecord.Warning;
import io.carryall.runtime.Connections;
import io.carryall.runtime.PassContext;
import io.carryall.runtime.PassContexts;
import io.carryall.runtime.PassGate;
import io.carryall.runtime.Step;
import io.carryall.runtime.StepLoop;
import io.carryall.runtime.StepMetrics;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Scans one mailbox pair for each request: as many attempts as it takes, within bounds, then the end of the scan, well or not. When it returns, everything is published durably. Requests of a pass that is not running are passed over:
 * whoever resumes the pass asks again. Thread-safe.
 */
public final class Scanner implements StepLoop.Handler {
    private static final System.Logger LOG = System.getLogger(Scanner.class.getName());
    private static final long BACKOFF_MILLIS_MIN = 500;
    private static final long BACKOFF_MILLIS_MAX = 30_000;

    private final Parts parts;

    /** What a scan works with. */
    public record Parts(Ledger ledger, Queue queue, Connections connections, PassContexts contexts, PassGate gate, Clock clock, StepMetrics metrics, ScannerSettings settings) {}

    public Scanner(Parts parts) {
        this.parts = parts;
    }

    @Override
    public void handle(PipelineRecord record) throws InterruptedException {
        if (!(record instanceof ScanRequest request) || !parts.gate().isOpen(request.pass())) {
            return;
        }
        Optional<PassContext> context = parts.contexts().get(request.pass());
        Optional<PassPair> pair = parts.ledger().passes().pair(request.pass(), request.pair());
        if (context.isEmpty() || pair.isEmpty() || pair.get().generation() != request.generation()) {
            LOG.log(Level.WARNING, "the ledger does not know pair {0} of pass {1} in generation {2}: its scan is passed over", request.pair(), request.pass(), request.generation());
            return;
        }
        scan(request, context.get(), pair.get());
    }

    private void scan(ScanRequest request, PassContext context, PassPair pair) throws InterruptedException {
        long backoffMillis = BACKOFF_MILLIS_MIN;
        List<Warning> lasting = new ArrayList<>();
        for (int attempt = 1; parts.gate().isOpen(request.pass()); attempt++) {
            String scan = newScanId();
            try {
                end(new ScanAttempt(parts, context, pair, scan, lasting).run());
                return;
            } catch (PassStoppedException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                return;
            } catch (CannotScanException e) {
                if (e.isFinal() || attempt >= parts.settings().attempts() || e.failingMillis() >= parts.settings().giveUpMillis()) {
                    end(new ScanEnd(request.pass(), request.pair(), request.generation(), scan, List.of(), List.of(), List.of(), List.of(), new Failure(e.reason(), e.getMessage())));
                    return;
                }
                LOG.log(Level.INFO, "a scan of pass {0} is tried again: {1}", request.pass(), e.reason().word());
                TimeUnit.MILLISECONDS.sleep(Math.max(e.retryMillis(), backoffMillis));
                backoffMillis = Math.min(BACKOFF_MILLIS_MAX, backoffMillis * 2);
            }
        }
    }

    /** Behind what a scan has published its end goes the same way; one that published nothing has nothing to be behind of. */
    private void end(ScanEnd end) {
        if (end.stands()) {
            parts.ledger().folders().scanEnded(end);
        } else {
            parts.queue().publish(end).join();
        }
        String reason = end.failure() == null ? null : end.failure().reason().word();
        if (end.failure() != null) {
            parts.metrics().failed(Step.SCAN, end.failure().reason(), 1);
        }
        parts.queue().publish(new Outcome(end.pass(), end.pair(), null, Step.SCAN.word(), "scan-end", end.enumerated().size(), 0, reason));
    }

    /** Ids of later scans sort behind those of earlier ones, as far as clocks agree. */
    private String newScanId() {
        return String.format("%012x-%08x", parts.clock().wall().toEpochMilli(), ThreadLocalRandom.current().nextInt());
    }
}
