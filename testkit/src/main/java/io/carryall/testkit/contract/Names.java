package io.carryall.testkit.contract;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PairName;
import io.carryall.core.item.PassId;
import io.carryall.core.item.TargetFolder;

/** Names that no other test uses, and waiting with a deadline. */
final class Names {
    private final String unique = UUID.randomUUID().toString().replace("-", "").substring(0, 16);

    String migration() {
        return "contract-" + unique;
    }

    PassId pass(int number) {
        return new PassId(migration(), number);
    }

    PairId pair() {
        return new PairId("c" + unique);
    }

    PairName pairName() {
        return new PairName("old", "ann-" + unique + "@old.example", "new", "ann@new.example");
    }

    FolderKey folder() {
        return folder("f1");
    }

    FolderKey folder(String id) {
        return new FolderKey(pair(), 1, new FolderId(id), 4_000_000_000L);
    }

    TargetFolder target() {
        return new TargetFolder("new/ann-" + unique + "@new.example", "Entw&APw-rfe/\"x\" %*");
    }

    /** Runs the work again and again until it gives true. */
    static void await(String what, Duration longest, BooleanSupplier condition) {
        long deadline = System.nanoTime() + longest.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + longest.toSeconds() + " s: " + what);
            }
        }
    }

    /** Turns checked exceptions, which no port throws here, into failures. */
    static <T> T unchecked(Callable<T> work) {
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Runs the work with 0 … n-1 at the same time and gives the results in that order. */
    static <T> List<T> atOnce(int n, IntFunction<T> work) {
        ExecutorService threads = Executors.newFixedThreadPool(n);
        try {
            List<Future<T>> running = IntStream.range(0, n).mapToObj(i -> threads.submit(() -> work.apply(i))).toList();
            return running.stream().map(future -> unchecked(future::get)).toList();
        } finally {
            threads.shutdownNow();
        }
    }
}
