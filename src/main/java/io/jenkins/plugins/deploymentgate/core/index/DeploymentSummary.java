package io.jenkins.plugins.deploymentgate.core.index;

import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * What a list says of a deployment, and where that deployment is. It is made from a {@link Deployment}; the deployment
 * itself is the truth.
 *
 * @param id unique in this controller
 * @param iid counts 1, 2, 3 within the job
 * @param job the full name of the job
 * @param build the number of the build in that job
 * @param environment the name of the environment
 * @param version what the pipeline calls the version that it deploys; empty if it says none
 * @param place the names of the stages, parallel branches and matrix cells around its step; empty if it is in none
 * @param status where it is in its life
 * @param failureReason why it failed; null unless {@code status} is failed and the build itself is not the reason
 * @param requesters canonical ids of the people who caused the build, the nearest cause first
 * @param voters canonical ids of the people whose votes stand, in the order taken
 * @param outstanding how many approvals it still needs, by the policy that it was last judged by; 0 unless it is blocked
 * @param createdAt when the gate was reached
 * @param updatedAt when it last changed
 * @param finishedAt when the status became final; empty until then
 */
public record DeploymentSummary(
        long id,
        int iid,
        String job,
        int build,
        String environment,
        String version,
        String place,
        Status status,
        EndReason failureReason,
        List<String> requesters,
        List<String> voters,
        int outstanding,
        Instant createdAt,
        Instant updatedAt,
        Optional<Instant> finishedAt) {

    /** Copies the lists, and cuts the instants to the milliseconds that people are shown. */
    public DeploymentSummary {
        requesters = List.copyOf(requesters);
        voters = List.copyOf(voters);
        createdAt = createdAt.truncatedTo(ChronoUnit.MILLIS);
        updatedAt = updatedAt.truncatedTo(ChronoUnit.MILLIS);
        finishedAt = finishedAt.map(instant -> instant.truncatedTo(ChronoUnit.MILLIS));
    }

    /**
     * @param deployment a deployment
     * @param job the full name of its job
     * @param build the number of its build
     * @return its summary
     */
    public static DeploymentSummary of(Deployment deployment, String job, int build) {
        return new DeploymentSummary(
                deployment.id(),
                deployment.iid(),
                job,
                build,
                deployment.environment(),
                deployment.request().description().version(),
                deployment.request().place().path(),
                deployment.status(),
                deployment.endReason(),
                deployment.requesters(),
                deployment.approvals().stream()
                        .map(approval -> approval.voter().id())
                        .toList(),
                deployment.outstanding(deployment.policy()),
                deployment.createdAt(),
                deployment.times().updatedAt(),
                deployment.times().finishedAt());
    }
}
