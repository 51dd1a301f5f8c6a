package io.jenkins.plugins.deploymentgate.core.policy;

/**
 * Names a deployment of another build.
 *
 * @param job the full name of its job, as it was called then
 * @param build the number of its build
 * @param id the id of the deployment
 */
public record DeploymentReference(String job, int build, long id) {

    /** @return the build, for people, such as {@code shop/web #7} */
    public String displayName() {
        return job + " #" + build;
    }
}
