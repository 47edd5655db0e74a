package io.carryall.control;

import io.carryall.core.item.PassId;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.migration.SpecChanges;
import io.carryall.core.migration.SpecChanges.Change;
import io.carryall.core.port.Passes;
import io.carryall.core.port.Passes.Pass;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What changed in a migration from one pass to the next. Lists are compared by digest; only where it differs the former one is read. */
final class Changes {
    private final Passes passes;
    private final KeptSpec kept;

    Changes(Passes passes, KeptSpec kept) {
        this.passes = passes;
        this.kept = kept;
    }

    /**
     * What the pass is to keep of it.
     *
     * @param last  the pass before
     * @param whole the migration over its whole list
     * @param all   whether the pass has the whole list
     */
    KeptSpec.History since(Optional<Pass> last, int number, MigrationSpec whole, boolean all) {
        Set<String> list = new LinkedHashSet<>();
        whole.mailboxes().forEach(pair -> list.add(shown(pair.source(), pair.target())));
        String digest = digest(list);
        KeptSpec.History before = last.map(pass -> kept.history(pass.spec())).orElse(KeptSpec.History.NONE);
        List<Change> changes = new ArrayList<>();
        last.ifPresent(pass -> changes.addAll(SpecChanges.between(kept.read(pass.spec()), whole)));
        if (!before.list().isEmpty() && !before.list().equals(digest)) {
            changes.addAll(ofList(whole.migration(), before.whole(), list));
        }
        return new KeptSpec.History(changes, digest, all ? number : before.whole());
    }

    private List<Change> ofList(String migration, int wholePass, Set<String> list) {
        if (wholePass == 0) {
            return List.of(new Change("mailboxes", null, "the list is another one than in the pass before"));
        }
        Set<String> former = new LinkedHashSet<>();
        passes.forEachPair(new PassId(migration, wholePass), pair -> former.add(shown(pair.source(), pair.target())));
        return SpecChanges.ofLists(former, list);
    }

    private static String shown(String source, String target) {
        return source.toLowerCase(Locale.ROOT) + " to " + target.toLowerCase(Locale.ROOT);
    }

    /** Whatever the order. */
    private static String digest(Set<String> list) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            new TreeSet<>(list).forEach(pair -> sha.update((pair + "\n").getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(sha.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
