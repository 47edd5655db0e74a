package io.carryall.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a run did and what came of it. */
final class Tally {
    private final Map<String, Integer> faults = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private int rounds;
    private long moved;
    private long lost;
    private long doubled;
    private long ambiguous;
    private long settled;
    private int endedByThemselves;

    synchronized void struck(String fault) {
        faults.merge(fault, 1, Integer::sum);
    }

    synchronized void round(long items, Comparison comparison) {
        rounds++;
        moved += items;
        lost += comparison.lost();
        doubled += comparison.doubled();
    }

    synchronized void problem(String what) {
        problems.add(what);
    }

    synchronized void ambiguous(long items) {
        ambiguous += items;
    }

    synchronized void settled(long groups) {
        settled = groups;
    }

    synchronized void endedByItself() {
        endedByThemselves++;
    }

    synchronized boolean isClean() {
        return lost == 0 && doubled == 0 && ambiguous == 0 && problems.isEmpty();
    }

    synchronized List<String> problems() {
        return List.copyOf(problems);
    }

    synchronized int strikes() {
        return faults.values().stream().mapToInt(Integer::intValue).sum();
    }

    synchronized Map<String, Integer> faults() {
        return Map.copyOf(faults);
    }

    synchronized long groupsSettled() {
        return settled;
    }

    synchronized String table() {
        StringBuilder text = new StringBuilder("| fault | times |\n| --- | ---: |\n");
        for (Fault fault : Fault.values()) {
            text.append("| ").append(fault.words()).append(" | ").append(faults.getOrDefault(fault.words(), 0)).append(" |\n");
        }
        text.append(String.format("%nrounds %d, faults %d, items moved %d, groups in doubt that were settled %d, lost %d, doubled %d, ambiguous %d, services that ended by themselves %d%n",
                rounds, strikes(), moved, settled, lost, doubled, ambiguous, endedByThemselves));
        problems.forEach(problem -> text.append("PROBLEM: ").append(problem).append('\n'));
        return text.toString();
    }
}
