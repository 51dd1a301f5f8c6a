package io.jenkins.plugins.deploymentgate.search;

import hudson.Extension;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import java.util.concurrent.TimeUnit;

/**
 * Compares the index with the records of the builds once a day: no listener hears of what happens while this plugin is
 * switched off, or behind the back of Jenkins.
 */
@Extension
public class IndexWork extends AsyncPeriodicWork {

    private static final long DAYS = 1;

    /** Called by Jenkins. */
    public IndexWork() {
        super("Comparison of the index of deployments with the records of the builds");
    }

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.DAYS.toMillis(DAYS);
    }

    @Override
    public long getInitialDelay() {
        return getRecurrencePeriod();
    }

    @Override
    protected void execute(TaskListener listener) {
        IndexReconciliation.get().run();
    }
}
