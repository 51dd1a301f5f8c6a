package io.jenkins.plugins.deploymentgate.gate;

import hudson.Extension;
import hudson.model.PeriodicWork;
import io.jenkins.plugins.deploymentgate.core.deployment.SteadyTime;
import io.jenkins.plugins.deploymentgate.records.BackgroundWork;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Logger;
import jenkins.util.AtmostOneTaskExecutor;
import net.jcip.annotations.GuardedBy;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Checks every few seconds whether a deadline has come or a freeze is over, and whether files that could not be read or
 * written can be again. One task for all deployments, which looks at memory only while there is nothing to do; the instants
 * themselves are on disk, so that nothing is missed that fell into a time without Jenkins.
 */
@Extension
@Restricted(NoExternalUse.class)
public class DeadlineWork extends PeriodicWork {

    private static final Logger LOGGER = Logger.getLogger(DeadlineWork.class.getName());
    private static final long SECONDS = 10;

    @GuardedBy("this")
    private AtmostOneTaskExecutor<Void> check;

    private final InstantSource wall;
    private final Supplier<Duration> running;

    /** Used by one check after the other. */
    private volatile SteadyTime time;

    /** Reads the clocks of the system. */
    public DeadlineWork() {
        this(InstantSource.system(), () -> Duration.ofNanos(System.nanoTime()));
    }

    DeadlineWork(InstantSource wall, Supplier<Duration> running) {
        this.wall = wall;
        this.running = running;
        this.time = SteadyTime.first(wall.instant(), running.get());
    }

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.SECONDS.toMillis(SECONDS);
    }

    @Override
    public long getInitialDelay() {
        return getRecurrencePeriod();
    }

    /** Called on a thread that all of Jenkins shares. */
    @Override
    protected synchronized void doRun() {
        if (check == null) {
            check = BackgroundWork.get().atMostOne(() -> {
                check();
                return null;
            });
        }
        check.submit();
    }

    /** What happens every few seconds. */
    void check() {
        boolean trusted = time.isTrusted();
        SteadyTime now = time.next(wall.instant(), running.get());
        time = now;
        if (trusted && !now.isTrusted()) {
            LOGGER.warning(() -> "The system clock jumped by " + now.jump() + ". If it is not set back within "
                    + SteadyTime.HOLD + ", deadlines and freezes follow it.");
        }
        Reevaluation.get().timePassed(now.now());
        DeploymentRecords.get().recheckFailures();
    }
}
