package io.jenkins.plugins.deploymentgate.approval;

import hudson.model.Job;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentReference;
import io.jenkins.plugins.deploymentgate.gate.BuildDeployments;
import io.jenkins.plugins.deploymentgate.gate.Caller;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Another deployment, as far as whoever is logged in may know of it.
 *
 * @param id its id
 * @param job the full name of its job
 * @param build the number of its build
 * @param url its address below the server
 */
@Restricted(NoExternalUse.class)
public record DeploymentLink(long id, String job, int build, String url) {

    /** @return the build, for people */
    public String displayName() {
        return job + " #" + build;
    }

    /**
     * @param reference a deployment of any job
     * @return the link; empty if they may not read that job
     */
    static Optional<DeploymentLink> ofAnyJob(DeploymentReference reference) {
        return Caller.readableJob(reference.job()).map(job -> of(job, reference));
    }

    /**
     * @param job a job that they may read
     * @param reference one of its deployments, whatever the job was called then
     * @return the link
     */
    static DeploymentLink of(Job<?, ?> job, DeploymentReference reference) {
        return new DeploymentLink(
                reference.id(),
                job.getFullName(),
                reference.build(),
                job.getUrl() + reference.build() + "/" + BuildDeployments.URL_NAME + "/#deployment-" + reference.id());
    }
}
