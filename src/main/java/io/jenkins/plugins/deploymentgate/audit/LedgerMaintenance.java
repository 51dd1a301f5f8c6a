package io.jenkins.plugins.deploymentgate.audit;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import io.jenkins.plugins.deploymentgate.config.DeploymentAuditConfiguration;
import io.jenkins.plugins.deploymentgate.core.deployment.SteadyTime;
import io.jenkins.plugins.deploymentgate.core.ledger.Ledger;
import io.jenkins.plugins.deploymentgate.records.ControllerLock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
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

    /** Used by one run after the other. */
    private volatile SteadyTime time = SteadyTime.untrusted(Instant.now(), uptime(), Duration.ofHours(1));

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
        time = time.next(Instant.now(), uptime());
        if (time.isTrusted()) {
            purge(now);
        }
    }

    private static Duration uptime() {
        return Duration.ofNanos(System.nanoTime());
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
}
