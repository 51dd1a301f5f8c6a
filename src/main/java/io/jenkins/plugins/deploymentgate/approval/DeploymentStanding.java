package io.jenkins.plugins.deploymentgate.approval;

import hudson.model.Job;
import io.jenkins.plugins.deploymentgate.core.deployment.Decision;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.deployment.Tally;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * How a deployment stands now: by the policy of now while it is blocked, else by the one that decided it.
 *
 * @param tally the count of its approvals
 * @param outstanding how many approvals it still needs; 0 unless it is blocked
 * @param decision what follows from the policy, the count, other deployments and the time
 * @param related other deployments that have to do with it
 */
@Restricted(NoExternalUse.class)
public record DeploymentStanding(Tally tally, int outstanding, Decision decision, Related related) {

    /**
     * Other deployments, as far as whoever is logged in may know of them.
     *
     * @param behind the one that it waits for
     * @param canceledBy the one because of which it was canceled
     * @param rollbackFrom the one of a newer build of the job that it would take back or has taken back, on purpose
     */
    public record Related(
            Optional<DeploymentLink> behind,
            Optional<DeploymentLink> canceledBy,
            Optional<DeploymentLink> rollbackFrom) {

        static Related of(Job<?, ?> job, Deployment deployment, Decision decision) {
            return new Related(
                    deployment.status() == Status.BLOCKED && decision instanceof Decision.Queued queued
                            ? queued.behind().flatMap(DeploymentLink::ofAnyJob)
                            : Optional.empty(),
                    deployment
                            .ending()
                            .flatMap(ending -> ending.by()
                                    .flatMap(by -> ending.reason() == EndReason.DEPLOYMENT_DEADLOCK
                                            ? DeploymentLink.ofAnyJob(by)
                                            : Optional.of(DeploymentLink.of(job, by)))),
                    deployment
                            .request()
                            .newer()
                            .filter(newer -> deployment.request().allowOlder())
                            .map(newer -> DeploymentLink.of(job, newer)));
        }
    }
}
