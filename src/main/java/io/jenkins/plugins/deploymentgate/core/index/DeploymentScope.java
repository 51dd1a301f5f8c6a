package io.jenkins.plugins.deploymentgate.core.index;

/**
 * Where deployments are looked for.
 *
 * @param name the full name of a job or a folder; empty for the whole controller
 * @param below whether the jobs anywhere below that folder are meant, and not a job
 */
public record DeploymentScope(String name, boolean below) {

    /** All jobs. */
    public static final DeploymentScope EVERYWHERE = new DeploymentScope("", true);

    /**
     * @param fullName the full name of a job
     * @return that job alone
     */
    public static DeploymentScope job(String fullName) {
        return new DeploymentScope(fullName, false);
    }

    /**
     * @param fullName the full name of a folder or a multibranch project; empty for the whole controller
     * @return all jobs below it, however deep
     */
    public static DeploymentScope below(String fullName) {
        return new DeploymentScope(fullName, true);
    }

    /**
     * @param job the full name of a job
     * @return whether it is meant
     */
    public boolean contains(String job) {
        return below ? name.isEmpty() || job.startsWith(name + "/") : job.equals(name);
    }
}
