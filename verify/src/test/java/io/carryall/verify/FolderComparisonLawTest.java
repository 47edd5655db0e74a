package io.carryall.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.carryall.verify.Example.Said;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Few different messages in folders of some size, so that duplicates are common. */
final class FolderComparisonLawTest {

    @Provide
    Arbitrary<List<Example>> folder() {
        return Combinators.combine(Arbitraries.of("a", "b", "c", "d", "e"), Arbitraries.of("text", "other text"), Arbitraries.integers().between(0, 2), Arbitraries.of(true, false))
                .as((name, body, seconds, seen) -> Example.message(name).body(body).later(seconds).withFlags(seen ? new String[] {"\\Seen"} : new String[0])).list().ofMaxSize(30);
    }

    @Property
    void a_shuffled_copy_matches(@ForAll("folder") List<Example> folder, @ForAll Random random, @ForAll boolean bodies) {
        assertThat(Example.compare(folder, shuffled(folder, random), bodies)).isEqualTo(Said.NOTHING);
    }

    @Property
    void each_message_is_accounted_for_once(@ForAll("folder") List<Example> source, @ForAll("folder") List<Example> target, @ForAll boolean bodies) {
        Said said = Example.compare(source, target, bodies);
        long found = source.size() - said.missing().size();
        assertThat(found).isEqualTo(target.size() - said.doubled().size() - said.extra().size());
        assertThat(said.missing()).doesNotHaveDuplicates();
        assertThat(said.doubled()).doesNotHaveDuplicates();
        assertThat(Collections.disjoint(said.doubled(), said.extra())).isTrue();
    }

    @Property
    void as_many_are_missing_as_were_taken_away(@ForAll("folder") List<Example> folder, @ForAll Random random, @ForAll boolean bodies) {
        List<Example> rest = shuffled(folder, random).subList(0, folder.size() - random.nextInt(folder.size() + 1));
        Said said = Example.compare(folder, rest, bodies);
        assertThat(said.missing()).hasSize(folder.size() - rest.size());
        assertThat(said.doubled()).isEmpty();
        assertThat(said.extra()).isEmpty();
    }

    @Property
    void as_many_are_doubled_as_were_added_again(@ForAll("folder") List<Example> folder, @ForAll Random random, @ForAll boolean bodies) {
        List<Example> more = new ArrayList<>(folder);
        more.addAll(shuffled(folder, random).subList(0, folder.size() - random.nextInt(folder.size() + 1)));
        Said said = Example.compare(folder, shuffled(more, random), bodies);
        assertThat(said.doubled()).hasSize(more.size() - folder.size());
        assertThat(said).usingRecursiveComparison().ignoringFields("doubled").isEqualTo(Said.NOTHING);
    }

    @Property
    void no_content_is_found_more_often_than_both_sides_have_it(@ForAll("folder") List<Example> source, @ForAll("folder") List<Example> target, @ForAll boolean bodies) {
        long together = 0;
        Map<Digest, Integer> held = counted(target);
        for (Map.Entry<Digest, Integer> content : counted(source).entrySet()) {
            together += Math.min(content.getValue(), held.getOrDefault(content.getKey(), 0));
        }
        Said said = Example.compare(source, target, bodies);
        long altered = said.different().stream().filter(difference -> difference.endsWith("BYTES")).count();
        assertThat(source.size() - said.missing().size() - altered).isEqualTo(together);
    }

    private static Map<Digest, Integer> counted(List<Example> mails) {
        Map<Digest, Integer> counts = new HashMap<>();
        mails.forEach(mail -> counts.merge(mail.digest(), 1, Integer::sum));
        return counts;
    }

    private static List<Example> shuffled(List<Example> mails, Random random) {
        List<Example> copy = new ArrayList<>(mails);
        Collections.shuffle(copy, random);
        return copy;
    }
}
