package io.jenkins.plugins.deploymentgate.search;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.approval.DeploymentStanding;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentList;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentRecord;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.core.index.EnvironmentSummary;
import io.jenkins.plugins.deploymentgate.core.index.ReadModel;
import io.jenkins.plugins.deploymentgate.core.record.DeploymentStore;
import io.jenkins.plugins.deploymentgate.gate.Caller;
import io.jenkins.plugins.deploymentgate.gate.LiveDeployment;
import io.jenkins.plugins.deploymentgate.gate.LiveDeployments;
import io.jenkins.plugins.deploymentgate.records.ControllerLock;
import io.jenkins.plugins.deploymentgate.records.UnavailableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.lazy.LazyBuildMixIn.LazyLoadingJob;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Lists and counts deployments over jobs, for whoever is logged in on the calling thread: what belongs to jobs that they
 * may not read is neither listed nor counted. Asks the read model and live deployments; loads no build and reads no file,
 * except where it is said. Any thread may call.
 *
 * <p>What is found is as the read model knows it. While {@link #isComplete} is false, deployments may be missing, and those that
 * were open when Jenkins crashed may be shown as they were before.
 */
@Extension
@Restricted(NoExternalUse.class)
public class DeploymentSearch {

    private static final Logger LOGGER = Logger.getLogger(DeploymentSearch.class.getName());

    /** @return the one of this controller */
    public static DeploymentSearch get() {
        return ExtensionList.lookupSingleton(DeploymentSearch.class);
    }

    /** @return whether all deployments are known; false while the read model is rebuilt or corrected after a crash */
    public boolean isComplete() {
        return ReadModelAccess.get().ask(ReadModel::isComplete, false);
    }

    /**
     * For callers that have to tell an empty list from an unknown one. Called after the query, which may be what fails.
     *
     * @throws UnavailableException if no list can be answered now: the database cannot be reached, or another Jenkins uses
     *     the home directory
     */
    public void checkAvailable() throws UnavailableException {
        if (ReadModelAccess.get().current() == null) {
            ControllerLock.get().checkOwned();
            throw new UnavailableException(Messages.DeploymentSearch_Unavailable(), null);
        }
    }

    /** @return the part of a list that is wanted */
    public DeploymentList list(DeploymentQuery query) {
        return ReadModelAccess.get()
                .ask(model -> model.page(query, DeploymentSearch::isReadable), DeploymentList.UNKNOWN);
    }

    /** @return how many deployments the filter admits, exact up to {@link DeploymentList#MAX_TOTAL} */
    public long count(DeploymentFilter filter) {
        return ReadModelAccess.get().ask(model -> model.count(filter, DeploymentSearch::isReadable), 0L);
    }

    /**
     * @param byJob whether the deployments of each job are apart
     * @return the environments to which there are deployments, by name and then by job, each with the latest deployment and
     *     the latest that succeeded
     */
    public List<EnvironmentSummary> environments(DeploymentScope scope, boolean byJob) {
        return ReadModelAccess.get()
                .ask(model -> model.environments(scope, byJob, DeploymentSearch::isReadable), List.of());
    }

    /** @return the environment of exactly that name, as above; empty if there are no deployments to it */
    public Optional<EnvironmentSummary> environment(DeploymentScope scope, String name) {
        DeploymentFilter there = DeploymentFilter.in(scope).to(name);
        return first(there).map(latest -> new EnvironmentSummary(name, latest, first(there.with(Status.SUCCESS))));
    }

    private Optional<DeploymentSummary> first(DeploymentFilter filter) {
        return list(DeploymentQuery.latest(filter, 1)).entries().stream().findFirst();
    }

    /** @return the deployment of that id, also if it is open and the read model does not know it yet */
    public Optional<DeploymentSummary> find(long id) {
        return ReadModelAccess.get()
                .ask(model -> model.find(id), Optional.<DeploymentSummary>empty())
                .or(() -> LiveDeployments.get().find(id).flatMap(DeploymentSearch::summary))
                .filter(found -> isReadable(found.job()));
    }

    private static Optional<DeploymentSummary> summary(LiveDeployment live) {
        Run<?, ?> build = live.build();
        return live.known()
                .map(known -> DeploymentSummary.of(known, build.getParent().getFullName(), build.getNumber()));
    }

    /**
     * @param summaries what was found
     * @return the details of those that are still there, in the same order; of live deployments as they are now. A record
     *     that cannot be understood is logged and left out
     */
    public List<DeploymentDetails> details(List<DeploymentSummary> summaries) {
        List<Long> ids = summaries.stream().map(DeploymentSummary::id).toList();
        Map<Long, DeploymentRecord> records = ReadModelAccess.get().ask(model -> model.records(ids), Map.of());
        Map<String, Optional<Job<?, ?>>> jobs = new HashMap<>();
        List<DeploymentDetails> found = new ArrayList<>();
        for (DeploymentSummary summary : summaries) {
            Optional<Job<?, ?>> job = jobs.computeIfAbsent(summary.job(), Caller::readableJob);
            if (job.isPresent() && records.containsKey(summary.id())) {
                details(job.get(), summary, records.get(summary.id())).ifPresent(found::add);
            }
        }
        return found;
    }

    private static Optional<DeploymentDetails> details(
            Job<?, ?> job, DeploymentSummary summary, DeploymentRecord stored) {
        int number = summary.build();
        DeploymentRecord.Build build = stored.build().finishedAt().isPresent()
                ? stored.build()
                : loaded(job, number).map(DeploymentDetails::summaryOf).orElse(stored.build());
        try {
            Optional<Deployment> live = LiveDeployments.get().find(summary.id()).flatMap(LiveDeployment::known);
            Deployment deployment = live.isPresent() ? live.get() : DeploymentStore.fromJson(stored.json());
            DeploymentStanding standing = DeploymentViews.get().standing(job, number, deployment);
            return Optional.of(new DeploymentDetails(job, number, build, deployment, standing));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot show deployment " + summary.id() + " of " + job + " #" + number);
            return Optional.empty();
        }
    }

    /** @return the build, if it is in memory, as one that runs is */
    private static Optional<Run<?, ?>> loaded(Job<?, ?> job, int number) {
        return job instanceof LazyLoadingJob<?, ?> lazy
                ? Optional.ofNullable(
                        lazy.getLazyBuildMixIn()._getRuns().getLoadedBuilds().get(number))
                : Optional.empty();
    }

    /** @return the build of a deployment, which is loaded; empty if it is gone, or the caller may not read the job */
    public Optional<Run<?, ?>> build(DeploymentSummary summary) {
        return Caller.readableJob(summary.job()).map(job -> job.getBuildByNumber(summary.build()));
    }

    private static boolean isReadable(String job) {
        return Caller.readableJob(job).isPresent();
    }
}
