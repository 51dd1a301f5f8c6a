package io.jenkins.plugins.deploymentgate.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import io.jenkins.plugins.deploymentgate.core.deployment.Approval;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.PolicyOverride;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.gate.People;
import io.jenkins.plugins.deploymentgate.gate.StepArguments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;

/** Waits, and then gives the script a map that says how the deployment was decided. */
class DeploymentGateExecution extends StepExecution implements ApprovalWait.Owner {

    private static final long serialVersionUID = 1L;

    private final ApprovalWait wait;
    private final boolean propagate;

    @SuppressFBWarnings(
            value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
            justification = "used before the first save only; from then on it is in the deployment's file")
    private final transient StepArguments arguments;

    DeploymentGateExecution(StepContext context, StepArguments arguments, boolean propagate) {
        super(context);
        this.wait = new ApprovalWait(context, this, arguments.environment());
        this.propagate = propagate;
        this.arguments = arguments;
    }

    @Override
    public boolean start() throws Exception {
        return wait.start(arguments);
    }

    @Override
    public void onResume() {
        wait.resume();
    }

    @Override
    public void stop(@NonNull Throwable cause) throws Exception {
        wait.stop(cause);
    }

    /** @return what waits for the decision */
    ApprovalWait approval() {
        return wait;
    }

    @Override
    public String getStatus() {
        return wait.status();
    }

    @Override
    public void released(Deployment deployment) {
        getContext().onSuccess(toMap(deployment));
    }

    @Override
    public void refused(Deployment deployment, FlowInterruptedException failure) {
        if (propagate) {
            getContext().onFailure(failure);
        } else {
            getContext().onSuccess(toMap(deployment));
        }
    }

    private static LinkedHashMap<String, Object> toMap(Deployment deployment) {
        List<Map<String, Object>> approvals = new ArrayList<>();
        for (Approval approval : deployment.approvals()) {
            if (approval.decision() == VoteDecision.APPROVED) {
                Map<String, Object> entry = new LinkedHashMap<>();
                entry.put("user", People.id(approval.voter().id()));
                entry.put("comment", approval.comment());
                entry.put("time", approval.at().toString());
                approvals.add(entry);
            }
        }
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("id", deployment.id());
        map.put("environment", deployment.environment());
        map.put("status", deployment.status().word());
        map.put("approvals", approvals);
        deployment.history().override().ifPresent(override -> map.put("override", toMap(override)));
        if (deployment.endReason() != null) {
            DeploymentFailure failure = DeploymentFailure.of(deployment);
            map.put("reason", failure.getFailureReason());
            map.put("user", failure.getUser());
            map.put("comment", failure.getComment());
        }
        return map;
    }

    private static LinkedHashMap<String, Object> toMap(PolicyOverride override) {
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("user", People.id(override.user()));
        map.put("reason", override.reason());
        map.put("time", override.at().toString());
        return map;
    }
}
