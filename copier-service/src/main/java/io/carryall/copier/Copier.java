package io.carryall.copier;

import io.carryall.core.copy.CopyEffect;
import io.carryall.core.copy.CopyInput;
import io.carryall.core.copy.CopyLimits;
import io.carryall.core.copy.FolderCopy;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.port.Clock;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.LedgerException;
import io.carryall.core.port.Queue;
import io.carryall.core.port.Queue.Delivery;
import io.carryall.core.port.QueueException;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.record.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * The loop of steps 3 and 4, copy and record: takes pages from {@code carryall.copies} and gives each to the copier of its target folder. {@link #run} returns when
 * {@link #close} is called from another thread; what is under way then is finished, and the leases are let go of, within the grace.
 */
public final class Copier implements AutoCloseable {
    static final String GROUP = "carryall-copier";
    private static final Logger LOG = Logger.getLogger(Copier.class);
    private static final String HALTED = "the pass was interrupted, paused or is over, or the pair was reset";
    private static final Duration POLL = Duration.ofMillis(200);

    /**
     * @param foldersMax  folders that use connections at one time
     * @param pagesMax    pages taken from the queue and not acknowledged
     * @param graceMillis how long {@link #close} waits for what is under way
     */
    public record Settings(int foldersMax, int pagesMax, long graceMillis, CopyLimits limits) {}

    private final Ledger ledger;
    private final Queue queue;
    private final Mailboxes mailboxes;
    private final ContentStore contents;
    private final Clock clock;
    private final CopierEvents events;
    private final Predicate<PassId> mayGoOn;
    private final Settings settings;
    private final String holder;
    private final Slots slots;
    private final ExecutorService workers;
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(4, task -> daemon(task, "copier-timer"));
    private final Map<TargetFolder, FolderCopier> folders = new HashMap<>();
    private final AtomicLong tokens = new AtomicLong();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch finished = new CountDownLatch(1);

    Copier(Ledger ledger, Queue queue, Mailboxes mailboxes, ContentStore contents, Clock clock, CopierEvents events, Predicate<PassId> mayGoOn, Settings settings,
            String holder) {
        this.ledger = ledger;
        this.queue = queue;
        this.mailboxes = mailboxes;
        this.contents = contents;
        this.clock = clock;
        this.events = events;
        this.mayGoOn = mayGoOn;
        this.settings = settings;
        this.holder = holder;
        this.slots = new Slots(settings.foldersMax());
        // Three lanes a folder that has a slot, and as many again for folders that only talk to the ledger.
        this.workers = Executors.newFixedThreadPool(settings.foldersMax() * 4, task -> daemon(task, "copier-worker"));
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    Slots slots() {
        return slots;
    }

    ExecutorService workers() {
        return workers;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    void ledgerFailed(LedgerException e) {
        LOG.warnf("the ledger did not answer; the folder's lease is given up and taken again: %s", e.getMessage());
    }

    /** Asked again later: neither a ledger that is away nor a pass that it does not know may end the loop that serves all other folders. */
    void placesUnknown(RuntimeException e) {
        LOG.warnf("the servers of a folder are not known yet: %s", e.getMessage());
    }

    void bug(CopyEffect effect, Throwable e) {
        LOG.errorf(e, "%s of a folder failed unexpectedly; its lease is given up and taken again", effect.getClass().getSimpleName());
    }

    /** Takes pages until it is closed. While the queue does not answer it tries again; what is under way goes on meanwhile. */
    public void run() {
        try {
            while (!isClosing()) {
                serve();
            }
        } finally {
            finished.countDown();
        }
    }

    private void serve() {
        try (Queue.Consumer consumer = queue.subscribe(Topic.COPIES, GROUP, settings.pagesMax())) {
            long lookedMillis = clock.monotonicMillis();
            while (!isClosing()) {
                for (Delivery delivery : consumer.poll(POLL)) {
                    take(delivery);
                }
                if (clock.monotonicMillis() - lookedMillis >= 1_000) {
                    lookedMillis = clock.monotonicMillis();
                    haltStoppedPasses();
                    forgetFreeFolders();
                }
            }
            finish(consumer);
        } catch (QueueException e) {
            LOG.warnf("pages cannot be taken now, trying again: %s", e.getMessage());
            restUnlessClosing();
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void restUnlessClosing() {
        try {
            closing.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(Delivery delivery) {
        CopyPage page = (CopyPage) delivery.record();
        if (goesOn(page.pass()) && isOfPresentGeneration(page)) {
            folders.computeIfAbsent(page.target(), this::copier).page(delivery);
        } else {
            setAside(delivery);
        }
    }

    /** Pages of a pair that was reset since are of a life that is over: what they hold is found again. */
    private boolean isOfPresentGeneration(CopyPage page) {
        try {
            return ledger.pairs().get(page.folder().pair()).map(pair -> pair.generation() == page.folder().generation()).orElse(true);
        } catch (LedgerException e) {
            ledgerFailed(e);
            return true;
        }
    }

    /** While the ledger does not answer, everything goes on: what it is asked next will tell. */
    private boolean goesOn(PassId pass) {
        try {
            return mayGoOn.test(pass);
        } catch (LedgerException e) {
            ledgerFailed(e);
            return true;
        }
    }

    /** The row of the page says so, so that whoever resumes the pass finds it; its record has done its work. */
    void setAside(Delivery delivery) {
        workers.execute(() -> {
            CopyPage page = (CopyPage) delivery.record();
            if (page.onlyAsksToSettle()) {
                delivery.acknowledge();
                return;
            }
            try {
                ledger.pages().park(page.ref(), clock.wall(), Reason.INTERRUPTED, HALTED);
                delivery.acknowledge();
                events.parked(page.ref(), Reason.INTERRUPTED, HALTED);
            } catch (LedgerException e) {
                ledgerFailed(e);
                timer.schedule(() -> setAside(delivery), 1, TimeUnit.SECONDS);
            }
        });
    }

    private FolderCopier copier(TargetFolder target) {
        FolderCopy machine = new FolderCopy(target, settings.limits());
        return new FolderCopier(this, machine, folder -> {
            LeaseKeeper keeper = new LeaseKeeper(target, ledger.leases(), clock, timer, this::nextToken, settings.limits().leaseMillis(), () -> folder.tell(new CopyInput.LeaseLost()));
            return new EffectRunner(target, ledger, mailboxes, contents, clock, events, keeper, folder);
        });
    }

    /** Of no lease that this process ever held: a challenger tells by it whether the holder is alive. */
    private String nextToken() {
        return holder + ":" + Long.toString(tokens.incrementAndGet(), 36);
    }

    private void haltStoppedPasses() {
        for (FolderCopier folder : List.copyOf(folders.values())) {
            folder.passes().stream().filter(pass -> !goesOn(pass)).forEach(pass -> folder.halted(pass, HALTED));
        }
    }

    private void forgetFreeFolders() {
        folders.values().removeIf(FolderCopier::isFree);
    }

    private void finish(Queue.Consumer consumer) {
        folders.values().forEach(FolderCopier::stop);
        long deadline = clock.monotonicMillis() + settings.graceMillis();
        while (!folders.isEmpty() && clock.monotonicMillis() < deadline) {
            consumer.poll(Duration.ofMillis(20));
            forgetFreeFolders();
        }
        if (!folders.isEmpty()) {
            LOG.warnf("%d folders did not finish in time: their leases run out by themselves, and what was under way there is settled by who takes them next", folders.size());
        }
    }

    /** Lets {@link #run} end, and waits for it for at most the grace. */
    @Override
    public void close() {
        closing.countDown();
        try {
            if (!finished.await(settings.graceMillis() + 2_000, TimeUnit.MILLISECONDS)) {
                LOG.warn("the copier did not end within its grace");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        timer.shutdownNow();
        workers.shutdownNow();
    }
}
