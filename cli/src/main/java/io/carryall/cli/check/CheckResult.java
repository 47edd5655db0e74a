package io.carryall.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.cli.show.Figures;
import io.carryall.cli.show.TextTable;
import io.carryall.core.migration.MigrationSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** What a check found, for programs and for people. */
public final class CheckResult {
    private static final int MOST_LINES = 1000;

    private final MigrationSpec spec;
    private final List<PairLook> pairs;

    CheckResult(MigrationSpec spec, List<PairLook> pairs) {
        this.spec = spec;
        this.pairs = pairs;
    }

    /** Whether no login and no server stands in the way. */
    public boolean ok() {
        return pairs.stream().noneMatch(PairLook::isStopped);
    }

    public JsonNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("migration", spec.migration()).put("ok", ok());
        json.put("messages", sum(FolderLook::messages)).put("bytes", sum(FolderLook::bytes)).put("toCopy", sum(FolderLook::copied)).put("bytesToCopy", sum(FolderLook::copiedBytes));
        ArrayNode array = json.putArray("pairs");
        pairs.forEach(look -> pair(array.addObject(), look));
        return json;
    }

    private static void pair(ObjectNode json, PairLook look) {
        json.put("source", look.pair.source()).put("target", look.pair.target()).put("ok", !look.isStopped());
        look.sourceCapabilities.forEach(json.putArray("sourceCapabilities")::add);
        look.targetCapabilities.forEach(json.putArray("targetCapabilities")::add);
        ArrayNode folders = json.put("targetFolders", look.targetFolders).putArray("folders");
        look.folders.forEach(folder -> folder(folders.addObject(), folder));
        ArrayNode problems = json.putArray("problems");
        look.problems.forEach(problem -> problems.addObject().put("severity", problem.stops() ? "error" : "warning").put("side", problem.side()).put("what", problem.what()).put("detail", problem.detail()));
    }

    private static void folder(ObjectNode json, FolderLook folder) {
        json.put("source", folder.path()).put("messages", folder.messages()).put("leftOut", folder.isLeftOut());
        if (!folder.isLeftOut()) {
            json.put("bytes", folder.bytes()).put("toCopy", folder.copied()).put("bytesToCopy", folder.copiedBytes()).put("excluded", folder.excluded()).put("largest", folder.largestBytes());
        }
    }

    public List<String> text() {
        TextTable table = new TextTable("source", "target", "", " folders", " messages", " size", " to copy", " size", " largest");
        pairs.stream().limit(MOST_LINES).forEach(look -> table.row(look.pair.source(), look.pair.target(), look.isStopped() ? "FAILS" : look.problems.isEmpty() ? "ok" : "see below", Figures.count(look.folders.size()),
                Figures.count(look.sum(FolderLook::messages)), Figures.bytes(look.sum(FolderLook::bytes)), Figures.count(look.sum(FolderLook::copied)), Figures.bytes(look.sum(FolderLook::copiedBytes)),
                Figures.bytes(look.folders.stream().mapToLong(FolderLook::largestBytes).max().orElse(0))));
        List<String> lines = new ArrayList<>(table.lines());
        lines.add("");
        pairs.stream().flatMap(look -> look.problems.stream().map(problem -> line(look, problem))).distinct().limit(MOST_LINES).forEach(lines::add);
        lines.add("source " + spec.source().address() + ": " + capabilities(true));
        lines.add("target " + spec.target().address() + ": " + capabilities(false));
        lines.add(spec.migration() + ": " + Figures.count(pairs.size()) + " mailboxes, " + Figures.count(sum(FolderLook::messages)) + " messages, " + Figures.count(sum(FolderLook::copied)) + " to copy ("
                + Figures.bytes(sum(FolderLook::copiedBytes)) + "); " + Figures.count(pairs.stream().filter(PairLook::isStopped).count()) + " mailboxes fail. Nothing was changed.");
        return lines;
    }

    private static String line(PairLook look, Problem problem) {
        return (problem.side().equals("source") ? look.pair.source() : look.pair.target()) + " (" + problem.side() + "): " + (problem.stops() ? "" : "warning: ") + problem.what() + ": " + problem.detail();
    }

    /** Those of the first mailbox that told: they are the server's. */
    private String capabilities(boolean source) {
        return pairs.stream().map(look -> source ? look.sourceCapabilities : look.targetCapabilities).filter(all -> !all.isEmpty()).findFirst().map(all -> String.join(" ", all)).orElse("not reached");
    }

    private long sum(ToLongFunction<FolderLook> figure) {
        return pairs.stream().mapToLong(look -> look.sum(figure)).sum();
    }
}
