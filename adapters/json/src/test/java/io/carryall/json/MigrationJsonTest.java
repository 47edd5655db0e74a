package io.carryall.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carryall.core.migration.Filter;
import io.carryall.core.migration.FolderMap;
import io.carryall.core.migration.Limits;
import io.carryall.core.migration.MailServer;
import io.carryall.core.migration.MailServer.Login;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.migration.MigrationSpec.FlagsPolicy;
import io.carryall.core.port.ServerAddress;
import io.carryall.core.port.ServerAddress.Security;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class MigrationJsonTest {
    private final MigrationJson json = new MigrationJson();

    @Test
    void a_migration_is_read_as_it_was_written() {
        MigrationSpec spec = new MigrationSpec("acme",
                new MailServer("old", new ServerAddress("mail.old.example", 993, Security.TLS, "/etc/ca.pem"), false, Login.EACH_USER),
                new MailServer(null, new ServerAddress("127.0.0.1", 143, Security.NONE, null), true, new Login(Login.As.ADMIN, "master", "file:target", "*")),
                new Filter(Instant.parse("2024-01-01T00:00:00Z"), null, List.of("**"), List.of("Junk/**"), 100_000_000L),
                new FolderMap(Map.of("Sent Messages", "Sent", "\uD800", "x")), FlagsPolicy.FOLLOW, null, null, true,
                new Limits(new Limits.Side(4, 3, 0), null),
                List.of(new MailboxPair("ann@old.example", "ann@new.example", "ann", null, "env:ANN", null)));
        assertThat(json.read(json.write(spec))).isEqualTo(spec);
    }

    @Test
    void what_is_absent_takes_its_default_and_what_is_unknown_is_ignored() {
        String server = "{\"address\":{\"host\":\"h\",\"port\":1,\"security\":\"TLS\"},\"login\":{\"as\":\"USER\"},\"colour\":\"blue\"}";
        MigrationSpec spec = json.read("{\"migration\":\"m\",\"source\":" + server + ",\"target\":" + server + "}");
        assertThat(spec.filter()).isEqualTo(Filter.EVERYTHING);
        assertThat(spec.limits()).isEqualTo(Limits.DEFAULT);
        assertThat(spec.source().system()).isEqualTo("h");
    }

    @Test
    void what_is_no_migration_is_refused() {
        assertThatThrownBy(() -> json.read("{}")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> json.read("nonsense")).isInstanceOf(IllegalArgumentException.class);
    }
}
