package io.carryall.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.carryall.core.migration.Filter;
import io.carryall.core.migration.FolderMap;
import io.carryall.core.migration.MailServer;
import io.carryall.core.migration.MailServer.Login;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.ServerAddress.Security;
import io.carryall.core.port.SourceSession.MailFolder;
import io.carryall.core.port.TargetSession.Planned;
import io.carryall.verify.FolderPlan.Way;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FolderPlanTest {

    @Test
    void a_folder_goes_where_the_file_says_then_to_its_counterpart_then_to_its_path() {
        FolderPlan plan = plan(Filter.EVERYTHING, List.of(folder("Sent", "\\Sent"), folder("Work/x", null), folder("Notes", null)), List.of(folder("Sent Messages", "\\Sent"), folder("Job/x", null), folder("Notes", null)));
        assertThat(plan.ways()).extracting(way -> way.source().path(), Way::targetPath, Way::targetName).containsExactly(
                tuple("Sent", "Sent Messages", "Sent Messages"), tuple("Work/x", "Job/x", "Job/x"), tuple("Notes", "Notes", "Notes"));
    }

    @Test
    void a_folder_whose_name_was_refused_is_found_under_its_escaped_one() {
        assertThat(plan(Filter.EVERYTHING, List.of(folder("odd%", null)), List.of(folder("escaped odd%", null))).ways()).extracting(Way::targetPath).containsExactly("escaped odd%");
    }

    @Test
    void a_folder_that_the_target_lacks_or_cannot_open_has_no_name_there() {
        MailFolder closed = new MailFolder("b", "b", null, false, false);
        assertThat(plan(Filter.EVERYTHING, List.of(folder("a", null), folder("b", null)), List.of(closed)).ways()).extracting(Way::targetPath, Way::targetName).containsExactly(tuple("a", null), tuple("b", null));
    }

    @Test
    void folders_that_show_others_again_are_left_out_unless_they_are_named() {
        List<MailFolder> source = List.of(folder("All Mail", "\\All"), folder("Starred", "\\Flagged"), folder("INBOX", null));
        assertThat(plan(Filter.EVERYTHING, source, List.of()).leftOut()).extracting(way -> way.source().path()).containsExactly("All Mail", "Starred");
        Filter named = new Filter(null, null, List.of("**", "Starred"), List.of(), null);
        assertThat(plan(named, source, List.of()).leftOut()).extracting(way -> way.source().path()).containsExactly("All Mail");
    }

    @Test
    void folders_that_hold_no_messages_have_nothing_to_compare() {
        assertThat(plan(Filter.EVERYTHING, List.of(new MailFolder("p", "p", null, false, false)), List.of()).ways()).isEmpty();
    }

    private static FolderPlan plan(Filter filter, List<MailFolder> source, List<MailFolder> target) {
        MailServer server = new MailServer(null, new ServerAddress("127.0.0.1", 143, Security.NONE, null), false, Login.EACH_USER);
        MigrationSpec spec = new MigrationSpec("test", server, server, filter, new FolderMap(Map.of("Work", "Job")), null, null, null, false, null, List.of());
        return FolderPlan.of(spec, source, target, path -> List.of(new Planned(path, path, null), new Planned("escaped " + path, "escaped " + path, null)));
    }

    private static MailFolder folder(String path, String specialUse) {
        return new MailFolder(path, path, specialUse, true, true);
    }
}
