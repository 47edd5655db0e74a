package io.carryall.cli.show;

import io.carryall.verify.VerifyResult;
import io.carryall.verify.VerifyResult.Folder;
import io.carryall.verify.VerifyResult.Item;
import io.carryall.verify.VerifyResult.Pair;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** What a verification found, for people. */
public final class VerifyText {
    private static final int MOST_PAIRS = 1000;
    private static final int MOST_ITEMS = 100;

    private VerifyText() {
    }

    public static List<String> of(VerifyResult result) {
        TextTable table = new TextTable("source", "target", "", " messages", " on the target", " excluded", " missing", " doubled", " different", " extra");
        result.pairs().stream().limit(MOST_PAIRS).forEach(pair -> table.row(pair.source(), pair.target(), word(pair), sum(pair, Folder::sourceMessages), sum(pair, Folder::targetMessages), sum(pair, Folder::excluded),
                sum(pair, Folder::missing), sum(pair, Folder::doubled), sum(pair, Folder::different), sum(pair, Folder::extra)));
        List<String> lines = new ArrayList<>(table.lines());
        lines.add("");
        result.pairs().stream().filter(pair -> pair.error() != null).forEach(pair -> lines.add(pair.source() + " could not be looked at: " + pair.error().reason() + ": " + pair.error().detail()));
        items(lines, "missing", result.missing());
        items(lines, "doubled", result.doubled());
        items(lines, "different", result.different());
        lines.add(result.matches() ? "source and target match" + (result.extra().isEmpty() ? "" : " (" + Figures.count(result.extra().size()) + " items are only on the target, and don't count)")
                : "source and target do not match: " + Figures.count(result.missing().size()) + " missing, " + Figures.count(result.doubled().size()) + " doubled, " + Figures.count(result.different().size()) + " different");
        return lines;
    }

    private static String word(Pair pair) {
        return pair.error() != null ? "not looked at" : pair.matches() ? "matches" : "DIFFERS";
    }

    private static String sum(Pair pair, ToLongFunction<Folder> figure) {
        return Figures.count(pair.folders().stream().mapToLong(figure).sum());
    }

    private static void items(List<String> lines, String what, List<Item> items) {
        items.stream().limit(MOST_ITEMS).map(item -> line(what, item)).forEach(lines::add);
        if (items.size() > MOST_ITEMS) {
            lines.add("… and " + Figures.count(items.size() - MOST_ITEMS) + " more " + what + " (--json lists all)");
        }
    }

    private static String line(String what, Item item) {
        return what + (item.what() == null ? "" : " (" + item.what() + ")") + ": " + item.source() + " → " + item.target() + ": " + item.folder() + (item.uid() == null ? "" : " uid " + item.uid())
                + (item.messageId() == null ? "" : " " + item.messageId()) + (item.detail() == null ? "" : ": " + item.detail());
    }
}
