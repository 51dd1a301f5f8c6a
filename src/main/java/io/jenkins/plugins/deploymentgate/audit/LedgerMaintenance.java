package io.jenkins.plugins.deploymentgate.audit;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import io.jenkins.plugins.deploymentgate.config.DeploymentAuditConfiguration;
import io.jenkins.plugins.deploymentgate.core.ledger.Ledger;
import io.jenkins.plugins.deploymentgate.records.ControllerLock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Logger;
import net.jcip.annotations.GuardedBy;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Verifies the current month and the one before soon after each start and once a day, and removes months that are older than
 * the retention. Nothing is removed in the first hour after a start or a jump of the clock.
 */
@Extension
@Restricted(NoExternalUse.class)
public class LedgerMaintenance extends AsyncPeriodicWork {

    private static final Logger LOGGER = Logger.getLogger(LedgerMaintenance.class.getName());

    private final SteadyClock clock = new SteadyClock(InstantSource.system(), System::nanoTime);

    /** How many hours ago the ledger was verified. */
    private int hours;

    /** Called by Jenkins. */
    public LedgerMaintenance() {
        super("Deployment audit");
    }

    static LedgerMaintenance get() {
        return ExtensionList.lookupSingleton(LedgerMaintenance.class);
    }

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.HOURS.toMillis(1);
    }

    @Override
    public long getInitialDelay() {
        return TimeUnit.MINUTES.toMillis(5);
    }

    @Override
    protected void execute(TaskListener listener) throws IOException {
        ControllerLock.get().checkOwned();
        YearMonth now = Ledger.monthOf(Instant.now());
        if (hours++ % 24 == 0) {
            LedgerService.get().verifyInBackground(Optional.of(now.minusMonths(1)));
        }
        if (clock.isSteady()) {
            purge(now);
        }
    }

    void purge(YearMonth now) throws IOException {
        int kept = DeploymentAuditConfiguration.get().getRetentionMonths();
        if (kept > 0) {
            List<String> removed = AuditLedger.get().ledger().purge(now.minusMonths(kept));
            if (!removed.isEmpty()) {
                LOGGER.info(() -> "Removed from the audit ledger, whose retention is " + kept + " months: " + removed);
            }
        }
    }

    /**
     * Tells whether the clock can be trusted with the removal of old data: it has to agree with {@link System#nanoTime} for an
     * hour, beginning at the start of Jenkins and again after each jump.
     */
    static final class SteadyClock {

        private static final Duration PROBATION = Duration.ofHours(1);
        private static final Duration TOLERANCE = Duration.ofMinutes(5);

        private final InstantSource clock;
        private final LongSupplier nanoTime;

        @GuardedBy("this")
        private Instant since;

        @GuardedBy("this")
        private long nanosSince;

        SteadyClock(InstantSource clock, LongSupplier nanoTime) {
            this.clock = clock;
            this.nanoTime = nanoTime;
            this.since = clock.instant();
            this.nanosSince = nanoTime.getAsLong();
        }

        /** @return whether the clock has not jumped for an hour, as far as the calls of this method have observed */
        synchronized boolean isSteady() {
            Instant now = clock.instant();
            long nanos = nanoTime.getAsLong();
            Duration elapsed = Duration.ofNanos(nanos - nanosSince);
            if (Duration.between(since, now).minus(elapsed).abs().compareTo(TOLERANCE) > 0) {
                since = now;
                nanosSince = nanos;
                return false;
            }
            return elapsed.compareTo(PROBATION) >= 0;
        }
    }
}
