package io.carryall.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.carryall.core.item.FolderId;
import io.carryall.core.item.FolderKey;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.item.Reason;
import io.carryall.core.item.SourceItem;
import io.carryall.core.item.TargetFolder;
import io.carryall.core.record.FolderStatus;
import io.carryall.core.record.PipelineRecord;
import io.carryall.core.record.PipelineRecord.CopyPage;
import io.carryall.core.record.PipelineRecord.DeadLetter;
import io.carryall.core.record.PipelineRecord.ExcludedFolder;
import io.carryall.core.record.PipelineRecord.Failure;
import io.carryall.core.record.PipelineRecord.FolderEnd;
import io.carryall.core.record.PipelineRecord.ItemsPage;
import io.carryall.core.record.PipelineRecord.LookRequest;
import io.carryall.core.record.PipelineRecord.Outcome;
import io.carryall.core.record.PipelineRecord.ScanEnd;
import io.carryall.core.record.PipelineRecord.ScanRequest;
import io.carryall.core.record.PipelineRecord.StandingFolder;
import io.carryall.core.record.PipelineRecord.Warning;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Records of the pipeline as JSON: one flat object with {@code "v"} (the version of the form) and {@code "type"}; the items of a page are arrays {@code [uid, size, date]}, the date in seconds or null.
 *
 * <p>Rules for change: a field may be added and is then optional for readers; the version grows only when an old reader would misunderstand. Every version from 1 on stays readable; a newer one than ours is refused. Thread-safe.
 */
public final class PipelineJson {
    public static final int VERSION = 2;
    /** The newest that every reader understands; what a record of an older form cannot say is written in the form that can. */
    private static final int OLDEST = 1;

    private final ObjectMapper json = new ObjectMapper();

    /** UTF-8 text, one line. */
    public byte[] write(PipelineRecord record) {
        ObjectNode node = json.createObjectNode().put("v", isOfFlags(record) ? VERSION : OLDEST);
        if (record instanceof ScanRequest request) {
            write(node, request);
        } else if (record instanceof LookRequest request) {
            write(node, request);
        } else if (record instanceof ItemsPage page) {
            writePage(node.put("type", "items-page"), page.pass(), page.folder(), page.scan(), page.seq(), page.target());
            writeFlagged(node, page.flagged());
        } else if (record instanceof CopyPage page) {
            writePage(node.put("type", "copy-page"), page.pass(), page.folder(), page.scan(), page.seq(), page.target());
            writeFlagged(node, page.flagged());
        } else if (record instanceof FolderEnd end) {
            write(node, end);
        } else if (record instanceof ScanEnd end) {
            write(node, end);
        } else if (record instanceof Outcome outcome) {
            write(node, outcome);
        } else if (record instanceof DeadLetter letter) {
            write(node, letter);
        }
        String text = Surrogates.escapeLone(node.toString());
        List<SourceItem> items = record instanceof ItemsPage page ? page.items() : record instanceof CopyPage copy ? copy.items() : null;
        return (items == null ? text : PageItems.append(text, items)).getBytes(StandardCharsets.UTF_8);
    }

    /** Who does not know of them would take the page for an empty one. */
    private static boolean isOfFlags(PipelineRecord record) {
        return record instanceof ItemsPage page && !page.flagged().isEmpty() || record instanceof CopyPage copy && copy.isOfFlags();
    }

    private static void writeFlagged(ObjectNode node, List<Long> uids) {
        if (!uids.isEmpty()) {
            ArrayNode array = node.putArray("flagged");
            uids.forEach(array::add);
        }
    }

    private static void write(ObjectNode node, LookRequest request) {
        node.put("type", "look-request").put("pass", request.pass().toString());
        ArrayNode pairs = node.putArray("pairs");
        request.pairs().forEach(pair -> pairs.add(pair.value()));
    }

    private static void write(ObjectNode node, ScanRequest request) {
        node.put("type", "scan-request").put("pass", request.pass().toString()).put("pair", request.pair().value()).put("generation", request.generation());
    }

    private static void writePage(ObjectNode node, PassId pass, FolderKey folder, String scan, int seq, TargetFolder target) {
        node.put("pass", pass.toString());
        write(node, folder);
        node.put("scan", scan).put("seq", seq);
        node.putObject("target").put("mailbox", target.mailbox()).put("folder", target.folder());
    }

    private static void write(ObjectNode node, FolderKey folder) {
        node.put("pair", folder.pair().value()).put("generation", folder.generation()).put("folder", folder.folder().value()).put("uidValidity", folder.uidValidity());
    }

    private static void write(ObjectNode node, FolderEnd end) {
        node.put("type", "folder-end").put("pass", end.pass().toString());
        write(node, end.folder());
        node.put("scan", end.scan()).put("pages", end.pages());
        FolderStatus status = end.status();
        node.putObject("status").put("uidValidity", status.uidValidity()).put("uidNext", status.uidNext()).put("modSeq", status.modSeq()).put("messages", status.messages());
    }

    private static void write(ObjectNode node, ScanEnd end) {
        node.put("type", "scan-end").put("pass", end.pass().toString()).put("pair", end.pair().value()).put("generation", end.generation()).put("scan", end.scan());
        writeIds(node.putArray("enumerated"), end.enumerated());
        writeIds(node.putArray("skipped"), end.skipped());
        ArrayNode excluded = node.putArray("excluded");
        end.excluded().forEach(folder -> excluded.addObject().put("path", folder.path()).put("messages", folder.messages()));
        ArrayNode warnings = node.putArray("warnings");
        for (Warning warning : end.warnings()) {
            ObjectNode object = warnings.addObject().put("uid", warning.uid()).put("what", warning.what());
            putIfPresent(object, "folder", warning.folder());
            putIfPresent(object, "detail", warning.detail());
        }
        if (end.stands()) {
            ArrayNode standing = node.putArray("standing");
            end.standing().forEach(folder -> standing.addObject().put("path", folder.path()).put("target", folder.targetPath()).put("found", folder.found()).put("done", folder.done()).put("excluded", folder.excluded()));
        }
        if (end.failure() != null) {
            putIfPresent(node.putObject("failure").put("reason", end.failure().reason().word()), "detail", end.failure().detail());
        }
    }

    private static void writeIds(ArrayNode array, List<FolderId> ids) {
        ids.forEach(id -> array.add(id.value()));
    }

    private static void write(ObjectNode node, Outcome outcome) {
        node.put("type", "outcome").put("pass", outcome.pass().toString()).put("pair", outcome.pair().value());
        putIfPresent(node, "folder", outcome.folder() == null ? null : outcome.folder().value());
        node.put("step", outcome.step()).put("what", outcome.what()).put("items", outcome.items()).put("bytes", outcome.bytes());
        putIfPresent(node, "reason", outcome.reason());
    }

    private static void write(ObjectNode node, DeadLetter letter) {
        node.put("type", "dead-letter").put("pass", letter.pass().toString());
        write(node, letter.folder());
        node.put("uid", letter.uid()).put("reason", letter.reason().word());
        putIfPresent(node, "detail", letter.detail());
    }

    private static void putIfPresent(ObjectNode node, String name, String value) {
        if (value != null) {
            node.put(name, value);
        }
    }

    /** @throws UnreadableRecordException if the bytes are no record, or one of a version newer than {@link #VERSION} */
    public PipelineRecord read(byte[] bytes) throws UnreadableRecordException {
        List<SourceItem> items = new ArrayList<>();
        Fields fields = new Fields(tree(bytes, items));
        if (fields.smallNumber("v") < 1 || fields.smallNumber("v") > VERSION) {
            throw new UnreadableRecordException("version " + fields.smallNumber("v") + " of a record; this program reads versions 1 to " + VERSION);
        }
        try {
            return read(fields, items);
        } catch (IllegalArgumentException e) {
            // Ids are checked by their own types.
            throw new UnreadableRecordException("a field holds what it may not: " + e.getClass().getSimpleName());
        }
    }

    /** Without the items of a page: they are by far the most of it, and go into a list of their own. */
    private JsonNode tree(byte[] bytes, List<SourceItem> items) throws UnreadableRecordException {
        if (bytes == null) {
            throw new UnreadableRecordException("a record without a value");
        }
        try (JsonParser parser = json.createParser(bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            ObjectNode node = json.createObjectNode();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                if (parser.nextToken() == JsonToken.START_ARRAY && name.equals(PageItems.FIELD)) {
                    PageItems.read(parser, items);
                    node.putArray(name);
                } else {
                    node.set(name, parser.readValueAsTree());
                }
            }
            return node;
        } catch (JsonProcessingException e) {
            // Its message would quote the text.
            throw new UnreadableRecordException("not JSON, at byte " + e.getLocation().getByteOffset());
        } catch (IOException e) {
            throw new UnreadableRecordException("not JSON in UTF-8");
        }
    }

    private static PipelineRecord read(Fields fields, List<SourceItem> items) throws UnreadableRecordException {
        String type = fields.text("type");
        switch (type) {
            case "scan-request":
                return new ScanRequest(pass(fields), pair(fields), fields.smallNumber("generation"));
            case "look-request":
                return lookRequest(fields);
            case "items-page":
                fields.array(PageItems.FIELD);
                return new ItemsPage(pass(fields), folderKey(fields), fields.text("scan"), fields.smallNumber("seq"), target(fields), items, flagged(fields));
            case "copy-page":
                fields.array(PageItems.FIELD);
                return new CopyPage(pass(fields), folderKey(fields), fields.text("scan"), fields.smallNumber("seq"), target(fields), items, flagged(fields));
            case "folder-end":
                return new FolderEnd(pass(fields), folderKey(fields), fields.text("scan"), status(fields.object("status")), fields.smallNumber("pages"));
            case "scan-end":
                return scanEnd(fields);
            case "outcome":
                return outcome(fields);
            case "dead-letter":
                return new DeadLetter(pass(fields), folderKey(fields), fields.number("uid"), reason(fields), fields.textOrNull("detail"));
            default:
                throw new UnreadableRecordException("a record of an unknown type");
        }
    }

    private static ScanEnd scanEnd(Fields fields) throws UnreadableRecordException {
        Failure failure = fields.has("failure") ? new Failure(reason(fields.object("failure")), fields.object("failure").textOrNull("detail")) : null;
        return new ScanEnd(pass(fields), pair(fields), fields.smallNumber("generation"), fields.text("scan"), folderIds(fields, "enumerated"), folderIds(fields, "skipped"),
                fields.objects("excluded", folder -> new ExcludedFolder(folder.text("path"), folder.number("messages"))),
                fields.objects("warnings", warning -> new Warning(warning.textOrNull("folder"), warning.number("uid"), warning.text("what"), warning.textOrNull("detail"))),
                failure,
                fields.has("standing") ? fields.objects("standing", folder -> new StandingFolder(folder.text("path"), folder.text("target"), folder.number("found"), folder.number("done"), folder.number("excluded"))) : List.of());
    }

    private static Outcome outcome(Fields fields) throws UnreadableRecordException {
        FolderId folder = fields.has("folder") ? new FolderId(fields.text("folder")) : null;
        return new Outcome(pass(fields), pair(fields), folder, fields.text("step"), fields.text("what"), fields.number("items"), fields.number("bytes"), fields.textOrNull("reason"));
    }

    private static PassId pass(Fields fields) throws UnreadableRecordException {
        return PassId.parse(fields.text("pass"));
    }

    private static PairId pair(Fields fields) throws UnreadableRecordException {
        return new PairId(fields.text("pair"));
    }

    private static FolderKey folderKey(Fields fields) throws UnreadableRecordException {
        return new FolderKey(pair(fields), fields.smallNumber("generation"), new FolderId(fields.text("folder")), fields.number("uidValidity"));
    }

    private static TargetFolder target(Fields fields) throws UnreadableRecordException {
        Fields target = fields.object("target");
        return new TargetFolder(target.text("mailbox"), target.text("folder"));
    }

    private static FolderStatus status(Fields fields) throws UnreadableRecordException {
        return new FolderStatus(fields.number("uidValidity"), fields.number("uidNext"), fields.number("modSeq"), fields.number("messages"));
    }

    private static Reason reason(Fields fields) throws UnreadableRecordException {
        return Reason.of(fields.text("reason")).orElseThrow(() -> new UnreadableRecordException("an unknown reason"));
    }

    private static List<FolderId> folderIds(Fields fields, String name) throws UnreadableRecordException {
        List<FolderId> ids = new ArrayList<>();
        for (JsonNode id : fields.array(name)) {
            ids.add(new FolderId(id.asText()));
        }
        return ids;
    }

    private static LookRequest lookRequest(Fields fields) throws UnreadableRecordException {
        List<PairId> pairs = new ArrayList<>();
        for (JsonNode id : fields.array("pairs")) {
            pairs.add(new PairId(id.asText()));
        }
        if (pairs.isEmpty()) {
            throw Fields.missing("pairs", "the ids of pairs");
        }
        return new LookRequest(pass(fields), pairs);
    }

    private static List<Long> flagged(Fields fields) throws UnreadableRecordException {
        List<Long> uids = new ArrayList<>();
        if (fields.has("flagged")) {
            for (JsonNode uid : fields.array("flagged")) {
                if (!uid.canConvertToLong()) {
                    throw Fields.missing("flagged", "UIDs");
                }
                uids.add(uid.longValue());
            }
        }
        return uids;
    }
}
