package io.jenkins.plugins.deploymentgate.gate;

import hudson.Extension;
import hudson.model.PeriodicWork;
import io.jenkins.plugins.deploymentgate.core.deployment.SteadyTime;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;

/**
 * Looks every few seconds whether a deadline has come or a freeze is over, and whether files that could not be read or
 * written can be again. One task for all deployments, which looks at
 * memory only; the instants themselves are on disk, so that nothing is late that fell into a time without Jenkins.
 */
@Extension
public class DeadlineWork extends PeriodicWork {

    private static final Logger LOGGER = Logger.getLogger(DeadlineWork.class.getName());
    private static final long SECONDS = 10;

    private SteadyTime time = SteadyTime.first(Instant.now(), uptime());

    private static Duration uptime() {
        return Duration.ofNanos(System.nanoTime());
    }

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
        boolean trusted = time.isTrusted();
        time = time.next(Instant.now(), uptime());
        if (trusted && !time.isTrusted()) {
            LOGGER.warning(() -> "The system clock jumped by " + time.jump() + ". If it is not set back within "
                    + SteadyTime.HOLD + ", deadlines and freezes follow it.");
        }
        Reevaluation.get().timePassed(time.now());
        DeploymentRecords.get().recheckFailures();
    }
}
