package io.carryall.copier;

import io.carryall.copier.Mailboxes.Places;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Who may use connections now: at most so many folders per host and per mailbox as the migration's limits say, and so many in all. Who waits is served in turn, but nobody waits
 * behind one whose own mailbox is busy. Thread-safe.
 */
final class Slots {
    private final int foldersMax;
    private final Map<String, Integer> taken = new HashMap<>();
    private final Deque<Wish> waiting = new ArrayDeque<>();
    private int held;

    private record Wish(Object folder, Places places, Runnable granted) {}

    Slots(int foldersMax) {
        this.foldersMax = foldersMax;
    }

    /** Calls {@code granted} when there is room, on this or another thread. A folder asks once at a time. */
    void request(Object folder, Places places, Runnable granted) {
        synchronized (this) {
            waiting.addLast(new Wish(folder, places, granted));
        }
        serve();
    }

    /** Takes back a wish that was not granted yet: false if it was. */
    synchronized boolean withdraw(Object folder) {
        return waiting.removeIf(wish -> wish.folder() == folder);
    }

    void release(Places places) {
        synchronized (this) {
            held--;
            keys(places).keySet().forEach(key -> taken.merge(key, -1, (a, b) -> a + b == 0 ? null : a + b));
        }
        serve();
    }

    private void serve() {
        List<Wish> served = new ArrayList<>();
        synchronized (this) {
            for (Iterator<Wish> wishes = waiting.iterator(); wishes.hasNext() && held < foldersMax;) {
                Wish wish = wishes.next();
                Map<String, Integer> keys = keys(wish.places());
                if (keys.entrySet().stream().allMatch(key -> taken.getOrDefault(key.getKey(), 0) < key.getValue())) {
                    keys.keySet().forEach(key -> taken.merge(key, 1, Integer::sum));
                    held++;
                    wishes.remove();
                    served.add(wish);
                }
            }
        }
        served.forEach(wish -> wish.granted().run());
    }

    private static Map<String, Integer> keys(Places places) {
        return Map.of("source host " + places.sourceHost(), places.limits().source().connections(),
                "source mailbox " + places.sourceMailbox(), places.limits().source().perMailbox(),
                "target host " + places.targetHost(), places.limits().target().connections(),
                "target mailbox " + places.targetMailbox(), places.limits().target().perMailbox());
    }
}
