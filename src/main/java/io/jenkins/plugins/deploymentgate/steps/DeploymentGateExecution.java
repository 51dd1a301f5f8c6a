package io.jenkins.plugins.deploymentgate.steps;

import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.deploymentgate.approval.Wording;
import io.jenkins.plugins.deploymentgate.core.deployment.Approval;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.PolicyOverride;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentDescription;
import io.jenkins.plugins.deploymentgate.gate.DeploymentClosedException;
import io.jenkins.plugins.deploymentgate.gate.DeploymentLifecycle;
import io.jenkins.plugins.deploymentgate.gate.LiveStep;
import io.jenkins.plugins.deploymentgate.gate.People;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.util.Timer;
import org.jenkinsci.plugins.workflow.flow.FlowDurabilityHint;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.jenkinsci.plugins.workflow.support.actions.PauseAction;

/**
 * A pipeline that waits at a gate. Of its state only the id of the deployment is saved with the pipeline: what was
 * decided is in the deployment's own file, and is asked for again whenever the pipeline is resumed.
 */
class DeploymentGateExecution extends StepExecution implements LiveStep {

    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(DeploymentGateExecution.class.getName());

    private final String environment;

    @SuppressFBWarnings(
            value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
            justification = "used before the first save only; from then on it is in the deployment's file")
    private final transient DeploymentDescription description;

    @SuppressFBWarnings(
            value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
            justification = "used before the first save only; from then on it is in the deployment's file")
    private final transient Optional<Duration> deadline;

    private long deploymentId;

    @SuppressFBWarnings(
            value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
            justification = "An answer that was not saved with the pipeline has to be given again.")
    private transient boolean answered;

    DeploymentGateExecution(
            StepContext context, String environment, DeploymentDescription description, Optional<Duration> deadline) {
        super(context);
        this.environment = environment;
        this.description = description;
        this.deadline = deadline;
    }

    @Override
    public boolean start() throws Exception {
        Run<?, ?> build = getContext().get(Run.class);
        Deployment deployment = open(build);
        deploymentId = deployment.id();
        warnIfNotDurable();
        if (deployment.status() == Status.RUNNING && deployment.tally().required() == 0) {
            print(Messages.DeploymentGateExecution_NotBlocked(environment));
            getContext().onSuccess(toMap(deployment));
            return true;
        } else if (deployment.endReason() == EndReason.DEPLOYMENT_FORBIDDEN) {
            throw failure(refusal(deployment));
        }
        getContext().get(FlowNode.class).addAction(new PauseAction(Messages.DeploymentGateExecution_Pause()));
        if (deployment.status() == Status.BLOCKED) {
            print(Messages.DeploymentGateExecution_Blocked(
                    environment,
                    deployment.tally().outstanding(),
                    DeploymentLifecycle.linkTo(build, Messages.DeploymentGateExecution_Review())));
        }
        DeploymentLifecycle.get().attach(build, deploymentId, this);
        getContext().saveState().addListener(() -> DeploymentLifecycle.get().anchor(build, deploymentId), Timer.get());
        return false;
    }

    private void warnIfNotDurable() throws IOException, InterruptedException {
        FlowDurabilityHint hint =
                getContext().get(FlowNode.class).getExecution().getDurabilityHint();
        if (hint == FlowDurabilityHint.PERFORMANCE_OPTIMIZED) {
            print(Messages.DeploymentGateExecution_NotDurable());
        } else if (!hint.isAtomicWrite()) {
            print(Messages.DeploymentGateExecution_NotAtomic());
        }
    }

    private Deployment open(Run<?, ?> build) throws IOException, FlowInterruptedException {
        try {
            return DeploymentLifecycle.get().open(build, environment, description, deadline);
        } catch (DeploymentClosedException e) {
            throw failure(new DeploymentFailure(e.getReason(), environment, 0, null, null, e.getMessage()));
        } catch (IllegalArgumentException e) {
            throw new AbortException(e.getMessage());
        }
    }

    @Override
    public void onResume() {
        try {
            if (!DeploymentLifecycle.get().resume(getContext().get(Run.class), deploymentId, this)) {
                print(Messages.DeploymentGateExecution_Unreadable(environment));
            }
        } catch (IOException e) {
            answer(context -> context.onFailure(new AbortException(e.getMessage())));
        } catch (InterruptedException e) {
            answer(context -> context.onFailure(e));
        }
    }

    @Override
    public void stop(@NonNull Throwable cause) throws Exception {
        DeploymentLifecycle.get().cancel(getContext().get(Run.class), deploymentId);
        answer(context -> context.onFailure(cause));
    }

    @Override
    public void settle(Deployment deployment) {
        answer(context -> {
            switch (deployment.status()) {
                case RUNNING, SUCCESS -> context.onSuccess(toMap(deployment));
                case FAILED -> context.onFailure(failure(refusal(deployment)));
                default -> context.onFailure(new FlowInterruptedException(Result.ABORTED, true));
            }
        });
    }

    /**
     * Gives the pipeline an outcome, unless it has one. Of two failures Jenkins attaches one to the other; where one
     * interruption ends several branches, that can become a circle, in which Jenkins is lost when it ends the build.
     */
    private void answer(Consumer<StepContext> outcome) {
        synchronized (this) {
            if (answered) {
                return;
            }
            answered = true;
        }
        endPause();
        outcome.accept(getContext());
    }

    @Override
    public boolean print(String line) {
        try {
            getContext().get(TaskListener.class).getLogger().println(line);
            return true;
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot write to the console of " + getContext());
            return false;
        }
    }

    @Override
    public String getStatus() {
        return "waiting for approval of deployment " + deploymentId;
    }

    private void endPause() {
        try {
            PauseAction.endCurrentPause(getContext().get(FlowNode.class));
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot end the pause of deployment " + deploymentId);
        }
    }

    /** A result of failure that no {@code retry} repeats and that the build's page explains. */
    private static FlowInterruptedException failure(DeploymentFailure cause) {
        return new FlowInterruptedException(Result.FAILURE, true, cause);
    }

    private static DeploymentFailure refusal(Deployment deployment) {
        Optional<PolicyOverride> override = deployment.history().override();
        Optional<Approval> rejection = deployment.tally().rejection();
        String user = override.map(PolicyOverride::user)
                .or(() -> rejection.map(vote -> vote.voter().id()))
                .map(People::id)
                .orElse(null);
        return new DeploymentFailure(
                deployment.endReason(),
                deployment.environment(),
                deployment.id(),
                user,
                override.map(PolicyOverride::reason)
                        .or(() -> rejection.map(Approval::comment))
                        .orElse(null),
                Wording.explain(deployment));
    }

    private static Serializable toMap(Deployment deployment) {
        ArrayList<Map<String, Object>> approvals = new ArrayList<>();
        for (Approval approval : deployment.approvals()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("user", People.id(approval.voter().id()));
            entry.put("comment", approval.comment());
            entry.put("time", approval.at().toString());
            approvals.add(entry);
        }
        LinkedHashMap<String, Object> map = new LinkedHashMap<>();
        map.put("id", deployment.id());
        map.put("environment", deployment.environment());
        map.put("status", deployment.status().word());
        map.put("approvals", approvals);
        deployment.history().override().ifPresent(override -> map.put("override", toMap(override)));
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
