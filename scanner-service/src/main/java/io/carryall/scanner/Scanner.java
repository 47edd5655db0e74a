package io.carryall.scanner;

import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Clock;
import io.carryall.core.port.Folders.Folder;
import io.carryall.core.port.Folders.Watermark;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.Queue;
import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.PipelineRecord.Failure;
import io.carryall.core.record.PipelineRecord.LookRequest;
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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

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
        if (!parts.gate().isOpen(record.pass())) {
            return;
        } else if (record instanceof LookRequest request) {
            look(request);
        } else if (record instanceof ScanRequest request) {
            scan(request);
        }
    }

    private void scan(ScanRequest request) throws InterruptedException {
        Optional<PassContext> context = parts.contexts().get(request.pass());
        Optional<PassPair> pair = parts.ledger().passes().pair(request.pass(), request.pair());
        if (context.isEmpty() || pair.isEmpty() || pair.get().generation() != request.generation()) {
            LOG.log(Level.WARNING, "the ledger does not know pair {0} of pass {1} in generation {2}: its scan is passed over", request.pair(), request.pass(), request.generation());
            return;
        }
        scan(request, context.get(), pair.get());
    }

    private void look(LookRequest request) throws InterruptedException {
        Optional<PassContext> context = parts.contexts().get(request.pass());
        List<PassPair> known = parts.ledger().passes().pairs(request.pass(), request.pairs());
        if (context.isEmpty() || known.size() < request.pairs().size()) {
            LOG.log(Level.WARNING, "the ledger does not know all of {0} pairs of pass {1}: the others are passed over", request.pairs().size(), request.pass());
        }
        if (context.isPresent()) {
            FirstLook first = new FirstLook(parts, context.get());
            for (List<PassPair> pairs : known.stream().collect(Collectors.groupingBy(PassPair::generation)).values()) {
                look(first, request.pass(), pairs);
            }
        }
    }

    /** Those in which nothing changed are written down together, the others are scanned one by one, here or elsewhere. */
    private void look(FirstLook first, PassId pass, List<PassPair> pairs) throws InterruptedException {
        int generation = pairs.get(0).generation();
        List<PairId> ids = pairs.stream().map(PassPair::pair).toList();
        Map<PairId, List<Folder>> folders = parts.ledger().folders().of(ids, generation);
        Map<PairId, List<Watermark>> watermarks = parts.ledger().folders().watermarks(ids, generation);
        List<ScanEnd> standing = new ArrayList<>();
        List<CompletableFuture<Void>> others = new ArrayList<>();
        for (PassPair pair : pairs) {
            if (!parts.gate().isOpen(pass)) {
                break;
            }
            Optional<ScanEnd> end = first.at(pair, folders.getOrDefault(pair.pair(), List.of()), watermarks.getOrDefault(pair.pair(), List.of()), newScanId());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            end.ifPresentOrElse(standing::add, () -> others.add(parts.queue().publish(new ScanRequest(pass, pair.pair(), generation))));
        }
        parts.ledger().folders().scansEnded(standing);
        others.forEach(CompletableFuture::join);
        standing.forEach(this::tell);
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
        if (end.failure() != null) {
            parts.metrics().failed(Step.SCAN, end.failure().reason(), 1);
        }
        tell(end);
    }

    private void tell(ScanEnd end) {
        String reason = end.failure() == null ? null : end.failure().reason().word();
        parts.queue().publish(new Outcome(end.pass(), end.pair(), null, Step.SCAN.word(), "scan-end", end.enumerated().size(), 0, reason));
    }

    /** Ids of later scans sort behind those of earlier ones, as far as clocks agree. */
    private String newScanId() {
        return String.format("%012x-%08x", parts.clock().wall().toEpochMilli(), ThreadLocalRandom.current().nextInt());
    }
}
