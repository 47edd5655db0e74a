package io.carryall.core.journal;

import io.carryall.core.item.PassId;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Function;

/**
 * How passes are told apart across installations. Two of them number the passes of a migration alike, so a pass that leaves its installation is named {@code migration@moment#number}, by the moment at which it began; one that comes
 * home loses that again. Without this, facts that another installation's first pass made would count as made by this one's first pass.
 */
public final class PassOrigin {
    private PassOrigin() {}

    /** As it is named in a file. {@code startedAt} null: nobody knows. A pass of somebody else's has its name already. */
    public static PassId abroad(PassId pass, Instant startedAt) {
        return isForeign(pass) ? pass : new PassId(pass.migration() + "@" + (startedAt == null ? "" : startedAt), pass.number());
    }

    /** Whether it was made by another installation. */
    public static boolean isForeign(PassId pass) {
        int at = pass.migration().lastIndexOf('@');
        return at > 0 && (at == pass.migration().length() - 1 || moment(pass.migration().substring(at + 1)) != null);
    }

    /**
     * As it is named in the ledger that takes it in.
     *
     * @param startedAt when the pass of that name began here, if there is one
     */
    public static PassId home(PassId pass, Function<PassId, Optional<Instant>> startedAt) {
        if (!isForeign(pass)) {
            return pass;
        }
        int at = pass.migration().lastIndexOf('@');
        PassId own = new PassId(pass.migration().substring(0, at), pass.number());
        Instant moment = moment(pass.migration().substring(at + 1));
        return moment != null && startedAt.apply(own).filter(moment::equals).isPresent() ? own : pass;
    }

    private static Instant moment(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
