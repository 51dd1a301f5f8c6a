package io.jenkins.plugins.deploymentgate.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.InvisibleAction;
import io.jenkins.plugins.deploymentgate.core.deployment.Approval;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.PolicyOverride;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.gate.People;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.actions.PersistentAction;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/**
 * Marks the flow node of a step with its deployment and, once it is decided, with who approved it: for graph views and the
 * remote API of the node. It is stored with the node, so its fields are plain and never renamed. The truth about the
 * deployment is its record; this is what the step knew when it was told.
 */
@ExportedBean(defaultVisibility = 2)
@Restricted(NoExternalUse.class)
public final class DeploymentAction extends InvisibleAction implements PersistentAction {

    private final long deploymentId;
    private final String environment;
    private final String status;
    private final List<String> approvers;

    DeploymentAction(Deployment deployment) {
        this.deploymentId = deployment.id();
        this.environment = deployment.environment();
        this.status = deployment.status().word();
        this.approvers = new ArrayList<>(Stream.concat(
                        deployment.approvals().stream()
                                .filter(vote -> vote.decision() == VoteDecision.APPROVED)
                                .map(Approval::voter)
                                .map(voter -> voter.id()),
                        deployment.history().override().stream()
                                .filter(override -> override.decision() == VoteDecision.APPROVED)
                                .map(PolicyOverride::user))
                .map(People::id)
                .toList());
    }

    /** @return the id of the deployment, unique in this controller */
    @Exported
    public long getDeploymentId() {
        return deploymentId;
    }

    /** @return the name of the environment, as the pipeline gave it */
    @Exported
    public String getEnvironment() {
        return environment;
    }

    /** @return the status when the step went on, such as {@code running} or {@code failed}; {@code blocked} until then */
    @Exported
    public String getStatus() {
        return status;
    }

    /** @return the ids of those who approved it, or released it by an override, in that order; empty until then */
    @Exported
    @NonNull
    public List<String> getApprovers() {
        return List.copyOf(approvers);
    }
}
