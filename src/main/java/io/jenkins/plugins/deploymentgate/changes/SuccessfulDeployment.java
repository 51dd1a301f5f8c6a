package io.jenkins.plugins.deploymentgate.changes;

import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import java.io.File;
import java.io.IOException;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Whether a build was deployed to an environment. Reads only the records in the directory of the build.
 *
 * @param environment the name of the environment
 */
record SuccessfulDeployment(String environment) implements Predicate<Run<?, ?>> {

    private static final Logger LOGGER = Logger.getLogger(SuccessfulDeployment.class.getName());

    @Override
    public boolean test(Run<?, ?> build) {
        File directory = build.getRootDir();
        try {
            for (long id : DeploymentRecords.get().ids(directory)) {
                if (DeploymentRecords.get()
                        .read(directory, id)
                        .filter(this::isSuccess)
                        .isPresent()) {
                    return true;
                }
            }
        } catch (IOException e) {
            // Its changes and those before it are included then: too many authors are better than too few.
            LOGGER.log(Level.WARNING, e, () -> "Cannot tell whether " + build + " was deployed to " + environment);
        }
        return false;
    }

    private boolean isSuccess(Deployment deployment) {
        return deployment.status() == Status.SUCCESS && deployment.environment().equals(environment);
    }
}
