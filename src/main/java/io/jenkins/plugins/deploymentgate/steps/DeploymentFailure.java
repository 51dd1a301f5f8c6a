package io.jenkins.plugins.deploymentgate.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.TaskListener;
import io.jenkins.plugins.deploymentgate.approval.Wording;
import io.jenkins.plugins.deploymentgate.core.deployment.Approval;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Ending;
import io.jenkins.plugins.deploymentgate.core.deployment.PolicyOverride;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.gate.People;
import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;
import jenkins.model.CauseOfInterruption;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;

/**
 * Why the deployment of a step failed or was canceled, for machines too: exported with the build. It is stored in the build's
 * own file, so its fields are plain and never renamed.
 */
@Restricted(NoExternalUse.class)
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

    /**
     * @param deployment a deployment that ended, failed or canceled, for a reason of its own
     * @return that reason
     */
    static DeploymentFailure of(Deployment deployment) {
        Optional<PolicyOverride> override = deployment.history().override(VoteDecision.REJECTED);
        Optional<Approval> rejection = deployment.tally().rejection();
        Optional<String> canceledBy = deployment.ending().map(Ending::user).filter(user -> !user.isEmpty());
        return new DeploymentFailure(
                Objects.requireNonNull(deployment.endReason()),
                deployment.environment(),
                deployment.id(),
                override.map(PolicyOverride::user)
                        .or(() -> rejection.map(vote -> vote.voter().id()))
                        .or(() -> canceledBy)
                        .map(People::id)
                        .orElse(null),
                override.map(PolicyOverride::reason)
                        .or(() -> rejection.map(Approval::comment))
                        .orElse(null),
                Wording.explain(deployment));
    }

    /** @return the word for machines, such as {@code deployment_rejected} */
    @Exported
    public String getFailureReason() {
        return failureReason;
    }

    /** @return the name of the environment, as the pipeline gave it */
    @Exported
    public String getEnvironment() {
        return environment;
    }

    /** @return the id of the deployment; 0 if none was recorded */
    @Exported
    public long getDeploymentId() {
        return deploymentId;
    }

    /** @return who rejected it, as an approver or by an override, or who canceled it; null if nobody did */
    @Exported
    @CheckForNull
    public String getUser() {
        return user;
    }

    /** @return the comment of the rejection, or the reason of the override; null if nobody rejected it */
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
