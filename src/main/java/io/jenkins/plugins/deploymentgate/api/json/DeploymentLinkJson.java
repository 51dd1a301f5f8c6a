package io.jenkins.plugins.deploymentgate.api.json;

import io.jenkins.plugins.deploymentgate.approval.DeploymentLink;
import java.util.Optional;

/**
 * Another deployment.
 *
 * @param project the full name of the job
 * @param build the number of the build
 */
record DeploymentLinkJson(long id, String project, int build, String webUrl) {

    /** @return null if there is none that the caller may know of */
    static DeploymentLinkJson of(Optional<DeploymentLink> link, String root) {
        return link.map(other -> new DeploymentLinkJson(other.id(), other.job(), other.build(), root + other.url()))
                .orElse(null);
    }
}
