package io.carryall.control;

import io.carryall.control.result.PairResult;
import java.io.IOException;

/** A pass that somebody may look at: one that runs here, one that ended, or a dry run. Thread-safe. */
interface PassView {
    PassTold told();

    /** Waits until the revision is another than this one, the pass is over, or the time is up. */
    void await(long revision, long waitMillis) throws InterruptedException;

    /** Hands over its pairs in the order of the list, each as an object or as the JSON of one. */
    void pairs(Pairs pairs) throws IOException;

    /** Takes in pairs. */
    interface Pairs {
        void pair(PairResult result) throws IOException;

        void json(String result) throws IOException;
    }
}
