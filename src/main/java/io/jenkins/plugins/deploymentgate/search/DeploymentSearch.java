package io.jenkins.plugins.deploymentgate.search;

import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentList;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.core.index.EnvironmentSummary;
import io.jenkins.plugins.deploymentgate.core.index.ReadModel;
import io.jenkins.plugins.deploymentgate.gate.LiveDeployments;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.access.AccessDeniedException;

/**
 * Lists and counts deployments over jobs, for whoever is logged in on the calling thread: what belongs to jobs that they
 * may not read is neither listed nor counted. Asks the index; loads no build and reads no file, except where it is said.
 * Any thread may call.
 *
 * <p>What is found is as the index knows it. While {@link #isComplete} is false, deployments may be missing, and those that
 * were open when Jenkins crashed may be shown as they were before.
 */
@Extension
@Restricted(NoExternalUse.class)
public class DeploymentSearch {

    /** @return the one of this controller */
    public static DeploymentSearch get() {
        return ExtensionList.lookupSingleton(DeploymentSearch.class);
    }

    /** @return whether all deployments are known; false while the index is made anew or put right after a crash */
    public boolean isComplete() {
        return ReadModelAccess.get().ask(ReadModel::isComplete, false);
    }

    /**
     * @param query what is wanted, in which order, and which part of that
     * @return that part
     */
    public DeploymentList list(DeploymentQuery query) {
        return ReadModelAccess.get()
                .ask(model -> model.page(query, DeploymentSearch::isReadable), DeploymentList.UNKNOWN);
    }

    /**
     * @param filter what is wanted
     * @return how many there are
     */
    public long count(DeploymentFilter filter) {
        return ReadModelAccess.get().ask(model -> model.count(filter, DeploymentSearch::isReadable), 0L);
    }

    /**
     * Counts the blocked deployments on which a person has no vote that stands: those that may be waiting for them. Whether
     * they may vote is not looked at, because that needs the policy of each environment. Takes as long as there are jobs
     * with blocked deployments.
     *
     * @param person the canonical id of whoever is logged in
     * @return how many there are
     */
    public long countBlockedWithoutVoteOf(String person) {
        DeploymentFilter blocked =
                DeploymentFilter.in(DeploymentScope.EVERYWHERE).with(Status.BLOCKED);
        return count(blocked) - count(blocked.votedOnBy(person));
    }

    /**
     * @param scope a job, or all jobs below a folder or a multibranch project
     * @return the environments to which there are deployments, by name, each with the latest deployment and the latest
     *     that succeeded
     */
    public List<EnvironmentSummary> environments(DeploymentScope scope) {
        return ReadModelAccess.get().ask(model -> model.environments(scope, DeploymentSearch::isReadable), List.of());
    }

    /**
     * @param scope a job, or all jobs below a folder or a multibranch project
     * @param name the exact name of an environment
     * @return it, with the latest deployment and the latest that succeeded; empty if there are no deployments to it
     */
    public Optional<EnvironmentSummary> environment(DeploymentScope scope, String name) {
        DeploymentFilter there = DeploymentFilter.in(scope).to(name);
        return first(there).map(latest -> new EnvironmentSummary(name, latest, first(there.with(Status.SUCCESS))));
    }

    /**
     * @param scope a job, or all jobs below a folder or a multibranch project
     * @return for each environment and each job with deployments to it, by name and then by job, the latest deployment and
     *     the latest that succeeded
     */
    public List<EnvironmentSummary> environmentsOfJobs(DeploymentScope scope) {
        return ReadModelAccess.get()
                .ask(model -> model.environmentsOfJobs(scope, DeploymentSearch::isReadable), List.of());
    }

    private Optional<DeploymentSummary> first(DeploymentFilter filter) {
        return list(DeploymentQuery.latest(filter, 1)).entries().stream().findFirst();
    }

    /**
     * @param id the id of a deployment
     * @return it, also if it is open and the index does not know it yet; empty if there is none, or its job cannot be read
     */
    public Optional<DeploymentSummary> find(long id) {
        return ReadModelAccess.get()
                .ask(model -> model.find(id), Optional.<DeploymentSummary>empty())
                .or(() -> LiveDeployments.get().find(id))
                .filter(found -> isReadable(found.job()));
    }

    /**
     * Loads the build of a deployment.
     *
     * @param summary what a list says of it
     * @return the build; empty if it is gone, or the caller may not read the job
     */
    public Optional<Run<?, ?>> build(DeploymentSummary summary) {
        return job(summary.job()).map(job -> job.getBuildByNumber(summary.build()));
    }

    /** @return whether whoever is logged in on this thread may read the job, and everything that it is in */
    static boolean isReadable(String job) {
        return job(job).isPresent();
    }

    private static Optional<Job<?, ?>> job(String name) {
        try {
            Job<?, ?> job = Jenkins.get().getItemByFullName(name, Job.class);
            return Optional.<Job<?, ?>>ofNullable(job).filter(found -> found.hasPermission(Item.READ));
        } catch (AccessDeniedException e) {
            // It may be discovered, which is not enough.
            return Optional.empty();
        }
    }
}
