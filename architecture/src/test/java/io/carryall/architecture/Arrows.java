package io.carryall.architecture;

import static java.util.Map.entry;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which modules a module's main code may use. All point downward: services, adapters and connectors, core. Adapters and connectors never see each other; only the wire format, which is an adapter of nothing but Jackson, may be used
 * by those that carry it.
 */
final class Arrows {
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            entry("core", Set.of()),
            entry("testkit", Set.of("core")),
            entry("embedded/kafka-server", Set.of()),
            entry("embedded/cassandra-server", Set.of()),
            entry("embedded", Set.of()),
            entry("adapters/json", Set.of("core")),
            entry("adapters/kafka", Set.of("core", "adapters/json")),
            entry("adapters/cassandra", Set.of("core")),
            entry("connectors/imap", Set.of("core")),
            entry("verify", Set.of("core")),
            entry("runtime", Set.of("core", "adapters/json", "adapters/kafka", "adapters/cassandra", "connectors/imap")),
            entry("scanner-service", Set.of("core", "runtime")),
            entry("ledger-service", Set.of("core", "runtime")),
            entry("copier-service", Set.of("core", "runtime")),
            entry("control-service", Set.of("core", "runtime", "adapters/json")),
            entry("standalone", Set.of("core", "runtime", "embedded", "scanner-service", "ledger-service", "copier-service", "control-service")),
            // The demo's mail servers and its mail are those of the tests.
            entry("cli", Set.of("core", "adapters/json", "connectors/imap", "verify", "testkit")),
            entry("bench", Set.of("core", "adapters/json", "connectors/imap", "verify", "testkit", "embedded")),
            entry("chaos", Set.of("testkit", "embedded", "cli")),
            entry("acceptance", Set.of()),
            entry("architecture", Set.of()));

    private static final Set<String> ADAPTERS_AND_CONNECTORS = Set.of("adapters/json", "adapters/kafka", "adapters/cassandra", "connectors/imap");

    /** What tests may use beyond that; testkit and the embedded servers are open to all of them. */
    private static final Map<String, Set<String>> TESTS_MAY_USE_TOO = Map.of(
            "verify", Set.of("connectors/imap"),
            "scanner-service", ADAPTERS_AND_CONNECTORS,
            "ledger-service", ADAPTERS_AND_CONNECTORS,
            "copier-service", ADAPTERS_AND_CONNECTORS,
            "control-service", ADAPTERS_AND_CONNECTORS,
            "acceptance", Set.of("core", "adapters/json", "adapters/kafka", "adapters/cassandra", "connectors/imap", "verify", "runtime", "scanner-service", "ledger-service", "copier-service", "control-service", "standalone", "cli"),
            // So that they are built before: they are started as processes.
            "chaos", Set.of("scanner-service", "ledger-service", "copier-service", "control-service", "standalone"),
            "architecture", Set.of("core", "scanner-service", "ledger-service", "copier-service", "control-service", "standalone", "cli"));

    private static final Set<String> FOR_ALL_TESTS = Set.of("testkit", "embedded", "embedded/kafka-server", "embedded/cassandra-server");

    private Arrows() {
    }

    static Set<String> known() {
        return MAY_USE.keySet();
    }

    static boolean mainMayUse(String module, String other) {
        return module.equals(other) || MAY_USE.getOrDefault(module, Set.of()).contains(other);
    }

    static boolean testsMayUse(String module, String other) {
        return mainMayUse(module, other) || FOR_ALL_TESTS.contains(other) || TESTS_MAY_USE_TOO.getOrDefault(module, Set.of()).contains(other);
    }

    /** {@code adapters/kafka} by {@code carryall-kafka}: an artifact is named after the last part of its module's path. */
    static Map<String, String> moduleByArtifact() {
        Map<String, String> modules = new HashMap<>();
        Checkout.modules().forEach(module -> modules.put("carryall-" + module.substring(module.lastIndexOf('/') + 1), module));
        return modules;
    }
}
