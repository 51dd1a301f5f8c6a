package io.jenkins.plugins.deploymentgate.core.policy;

/**
 * How a pipeline describes its deployment to the approvers.
 *
 * @param message plain text; empty if none
 * @param version what is deployed, such as a version or the name of an artifact; empty if not given
 * @param url a web page where approvers can look at it, an absolute address; empty if none
 */
public record DeploymentDescription(String message, String version, String url) {

    /** Empty in all parts. */
    public static final DeploymentDescription NONE = new DeploymentDescription("", "", "");
}
