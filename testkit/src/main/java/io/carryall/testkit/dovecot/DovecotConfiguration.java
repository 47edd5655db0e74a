package io.carryall.testkit.dovecot;

import java.util.ArrayList;
import java.util.List;

/** Writes dovecot.conf (Dovecot 2.3). */
final class DovecotConfiguration {
    private final DovecotFiles files;
    private final DovecotOptions options;
    private final List<String> lines = new ArrayList<>();

    DovecotConfiguration(DovecotFiles files, DovecotOptions options) {
        this.files = files;
        this.options = options;
    }

    String text(int port, int tlsPort) {
        lines.clear();
        instance();
        authentication();
        mail();
        plugins();
        namespace();
        services(port, tlsPort);
        lines.addAll(options.settings());
        return String.join("\n", lines) + "\n";
    }

    private void instance() {
        add("base_dir = " + files.run());
        add("state_dir = " + files.state());
        add("instance_name = carryall-" + Integer.toHexString(files.home().hashCode()));
        add("log_path = " + files.log());
        add("protocols = imap");
        add("listen = 127.0.0.1");
        add("default_process_limit = 1000");
        add("default_client_limit = 4000");
        add("first_valid_uid = 100");
        add("mail_max_userip_connections = " + options.connectionsPerUserMax());
        options.capability().ifPresent(capability -> add("imap_capability = " + capability));
        if (options.tls()) {
            add("ssl = yes");
            add("ssl_cert = <" + files.certificate());
            add("ssl_key = <" + files.key());
        } else {
            add("ssl = no");
        }
    }

    private void authentication() {
        add("disable_plaintext_auth = no");
        add("auth_mechanisms = plain login");
        add("auth_username_format = %Lu");
        add("auth_username_chars =");
        add("auth_master_user_separator = *");
        // A refused login is answered at once: the delay would only make tests slow.
        add("auth_failure_delay = 0 secs");
        add("passdb {", "  driver = passwd-file", "  args = username_format=%u " + files.refused(), "  deny = yes", "}");
        add("passdb {", "  driver = passwd-file", "  args = " + files.masters(), "  master = yes", "  result_success = continue", "}");
        add("passdb {", "  driver = static", "  args = password=" + Dovecot.PASSWORD, "}");
        String fields = "uid=" + Dovecot.MAIL_USER_ID + " gid=" + Dovecot.MAIL_USER_ID + " home=" + files.mail() + "/%Lu";
        add("userdb {", "  driver = passwd-file", "  args = " + files.quotas(), "  default_fields = " + fields, "}");
        add("userdb {", "  driver = static", "  args = " + fields + " allow_all_users=yes", "}");
    }

    private void mail() {
        add("mail_location = " + options.format().location());
        add("mail_fsync = " + (options.fsync() ? "optimized" : "never"));
        add("mailbox_list_index = yes");
    }

    private void plugins() {
        add("mail_plugins = quota", "protocol imap {", "  mail_plugins = quota imap_quota", "}");
        add("plugin {");
        // Without a rule there is no limit; the root has to exist all the same, so that a user can be given a quota while the server runs.
        add("  quota = count:User quota", "  quota_vsizes = yes");
        options.quotaBytes().ifPresent(bytes -> add("  quota_rule = *:bytes=" + bytes));
        // Dovecot would let one more message in than fits: exact limits make exact tests.
        add("  quota_grace = 0");
        options.maxMessageBytes().ifPresent(bytes -> add("  quota_max_mail_size = " + bytes));
        add("}");
    }

    private void namespace() {
        add("namespace inbox {", "  inbox = yes", "  separator = " + options.separator(), "  prefix = " + options.prefix());
        options.specialUse().forEach((folder, attribute) ->
                add("  mailbox \"" + folder + "\" {", "    special_use = " + attribute, "    auto = subscribe", "  }"));
        add("}");
    }

    private void services(int port, int tlsPort) {
        add("service imap-login {", "  service_count = 0", "  process_min_avail = 1", "  client_limit = 1000");
        add("  inet_listener imap {", "    port = " + port, "  }");
        add("  inet_listener imaps {", "    port = " + tlsPort, "    ssl = " + (options.tls() ? "yes" : "no"), "  }");
        add("}");
        add("service imap {", "  process_limit = 1000", "}");
        // Repeated failures from one address are penalised with growing delays; all our clients come from one address.
        add("service anvil {", "  unix_listener anvil-auth-penalty {", "    mode = 0", "  }", "}");
    }

    private void add(String... more) {
        lines.addAll(List.of(more));
    }
}
