package io.carryall.core.scan;

import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.port.Passes;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.PipelineRecord.LookRequest;
import io.carryall.core.record.PipelineRecord.ScanRequest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a pass asks scanners for with one record.
 *
 * @param pairs those that the record names
 */
public record Asking(PipelineRecord request, List<PairId> pairs) {

    /**
     * Asks for every pair once.
     *
     * @param mayStand pairs in which nothing may have changed: they are looked at first, those together whose rows lie together
     * @param others   pairs that are to be scanned
     */
    public static List<Asking> of(PassId pass, Collection<PassPair> mayStand, Collection<PassPair> others) {
        List<Asking> all = new ArrayList<>();
        others.forEach(pair -> all.add(new Asking(new ScanRequest(pass, pair.pair(), pair.generation()), List.of(pair.pair()))));
        for (List<PairId> group : mayStand.stream().map(PassPair::pair).collect(Collectors.groupingBy(Passes::groupOf, TreeMap::new, Collectors.toList())).values()) {
            for (int from = 0; from < group.size(); from += LookRequest.PAIRS_MAX) {
                List<PairId> some = group.subList(from, Math.min(group.size(), from + LookRequest.PAIRS_MAX));
                all.add(new Asking(new LookRequest(pass, some), List.copyOf(some)));
            }
        }
        return all;
    }
}
