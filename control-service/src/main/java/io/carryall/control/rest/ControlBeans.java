package io.carryall.control.rest;

import io.carryall.control.Control;
import io.carryall.control.ControlSettings;
import io.carryall.control.SourceLogins;
import io.carryall.control.StackLife;
import io.carryall.control.Users;
import io.carryall.core.item.PairId;
import io.carryall.core.item.PassId;
import io.carryall.core.migration.MailboxPair;
import io.carryall.core.migration.MigrationSpec;
import io.carryall.core.port.Clock;
import io.carryall.core.port.Ledger;
import io.carryall.core.port.MailException;
import io.carryall.core.port.MailSystem;
import io.carryall.core.port.Passes.PassPair;
import io.carryall.core.port.Queue;
import io.carryall.core.port.SourceSession;
import io.carryall.runtime.Logins;
import io.carryall.runtime.PassContext;
import io.carryall.runtime.SecretUnavailableException;
import io.carryall.runtime.Side;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Puts control together. */
@ApplicationScoped
public class ControlBeans {
    private static final PairId NO_PAIR = new PairId("0");

    @Produces
    @Singleton
    @Startup
    Control control(Ledger ledger, Queue queue, Clock clock, MailSystem mail, Logins logins, MeterRegistry registry, ControlConfig config, StackLife life) {
        ControlSettings defaults = ControlSettings.DEFAULT;
        ControlSettings settings = new ControlSettings(defaults.leaseMillis(), config.pollMillis(), config.sweepMillis(), config.scansAtOnceMax(), config.looksAtOnceMax(), defaults.namesAtOnceMax(), config.failuresMax(),
                defaults.pairsShownMax(), life.isEmbedded());
        return new Control(ledger, queue, clock, sources(mail, logins), registry, settings);
    }

    /** Before the ledger and the queue are closed. */
    void stop(@Observes ShutdownEvent stopping, Control control, Users users) {
        control.close();
        users.close();
    }

    @Produces
    @Singleton
    @Startup
    Users users(Clock clock, StackLife life) {
        return new Users(clock, life);
    }

    @Produces
    @Singleton
    @DefaultBean
    StackLife installed() {
        return StackLife.INSTALLED;
    }

    private static SourceLogins sources(MailSystem mail, Logins logins) {
        return (spec, pair) -> open(mail, logins, spec, pair);
    }

    private static SourceSession open(MailSystem mail, Logins logins, MigrationSpec spec, MailboxPair pair) throws MailException {
        PassPair asPair = new PassPair(NO_PAIR, 1, true, pair.source(), pair.target(), pair.sourceUser(), pair.targetUser(), pair.sourceSecret(), pair.targetSecret());
        try {
            return mail.openSource(logins.login(new PassContext(new PassId(spec.migration(), 1), spec, true, false), asPair, Side.SOURCE));
        } catch (SecretUnavailableException e) {
            throw new MailException(MailException.Kind.LOGIN_REFUSED, e.getMessage());
        }
    }
}
