package io.jenkins.plugins.deploymentgate.search;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.init.Initializer;
import hudson.model.Computer;
import hudson.model.Job;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentIndex;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentOrder;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.core.index.IndexFailedException;
import io.jenkins.plugins.deploymentgate.gate.DeploymentLifecycle;
import io.jenkins.plugins.deploymentgate.records.JobRecords;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Puts into the index what is in the directories of the builds, and takes out what is not. That is how an index is made
 * anew, and how one is put right that was not closed. Meanwhile the index is in use, and learns of changes as always.
 *
 * <p>Runs on a thread of its own, once at a time; it goes through the directories of all builds, and reads the records
 * that the index does not know to be final. A build is loaded only if its deployment is not at its end. When Jenkins stops,
 * so does this, and begins anew at the next start.
 */
@Extension
@Restricted(NoExternalUse.class)
public class IndexReconciliation {

    private static final Logger LOGGER = Logger.getLogger(IndexReconciliation.class.getName());

    private static final int PAGE = 500;

    /** After so many changes they are written to disk, because until then they are in memory only. */
    private static final int CHANGES = 1000;

    private final AtomicBoolean waiting = new AtomicBoolean();
    private volatile boolean jobsLoaded;
    private int uncommitted;

    static IndexReconciliation get() {
        return ExtensionList.lookupSingleton(IndexReconciliation.class);
    }

    /** Called while Jenkins starts, when others see to it, and when this plugin is installed into a Jenkins that runs. */
    @Initializer(after = InitMilestone.JOB_CONFIG_ADAPTED)
    public static void installed() {
        if (Jenkins.get().getInitLevel() == InitMilestone.COMPLETED) {
            get().jobsLoaded();
        }
    }

    /** Called when Jenkins has loaded its jobs: begins if something may be missing in the index. */
    void jobsLoaded() {
        jobsLoaded = true;
        DeploymentIndex index = IndexKeeper.get().current();
        if (index != null && !index.isComplete()) {
            start();
        }
    }

    /** Begins, unless it is about to begin anyway, or there are no jobs yet. */
    void start() {
        if (jobsLoaded && waiting.compareAndSet(false, true)) {
            Computer.threadPoolForRemoting.execute(this::run);
        }
    }

    /** Does it all on this thread. */
    synchronized void run() {
        waiting.set(false);
        DeploymentIndex index = IndexKeeper.get().current();
        if (index == null) {
            return;
        }
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            boolean wasComplete = index.isComplete();
            Jenkins.get().allItems(Job.class).forEach(job -> add(index, job));
            removeOthers(index);
            while (index.purge()) {
                LOGGER.finer("Some of what deleted jobs have left behind in the index is removed");
            }
            index.markComplete();
            index.commit();
            index.compact();
            if (!wasComplete) {
                LOGGER.info("The index of deployments is complete");
            }
        } catch (IndexFailedException e) {
            IndexKeeper.get().replace(index, e);
        }
    }

    private void add(DeploymentIndex index, Job<?, ?> job) {
        JobRecords records = new JobRecords(job);
        for (int build : records.builds()) {
            for (long id : records.ids(build)) {
                Optional<DeploymentSummary> seen = index.find(id);
                if (seen.filter(known -> isSettled(known, job, build)).isEmpty()) {
                    Optional<Deployment> found =
                            records.read(build, id).flatMap(stored -> upToDate(stored, job, build));
                    correct(index, seen, found, job, build);
                }
            }
        }
    }

    /** What is final on disk stays as it is, and the index hears of it only when it is on disk. */
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

    /** Once more if the job gets another name in between, which the listener may have heard of before this. */
    private void correct(
            DeploymentIndex index,
            Optional<DeploymentSummary> seen,
            Optional<Deployment> found,
            Job<?, ?> job,
            int build) {
        String name = job.getFullName();
        boolean changed = index.correct(seen, found.map(one -> DeploymentSummary.of(one, name, build)));
        if (changed && found.isPresent() && !name.equals(job.getFullName())) {
            index.put(DeploymentSummary.of(found.get(), job.getFullName(), build));
        }
        commitIf(changed, index);
    }

    private void removeOthers(DeploymentIndex index) {
        DeploymentFilter everywhere = DeploymentFilter.in(DeploymentScope.EVERYWHERE);
        long last = 0;
        List<DeploymentSummary> page;
        do {
            DeploymentFilter rest = everywhere.between(DeploymentOrder.ID, last + 1, DeploymentFilter.Range.LATEST);
            page = index.page(new DeploymentQuery(rest, DeploymentOrder.ID, false, 0, PAGE), job -> true)
                    .entries();
            for (DeploymentSummary known : page) {
                last = known.id();
                if (!isOnDisk(known)) {
                    commitIf(index.correct(Optional.of(known), Optional.empty()), index);
                }
            }
        } while (!page.isEmpty());
    }

    private void commitIf(boolean changed, DeploymentIndex index) {
        if (changed) {
            uncommitted++;
        }
        if (uncommitted >= CHANGES) {
            uncommitted = 0;
            index.commit();
        }
    }

    private static boolean isOnDisk(DeploymentSummary known) {
        Job<?, ?> job = findJob(known.job());
        return job != null && new JobRecords(job).ids(known.build()).contains(known.id());
    }

    @CheckForNull
    private static Job<?, ?> findJob(String name) {
        return Jenkins.get().getItemByFullName(name, Job.class);
    }
}
