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

    /** @return the job of that full name alone */
    public static DeploymentScope job(String fullName) {
        return new DeploymentScope(fullName, false);
    }

    /** @return all jobs below the folder of that full name, however deep; an empty name stands for the whole controller */
    public static DeploymentScope below(String fullName) {
        return new DeploymentScope(fullName, true);
    }

    /** @return whether the job of that full name is meant */
    public boolean contains(String job) {
        return below ? name.isEmpty() || job.startsWith(name + "/") : job.equals(name);
    }
}
