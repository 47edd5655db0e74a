package io.carryall.core.copy;

import io.carryall.core.copy.CopyEffect.Lane;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Predicate;

/** The effects of one folder that wait for their turn: those of one lane are carried out one after another. Not thread-safe. */
public final class EffectLanes {
    private static final class Line {
        final Deque<CopyEffect> waiting = new ArrayDeque<>();
        boolean running;
    }

    private final Map<Lane, Line> lines = new EnumMap<>(Lane.class);

    public EffectLanes() {
        for (Lane lane : Lane.values()) {
            lines.put(lane, new Line());
        }
    }

    public void add(CopyEffect effect) {
        lines.get(effect.lane()).waiting.add(effect);
    }

    /** The effect that would be next in this lane, whether or not one is running; null where none waits. */
    public CopyEffect peek(Lane lane) {
        return lines.get(lane).waiting.peek();
    }

    /** Begins the next effect of the lane; null while one is running, and where none waits. {@link #ended} must follow. */
    public CopyEffect begin(Lane lane) {
        Line line = lines.get(lane);
        if (line.running || line.waiting.isEmpty()) {
            return null;
        }
        line.running = true;
        return line.waiting.poll();
    }

    public void ended(Lane lane) {
        lines.get(lane).running = false;
    }

    public boolean isRunning(Lane lane) {
        return lines.get(lane).running;
    }

    public boolean waits(Lane lane, Predicate<CopyEffect> which) {
        Collection<CopyEffect> waiting = lines.get(lane).waiting;
        return waiting.stream().anyMatch(which);
    }

    public boolean areIdle() {
        return lines.values().stream().noneMatch(line -> line.running || !line.waiting.isEmpty());
    }

    /**
     * What the ledger was still to be told under a lease that is over, or of which something is missing now, is not told: who holds the folder next finds the open intents. An effect that
     * is running goes on.
     */
    public void dropUnwritten() {
        lines.get(Lane.LEDGER).waiting.clear();
    }
}
