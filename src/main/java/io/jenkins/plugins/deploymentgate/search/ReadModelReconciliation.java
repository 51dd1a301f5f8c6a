package io.jenkins.plugins.deploymentgate.search;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.model.AsyncPeriodicWork;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentOrder;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.core.index.ReadModel;
import io.jenkins.plugins.deploymentgate.core.index.ReadModel.FailedException;
import io.jenkins.plugins.deploymentgate.gate.DeploymentLifecycle;
import io.jenkins.plugins.deploymentgate.records.BackgroundWork;
import io.jenkins.plugins.deploymentgate.records.JobRecords;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import jenkins.util.AtmostOneTaskExecutor;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Compares the read model with the records in the directories of the builds, and corrects it: whenever it may lack something,
 * and once a day, since no listener hears of what happens while this plugin is disabled, or behind Jenkins' back. Meanwhile
 * the model is in use and hears of changes as always.
 *
 * <p>Runs in the background, once at a time. It lists the directories of all builds, reads the records that the model does
 * not know to be final, and loads a build only if its deployment has not ended. What is interrupted by a stop of Jenkins
 * begins anew at the next start.
 */
@Extension
@Restricted(NoExternalUse.class)
public class ReadModelReconciliation extends AsyncPeriodicWork {

    private static final Logger LOGGER = Logger.getLogger(ReadModelReconciliation.class.getName());

    private static final int PAGE = 500;

    private final AtmostOneTaskExecutor<Void> task = BackgroundWork.get().atMostOne(() -> {
        ReadModel model = ReadModelAccess.get().current();
        if (model != null && !model.isComplete()) {
            reconcile();
        }
        return null;
    });

    private volatile boolean jobsLoaded;

    /** Called by Jenkins. */
    public ReadModelReconciliation() {
        super("Comparison of the read model of deployments with the records of the builds");
    }

    static ReadModelReconciliation get() {
        return ExtensionList.lookupSingleton(ReadModelReconciliation.class);
    }

    /** Called while Jenkins starts, when {@link #jobsLoaded} follows, and when this plugin is installed without a restart. */
    @Initializer(after = InitMilestone.JOB_CONFIG_ADAPTED)
    public static void installed() {
        if (Jenkins.get().getInitLevel() == InitMilestone.COMPLETED) {
            get().jobsLoaded();
        }
    }

    /** Called when Jenkins has loaded its jobs: opens the model, and begins if something may be missing in it. */
    void jobsLoaded() {
        jobsLoaded = true;
        task.submit();
    }

    /** Begins soon, if something may be missing and the jobs are loaded. */
    void start() {
        if (jobsLoaded) {
            task.submit();
        }
    }

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.DAYS.toMillis(1);
    }

    @Override
    public long getInitialDelay() {
        return getRecurrencePeriod();
    }

    @Override
    protected void execute(TaskListener listener) {
        reconcile();
    }

    /** Compares everything on this thread, after the changes that are known have been applied. */
    final synchronized void reconcile() {
        ReadModel model = ReadModelAccess.get().ask(open -> open, null);
        if (model == null) {
            return;
        }
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            boolean wasComplete = model.isComplete();
            Jenkins.get().allItems(Job.class).forEach(job -> add(model, job));
            removeOthers(model);
            model.setComplete(true);
            if (!wasComplete) {
                LOGGER.info("The lists of deployments are complete");
            }
        } catch (FailedException e) {
            ReadModelAccess.get().replace(model, e);
        }
    }

    private static void add(ReadModel model, Job<?, ?> job) {
        JobRecords records = new JobRecords(job);
        for (int build : records.builds()) {
            for (long id : records.ids(build)) {
                Optional<DeploymentSummary> seen = model.find(id);
                if (seen.filter(known -> isSettled(known, job, build)).isEmpty()) {
                    Optional<Deployment> found =
                            records.read(build, id).flatMap(stored -> upToDate(stored, job, build));
                    correct(model, seen, found, job, build);
                }
            }
        }
    }

    /** What is final on disk stays as it is, and the read model hears of it only when it is on disk. */
    private static boolean isSettled(DeploymentSummary known, Job<?, ?> job, int build) {
        return known.status().isFinal() && known.build() == build && known.job().equals(job.getFullName());
    }

    /** Ends what a crash has left open. */
    private static Optional<Deployment> upToDate(Deployment stored, Job<?, ?> job, int number) {
        if (stored.status().isFinal()) {
            return Optional.of(stored);
        }
        Run<?, ?> build = job.getBuildByNumber(number);
        if (build == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(DeploymentLifecycle.get().read(build, stored.id()));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot tell what became of deployment " + stored.id() + " of " + build);
            return Optional.of(stored);
        }
    }

    /** The job may be renamed in between, and the event of that be applied before this. */
    private static void correct(
            ReadModel model, Optional<DeploymentSummary> seen, Optional<Deployment> found, Job<?, ?> job, int build) {
        String name = job.getFullName();
        Optional<DeploymentSummary> summary = found.map(one -> DeploymentSummary.of(one, name, build));
        boolean corrected = model.write(table -> table.correct(seen, summary, null));
        if (corrected && found.isPresent() && !name.equals(job.getFullName())) {
            DeploymentSummary renamed = DeploymentSummary.of(found.get(), job.getFullName(), build);
            model.write(table -> table.put(renamed, null));
        }
    }

    private static void removeOthers(ReadModel model) {
        DeploymentFilter everywhere = DeploymentFilter.in(DeploymentScope.EVERYWHERE);
        long last = 0;
        List<DeploymentSummary> page;
        do {
            DeploymentFilter rest = everywhere.between(DeploymentOrder.ID, last + 1, DeploymentFilter.Range.LATEST);
            page = model.page(new DeploymentQuery(rest, DeploymentOrder.ID, false, 0, PAGE), job -> true)
                    .entries();
            for (DeploymentSummary known : page) {
                last = known.id();
                if (!isOnDisk(known)) {
                    model.write(table -> table.correct(Optional.of(known), Optional.empty(), null));
                }
            }
        } while (!page.isEmpty());
    }

    private static boolean isOnDisk(DeploymentSummary known) {
        Job<?, ?> job = Jenkins.get().getItemByFullName(known.job(), Job.class);
        return job != null && new JobRecords(job).ids(known.build()).contains(known.id());
    }
}
