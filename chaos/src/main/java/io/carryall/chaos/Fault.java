package io.carryall.chaos;

import io.carryall.chaos.Statements.Point;
import io.carryall.testkit.net.FaultProxy;
import io.carryall.testkit.net.FaultProxy.Action;
import io.carryall.testkit.net.FaultProxy.Direction;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What is done to a pass that is under way. */
enum Fault {
    COPIER_BEFORE_INTENT("copier killed before the intent", Blow::killAtIntent),
    COPIER_BEFORE_APPEND("copier killed after the intent, before the APPEND", blow -> blow.killAtTarget(proxy -> proxy.trapBeforeText(Direction.TO_SERVER, " APPEND ", Action.HOLD), false)),
    COPIER_IN_LITERAL("copier killed in a literal", blow -> blow.killAtTarget(proxy -> proxy.trapAfterText(Direction.TO_SERVER, Mailboxes.MIDDLE, Action.HOLD), false)),
    COPIER_BEFORE_COMMIT("copier killed before the committing bytes", blow -> blow.killAtTarget(proxy -> proxy.trapBeforeText(Direction.TO_SERVER, Mailboxes.END, Action.HOLD), false)),
    COPIER_LATE_COMMIT("copier killed after the committing bytes, which arrive later", blow -> blow.killAtTarget(proxy -> proxy.trapAfterText(Direction.TO_SERVER, Mailboxes.END, Action.HOLD), true)),
    COPIER_BEFORE_OK("copier killed after the commit, before the server's OK", blow -> blow.killAtTarget(proxy -> proxy.trapBeforeText(Direction.TO_CLIENT, "[APPENDUID", Action.HOLD), false)),
    COPIER_BEFORE_CLAIM("copier killed after OK, before the claim", blow -> blow.killAtLedger(Point.CLAIM)),
    COPIER_BEFORE_RECORD("copier killed after the claim, before the record", blow -> blow.killAtLedger(Point.DONE)),
    COPIER_BEFORE_CLOSE("copier killed after the record, before the intent is closed", blow -> blow.killAtLedger(Point.CLOSE_INTENT)),
    COPIER_BEFORE_ACKNOWLEDGEMENT("copier killed before the page is settled", blow -> blow.killAtLedger(Point.SETTLE_PAGE)),
    COPIER_AROUND_ACKNOWLEDGEMENT("copier killed around the acknowledgement", Blow::killAfterSettling),
    COPIER_WHILE_SETTLING("copier killed while it takes over a lease", Blow::killAtTakeover),
    COPIER_AT_RANDOM("copier killed at random", blow -> blow.kill(blow.oneOf(blow.stage.copiers()))),
    BOTH_COPIERS("both copiers killed", blow -> blow.stage.copiers().stream().map(blow::kill).reduce(true, Boolean::logicalAnd)),
    LEDGER_BEFORE_SEEN("ledger service killed before it wrote what was seen", blow -> blow.killLedgerServiceAt(Point.SEEN)),
    LEDGER_BEFORE_PAGE("ledger service killed before it wrote a page", blow -> blow.killLedgerServiceAt(Point.PAGE)),
    LEDGER_AT_RANDOM("ledger service killed at random", blow -> blow.kill(blow.stage.service("ledger"))),
    SCANNER_AT_RANDOM("scanner killed at random", blow -> blow.kill(blow.stage.service("scanner"))),
    CONTROL_AT_RANDOM("control service killed at random", blow -> blow.kill(blow.stage.service("control"))),
    BROKER("broker killed", Blow::killBroker),
    NODE("Cassandra node killed", Blow::killNode),
    EVERYTHING("everything killed at once", Blow::killEverything),
    COPIER_STOPPED("copier stopped (SIGSTOP) past its lease, and let go on", Blow::freezeCopier),
    SOURCE_CUT("source connection cut at a byte", blow -> blow.cut(blow.stage.sourceProxy())),
    TARGET_CUT("target connection cut at a byte", blow -> blow.cut(blow.stage.targetProxy())),
    OK_LOST("server's OK lost", blow -> blow.spring(blow.stage.targetProxy(), proxy -> proxy.trapBeforeText(Direction.TO_CLIENT, "[APPENDUID", Action.CUT))),
    OK_HELD("server's OK held back", Blow::holdOk),
    APPEND_LATE("an APPEND whose client has given up is carried out", Blow::commitLate),
    SERVER_BYE("target server says BYE and starts again", Blow::restartTarget),
    TARGET_AWAY("target server out of reach", blow -> blow.refuse(blow.stage.targetProxy(), 1_000, 5_000)),
    TARGET_AWAY_LONGER("target server out of reach for longer than it is waited for", blow -> blow.refuse(blow.stage.targetProxy(), 25_000, 35_000)),
    SOURCE_AWAY("source server out of reach", blow -> blow.refuse(blow.stage.sourceProxy(), 1_000, 5_000)),
    LEDGER_DELAYED("Cassandra delayed", Blow::delayLedger),
    LEDGER_CUT("connections to Cassandra cut", Blow::cutLedger),
    STATEMENT_LOST("the answer or the request of a ledger statement lost", Blow::loseStatement),
    DISK_FULL("disk of the spill files full", Blow::fillDisks);

    private final String words;
    private final Strike strike;

    Fault(String words, Strike strike) {
        this.words = words;
        this.strike = strike;
    }

    String words() {
        return words;
    }

    /** Whether it came to it: a point may not be passed any more. Returns when the harm is done, and undone as far as that is ours to do. */
    boolean strike(Stage stage, Random random, BooleanSupplier over) {
        return strike.on(new Blow(stage, random, over));
    }

    private interface Strike {
        boolean on(Blow blow);
    }

    /** One fault as it strikes. */
    private record Blow(Stage stage, Random random, BooleanSupplier over) {
        /** A pass that has an end ends this wait too; until it begins, services may have to come back from an earlier fault. */
        private static final Duration POINT_MAX = Duration.ofMinutes(5);
        private static final Duration TAKEOVER_MAX = Duration.ofSeconds(60);
        private static final int CUT_BYTES_MAX = 60_000;
        /** For a client whose sending is held up by nothing but its own pace: its last bytes are on their way by then. */
        private static final long SENT_MILLIS = 400;

        <T> T oneOf(List<T> all) {
            return all.get(random.nextInt(all.size()));
        }

        boolean kill(Service service) {
            service.kill();
            return true;
        }

        private boolean comesTrue(Waiting.Condition condition) {
            return Waiting.whether(POINT_MAX, () -> condition.holds() || over.getAsBoolean()) && condition.holds();
        }

        /** Sets a trap and waits until it has sprung. */
        boolean spring(FaultProxy proxy, Consumer<FaultProxy> trap) {
            int before = proxy.sprung();
            trap.accept(proxy);
            boolean sprung = comesTrue(() -> proxy.sprung() > before);
            if (!sprung) {
                proxy.disarm();
                proxy.release();
            }
            return sprung;
        }

        /** @param late whether what the dead copier had sent reaches the server after its death */
        boolean killAtTarget(Consumer<FaultProxy> trap, boolean late) {
            FaultProxy proxy = stage.targetProxy();
            if (!spring(proxy, trap)) {
                return false;
            }
            if (late) {
                Waiting.pause(SENT_MILLIS);
            }
            List<Service> owners = owners(proxy);
            owners.forEach(Service::kill);
            if (late) {
                Waiting.pause(random.nextInt(1_500));
            } else {
                proxy.cutAll();
            }
            proxy.release();
            return !owners.isEmpty();
        }

        /** Whose connection the trap has sprung on. */
        private List<Service> owners(FaultProxy proxy) {
            int client = proxy.sprungClientPort();
            return stage.copiers().stream().filter(copier -> SocketOwner.holds(copier.pid(), client, proxy.port())).toList();
        }

        /** A first one dies with a lease in its hand; who is about to take that lease dies too. */
        boolean killAtTakeover() {
            return killAtTarget(proxy -> proxy.trapBeforeText(Direction.TO_SERVER, " APPEND ", Action.HOLD), false) && killAtLedger(Point.TAKE_LEASE);
        }

        /** Its client sees the connection break; what it had sent is carried out, well within the quarantine. */
        boolean commitLate() {
            FaultProxy proxy = stage.targetProxy();
            if (!spring(proxy, each -> each.trapAfterText(Direction.TO_SERVER, Mailboxes.END, Action.HOLD))) {
                return false;
            }
            Waiting.pause(SENT_MILLIS);
            proxy.abandonClients();
            Waiting.pause(random.nextInt((int) Stage.QUARANTINE_MILLIS / 2));
            proxy.release();
            return true;
        }

        boolean killAtIntent() {
            return killAtLedger(Point.INTENT);
        }

        /** Before the statement reaches the node. */
        boolean killAtLedger(Point point) {
            return killOneAt(stage.copiers(), point);
        }

        boolean killLedgerServiceAt(Point point) {
            return killOneAt(List.of(stage.service("ledger")), point);
        }

        private boolean killOneAt(List<Service> candidates, Point point) {
            Service struck = atStatement(candidates, stage.statements().identifier(point));
            if (struck == null) {
                return false;
            }
            struck.kill();
            struck.ledger().cutAll();
            candidates.forEach(each -> each.ledger().release());
            return true;
        }

        /** The first of them that is about to carry out the statement, which is held back; null: none was. */
        private Service atStatement(List<Service> candidates, String identifier) {
            List<Integer> before = candidates.stream().map(each -> each.ledger().sprung()).toList();
            candidates.forEach(each -> each.ledger().trapBeforeText(Direction.TO_SERVER, identifier, Action.HOLD));
            comesTrue(() -> first(candidates, before) != null);
            Service struck = first(candidates, before);
            candidates.forEach(each -> each.ledger().disarm());
            candidates.stream().filter(each -> each != struck).forEach(each -> each.ledger().release());
            return struck;
        }

        private static Service first(List<Service> candidates, List<Integer> before) {
            for (int i = 0; i < candidates.size(); i++) {
                if (candidates.get(i).ledger().sprung() > before.get(i)) {
                    return candidates.get(i);
                }
            }
            return null;
        }

        /** Acknowledgements are committed every 200 ms: before, or after. */
        boolean killAfterSettling() {
            Service struck = atStatement(stage.copiers(), stage.statements().identifier(Point.SETTLE_PAGE));
            if (struck == null) {
                return false;
            }
            struck.ledger().release();
            Waiting.pause(random.nextInt(400));
            struck.kill();
            return true;
        }

        boolean killBroker() {
            stage.killKafka();
            Waiting.pause(random.nextInt(3_000));
            stage.startKafka();
            return true;
        }

        boolean killNode() {
            stage.killCassandra();
            Waiting.pause(random.nextInt(3_000));
            stage.startCassandra();
            return true;
        }

        boolean killEverything() {
            stage.services().forEach(Service::kill);
            stage.killKafka();
            stage.killCassandra();
            Thread other = new Thread(stage::startKafka, "chaos-kafka");
            other.start();
            stage.startCassandra();
            Stage.join(other);
            return true;
        }

        /** At its APPEND, until another one has taken over, and a little longer. */
        boolean freezeCopier() {
            FaultProxy proxy = stage.targetProxy();
            boolean early = random.nextBoolean();
            if (!spring(proxy, each -> each.trapBeforeText(early ? Direction.TO_SERVER : Direction.TO_CLIENT, early ? " APPEND " : "[APPENDUID", Action.HOLD))) {
                return false;
            }
            List<Service> owners = owners(proxy);
            owners.forEach(Service::freeze);
            // What it had sent arrives now: a server carries out what it received, and the quarantine is longer than that may take.
            proxy.release();
            boolean takenOver = !owners.isEmpty() && stage.statements().awaitTakeover(TAKEOVER_MAX);
            Waiting.pause(random.nextInt((int) Stage.QUARANTINE_MILLIS));
            owners.forEach(Service::thaw);
            return takenOver;
        }

        boolean cut(FaultProxy proxy) {
            Direction direction = random.nextBoolean() ? Direction.TO_SERVER : Direction.TO_CLIENT;
            Action action = random.nextBoolean() ? Action.CUT : Action.RESET;
            long count = random.nextInt(CUT_BYTES_MAX);
            return spring(proxy, each -> each.trapBytes(direction, count, action));
        }

        boolean holdOk() {
            boolean held = spring(stage.targetProxy(), proxy -> proxy.trapBeforeText(Direction.TO_CLIENT, "[APPENDUID", Action.HOLD));
            if (held) {
                Waiting.pause(500 + random.nextInt((int) Stage.LEASE_MILLIS));
                stage.targetProxy().release();
            }
            return held;
        }

        boolean restartTarget() {
            stage.target().stop();
            Waiting.pause(random.nextInt(2_000));
            stage.target().start();
            return true;
        }

        boolean refuse(FaultProxy proxy, int millisMin, int millisMax) {
            proxy.refuse(true);
            proxy.resetAll();
            Waiting.pause(random.nextInt(millisMin, millisMax));
            proxy.refuse(false);
            return true;
        }

        boolean delayLedger() {
            Service service = oneOf(stage.services());
            service.ledger().delay(Duration.ofMillis(50 + random.nextInt(400)));
            Waiting.pause(1_000 + random.nextInt(4_000));
            service.ledger().delay(Duration.ofMillis(5));
            return true;
        }

        boolean cutLedger() {
            FaultProxy proxy = oneOf(stage.services()).ledger();
            if (random.nextBoolean()) {
                proxy.cutAll();
            } else {
                proxy.resetAll();
            }
            return true;
        }

        /** The request never reaches the node, or it does and the answer is lost with the connection. */
        boolean loseStatement() {
            Point point = oneOf(List.of(Point.INTENT, Point.CLAIM, Point.DONE, Point.CLOSE_INTENT, Point.SETTLE_PAGE));
            Service struck = atStatement(stage.copiers(), stage.statements().identifier(point));
            if (struck == null) {
                return false;
            }
            if (random.nextBoolean()) {
                struck.ledger().stall(Direction.TO_CLIENT);
                struck.ledger().disarm();
                Waiting.pause(200 + random.nextInt(2_000));
            }
            struck.ledger().cutAll();
            struck.ledger().release();
            return true;
        }

        boolean fillDisks() {
            stage.disks().forEach(SmallDisk::fill);
            Waiting.pause(1_000 + random.nextInt(4_000));
            stage.disks().forEach(SmallDisk::free);
            return true;
        }
    }
}
