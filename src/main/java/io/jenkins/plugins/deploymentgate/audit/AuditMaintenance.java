package io.jenkins.plugins.deploymentgate.audit;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import io.jenkins.plugins.deploymentgate.config.DeploymentAuditConfiguration;
import java.io.IOException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;

/**
 * Looks after the audit ledger once a day, and soon after each start: verifies this month and the one before, and removes
 * what is older than an administrator wants it kept.
 */
@Extension
public class AuditMaintenance extends AsyncPeriodicWork {

    private static final Logger LOGGER = Logger.getLogger(AuditMaintenance.class.getName());

    /** Called by Jenkins. */
    public AuditMaintenance() {
        super("Deployment audit");
    }

    public static AuditMaintenance get() {
        return ExtensionList.lookupSingleton(AuditMaintenance.class);
    }

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.DAYS.toMillis(1);
    }

    @Override
    public long getInitialDelay() {
        return TimeUnit.MINUTES.toMillis(5);
    }

    @Override
    protected void execute(TaskListener listener) throws IOException {
        run(AuditLog.monthOf(Instant.now()));
    }

    /**
     * @param now the current month
     * @throws IOException if old months should be removed and cannot be
     */
    public void run(YearMonth now) throws IOException {
        AuditVerification.get().verify(Optional.of(now.minusMonths(1)), entries -> {});
        int kept = DeploymentAuditConfiguration.get().getRetentionMonths();
        if (kept > 0) {
            List<String> removed = AuditLog.get().archive().purge(now.minusMonths(kept));
            if (!removed.isEmpty()) {
                LOGGER.info(() -> "Removed from the audit ledger, which is kept for " + kept + " months: " + removed);
            }
        }
    }
}
