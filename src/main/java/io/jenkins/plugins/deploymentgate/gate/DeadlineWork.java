package io.jenkins.plugins.deploymentgate.gate;

import hudson.Extension;
import hudson.model.PeriodicWork;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Looks every few seconds whether a deadline has come or a freeze is over, and whether files that could not be read or
 * written can be again. One task for all deployments, which looks at
 * memory only; the instants themselves are on disk, so that nothing is late that fell into a time without Jenkins.
 */
@Extension
public class DeadlineWork extends PeriodicWork {

    private static final long SECONDS = 10;

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.SECONDS.toMillis(SECONDS);
    }

    @Override
    public long getInitialDelay() {
        return getRecurrencePeriod();
    }

    @Override
    protected void doRun() {
        Reevaluation.get().timePassed(Instant.now());
        DeploymentRecords.get().recheckTroubles();
    }
}
