package io.jenkins.plugins.deploymentgate.search;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.init.InitMilestone;
import hudson.model.Job;
import hudson.model.PeriodicWork;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentOrder;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery.Position;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentRecord;
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
 * <p>Runs in the background, once at a time. It lists the directories of all builds, and loads a build and reads its records
 * unless the model knows how the build and its deployments ended. What is interrupted by a stop of Jenkins begins anew at the
 * next start. The read model of a database that is away is opened by the same work, every ten seconds.
 */
@Extension
@Restricted(NoExternalUse.class)
public class ReadModelReconciliation extends PeriodicWork {

    private static final Logger LOGGER = Logger.getLogger(ReadModelReconciliation.class.getName());

    private static final int PAGE = 500;

    private volatile long comparedAt = System.nanoTime();

    private final AtmostOneTaskExecutor<Void> task = BackgroundWork.get().atMostOne(() -> {
        boolean complete = ReadModelAccess.get().ask(ReadModel::isComplete, true);
        boolean old = System.nanoTime() - comparedAt > TimeUnit.DAYS.toNanos(1);
        if ((!complete || old) && Jenkins.get().getInitLevel() == InitMilestone.COMPLETED) {
            reconcile();
        }
        return null;
    });

    static ReadModelReconciliation get() {
        return ExtensionList.lookupSingleton(ReadModelReconciliation.class);
    }

    /** Opens the model in the background, and begins if something may be missing in it and the jobs are loaded. */
    void start() {
        task.submit();
    }

    @Override
    public long getRecurrencePeriod() {
        return ReadModelAccess.RETRY_MILLIS;
    }

    @Override
    protected void doRun() {
        start();
    }

    /** Compares everything on this thread, after the changes that are known have been applied. */
    final synchronized void reconcile() {
        long missed = ReadModelAccess.get().missed();
        ReadModel model = ReadModelAccess.get().ask(open -> open, null);
        if (model == null) {
            return;
        }
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            Jenkins.get().allItems(Job.class).forEach(job -> add(model, job));
            removeOthers(model);
            if (!model.isComplete() && missed == ReadModelAccess.get().missed()) {
                model.setComplete(true);
                LOGGER.info("The lists of deployments are complete");
            }
            comparedAt = System.nanoTime();
        } catch (FailedException e) {
            ReadModelAccess.get().replace(model, e);
        }
    }

    private static void add(ReadModel model, Job<?, ?> job) {
        JobRecords records = new JobRecords(job);
        for (int build : records.builds()) {
            for (long id : records.ids(build)) {
                Optional<DeploymentSummary> seen = model.find(id);
                if (seen.filter(known -> isSettled(model, known, job, build)).isEmpty()) {
                    correct(model, seen, id, records, job, build);
                }
            }
        }
    }

    /** What is final on disk stays as it is, and the read model hears of it only when it is on disk. */
    private static boolean isSettled(ReadModel model, DeploymentSummary known, Job<?, ?> job, int build) {
        return known.status().isFinal()
                && known.build() == build
                && known.job().equals(job.getFullName())
                && model.records(List.of(known.id())).values().stream()
                        .anyMatch(record -> record.build().finishedAt().isPresent());
    }

    /** Takes over what is on disk, unless an event has changed the row in the meantime. */
    private static void correct(
            ReadModel model, Optional<DeploymentSummary> seen, long id, JobRecords records, Job<?, ?> job, int number) {
        Optional<Run<?, ?>> build = Optional.ofNullable(job.getBuildByNumber(number));
        Optional<DeploymentRecord.Build> summary = build.map(DeploymentDetails::summaryOf);
        Optional<Deployment> found = build.flatMap(loaded ->
                records.read(number, id).map(stored -> stored.status().isFinal() ? stored : end(stored, loaded)));
        model.write(table -> {
            if (table.find(id).equals(seen)) {
                table.remove(id);
                if (found.isPresent()) {
                    ReadModelUpdater.put(table, job, number, summary.orElseThrow(), found.get());
                }
            }
        });
    }

    /** Ends what a crash has left open. */
    private static Deployment end(Deployment stored, Run<?, ?> build) {
        try {
            return DeploymentLifecycle.get().read(build, stored.id());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot tell what became of deployment " + stored.id() + " of " + build);
            return stored;
        }
    }

    private static void removeOthers(ReadModel model) {
        DeploymentQuery all = new DeploymentQuery(
                DeploymentFilter.in(DeploymentScope.EVERYWHERE), DeploymentOrder.ID, false, 0, PAGE);
        List<DeploymentSummary> page = model.page(all, job -> true).entries();
        while (!page.isEmpty()) {
            for (DeploymentSummary known : page) {
                if (!isOnDisk(known)) {
                    model.write(table -> {
                        if (table.find(known.id()).equals(Optional.of(known))) {
                            table.remove(known.id());
                        }
                    });
                }
            }
            Position last = Position.of(page.get(page.size() - 1), all.order());
            page = model.page(all.after(last), job -> true).entries();
        }
    }

    private static boolean isOnDisk(DeploymentSummary known) {
        Job<?, ?> job = Jenkins.get().getItemByFullName(known.job(), Job.class);
        return job != null && new JobRecords(job).ids(known.build()).contains(known.id());
    }
}
