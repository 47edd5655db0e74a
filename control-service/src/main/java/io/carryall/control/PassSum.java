package io.carryall.control;

import io.carryall.control.result.PairResult.Problem;
import io.carryall.core.fold.FolderCounts;

/** What the pairs of a pass come to together. For one thread. */
final class PassSum {
    private FolderCounts counts = FolderCounts.NONE;
    private int pairs;
    private int stopped;
    private Problem first;

    /** @param error why the pair stopped; null where it did not */
    void add(FolderCounts its, Problem error) {
        pairs++;
        counts = counts.plus(its);
        if (error != null) {
            stopped++;
            first = first == null ? error : first;
        }
    }

    FolderCounts counts() {
        return counts;
    }

    int pairs() {
        return pairs;
    }

    /** Why the pass could not finish; null where no pair stopped. */
    Problem error() {
        return first == null ? null : new Problem(first.reason(), stopped + " of " + pairs + " pairs stopped; the first: " + first.detail());
    }
}
