package io.jenkins.plugins.deploymentgate.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.TaskListener;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import java.io.Serializable;
import java.util.Objects;
import jenkins.model.CauseOfInterruption;
import org.kohsuke.stapler.export.Exported;

/**
 * Why a gate failed a build, for machines too: exported with the build. It is stored in the build's own file, so its
 * fields are plain and never renamed.
 */
public final class DeploymentFailure extends CauseOfInterruption implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String failureReason;
    private final String environment;
    private final long deploymentId;

    @CheckForNull
    private final String user;

    @CheckForNull
    private final String comment;

    private final String description;

    DeploymentFailure(
            EndReason reason,
            String environment,
            long deploymentId,
            @CheckForNull String user,
            @CheckForNull String comment,
            String description) {
        this.failureReason = reason.word();
        this.environment = environment;
        this.deploymentId = deploymentId;
        this.user = user;
        this.comment = comment;
        this.description = description;
    }

    /** @return GitLab's word, such as {@code deployment_rejected} */
    @Exported
    public String getFailureReason() {
        return failureReason;
    }

    /** @return the name of the environment, as the pipeline gave it */
    @Exported
    public String getEnvironment() {
        return environment;
    }

    /** @return the id of the deployment; 0 if it never came to be one */
    @Exported
    public long getDeploymentId() {
        return deploymentId;
    }

    /** @return who rejected it, as an approver or against the policy; null if nobody did */
    @Exported
    @CheckForNull
    public String getUser() {
        return user;
    }

    /** @return what they said, or why they put the policy aside; null if nobody rejected it */
    @Exported
    @CheckForNull
    public String getComment() {
        return comment;
    }

    @Override
    public String getShortDescription() {
        return description;
    }

    @Override
    public void print(TaskListener listener) {
        listener.getLogger().println(description);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DeploymentFailure that
                && deploymentId == that.deploymentId
                && failureReason.equals(that.failureReason)
                && environment.equals(that.environment)
                && Objects.equals(user, that.user)
                && description.equals(that.description);
    }

    @Override
    public int hashCode() {
        return Objects.hash(failureReason, environment, deploymentId, user, description);
    }
}
