package io.carryall.control.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.carryall.core.fold.FolderCounts;
import io.carryall.core.port.Passes.PassPair;
import java.util.List;

/**
 * What became of one pair in a pass.
 *
 * @param state {@code finished}, {@code failed} (then with an error), {@code paused}, {@code interrupted}; {@code running} while the pass runs
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"source", "target", "kind", "state", "error", "counts", "bytes", "folders", "failures", "warnings", "excludedFolders"})
public record PairResult(String source, String target, String kind, String state, Problem error, @JsonUnwrapped Counts counts, long bytes, List<Folder> folders, List<Failure> failures,
        List<Warning> warnings, List<Excluded> excludedFolders) {

    public static PairResult of(String source, String target, String kind, String state, Problem error, FolderCounts counts, Details details) {
        return new PairResult(source, target, kind, state, error, Counts.of(counts), counts.bytes(), details.folders, details.failures, details.warnings, details.excluded);
    }

    public static PairResult of(PassPair pair, String state, Problem error, FolderCounts counts, Details details) {
        return of(pair.source(), pair.target(), pair.full() ? "full" : "delta", state, error, counts, details);
    }

    /** What is listed of a pair beside its counts. */
    public record Details(List<Folder> folders, List<Failure> failures, List<Warning> warnings, List<Excluded> excluded) {
        public static final Details NONE = new Details(List.of(), List.of(), List.of(), List.of());
    }

    /** Why a pair, or a pass, could not finish. */
    public record Problem(String reason, String detail) {}

    /** @param flagsChanged items whose flags were carried to their copies in this pass; they are counted as already there. Null where flags are not followed */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonPropertyOrder({"source", "target", "counts", "flagsChanged", "skipped"})
    public record Folder(String source, String target, @JsonUnwrapped Counts counts, boolean skipped, Long flagsChanged) {
        public Folder(String source, String target, Counts counts, boolean skipped) {
            this(source, target, counts, skipped, null);
        }
    }

    public record Failure(String folder, long uid, String messageId, long size, String reason, String detail, boolean retryable) {}

    public record Warning(String folder, long uid, String what, String detail) {}

    public record Excluded(String source, long messages) {}
}
