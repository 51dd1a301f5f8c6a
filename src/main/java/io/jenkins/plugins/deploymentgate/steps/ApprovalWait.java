package io.jenkins.plugins.deploymentgate.steps;

import com.google.common.util.concurrent.ListenableFuture;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.AbortException;
import hudson.FilePath;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.gate.ConsoleText;
import io.jenkins.plugins.deploymentgate.gate.DeploymentClosedException;
import io.jenkins.plugins.deploymentgate.gate.DeploymentLifecycle;
import io.jenkins.plugins.deploymentgate.gate.LiveStep;
import io.jenkins.plugins.deploymentgate.gate.StepArguments;
import io.jenkins.plugins.deploymentgate.records.UnavailableException;
import java.io.IOException;
import java.io.Serializable;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.jcip.annotations.GuardedBy;
import org.jenkinsci.plugins.workflow.flow.FlowDurabilityHint;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.support.actions.PauseAction;

/**
 * Opens a deployment for a step and waits until it is decided: the part of a step execution that has nothing to do with what
 * happens afterwards. The execution keeps it in a field, so that it is saved with the pipeline, and forwards its life cycle.
 * Of the state only the id of the deployment is saved: what was decided is in the deployment's own file, and is asked for
 * again whenever the pipeline is resumed.
 */
final class ApprovalWait implements LiveStep, Serializable {

    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(ApprovalWait.class.getName());

    /** The step execution that waits. Exactly one of these is called, once, unless the step was interrupted. */
    interface Owner extends Serializable {

        /**
         * The build may go on. Called by any thread; must not block.
         *
         * @param deployment the deployment, running
         */
        void released(Deployment deployment);

        /**
         * The deployment was rejected, has expired, or is forbidden. Called by any thread; must not block.
         *
         * @param deployment the deployment, failed
         * @param failure how the step fails, if it is to
         */
        void refused(Deployment deployment, FlowInterruptedException failure);
    }

    private final StepContext context;
    private final Owner owner;
    private final String environment;
    private long deploymentId;

    @SuppressFBWarnings(
            value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
            justification = "An answer that was not saved with the pipeline has to be given again.")
    @GuardedBy("this")
    private transient boolean answered;

    /**
     * @param context the context of the step; completed by this only if the wait fails or is interrupted
     * @param owner the step execution
     * @param environment the name that the pipeline gives
     */
    ApprovalWait(StepContext context, Owner owner, String environment) {
        this.context = context;
        this.owner = owner;
        this.environment = environment;
    }

    /**
     * Opens the deployment. Called on the thread of the pipeline.
     *
     * @param arguments what the pipeline asks for
     * @return whether the deployment was forbidden, and the owner was told; if not, the wait has begun. Also what needs no
     *     approval goes on only when the pipeline was saved with the step in it, so that it is opened once and runs once
     * @throws FlowInterruptedException if the deployment may not even wait
     */
    boolean start(StepArguments arguments) throws Exception {
        Run<?, ?> build = context.get(Run.class);
        FlowNode node = context.get(FlowNode.class);
        checkNotNested(node);
        Deployment deployment = open(build, node, arguments);
        deploymentId = deployment.id();
        node.addAction(new DeploymentAction(deployment));
        warnIfNotDurable(node);
        if (deployment.anchored() && deployment.ending().isPresent()) {
            settle(deployment);
            return true;
        } else if (deployment.status() == Status.RUNNING && deployment.tally().required() == 0) {
            print(Messages.ApprovalWait_NotBlocked(ConsoleText.target(deployment)));
        } else if (deployment.status() == Status.BLOCKED) {
            node.addAction(new PauseAction(Messages.ApprovalWait_Pause()));
            warnIfExecutorIsHeld();
        }
        if (deployment.status() == Status.BLOCKED && deployment.outstanding(deployment.policy()) == 0) {
            ConsoleText.whyHeld(build, deployment).forEach(this::print);
        } else if (deployment.status() == Status.BLOCKED) {
            print(Messages.ApprovalWait_Blocked(
                    ConsoleText.target(deployment),
                    deployment.tally().outstanding(),
                    DeploymentLifecycle.linkTo(build, Messages.ApprovalWait_Review())));
        }
        DeploymentLifecycle.get().attach(build, deploymentId, this);
        return false;
    }

    /** The inner deployment would ask the same people again, and for an exclusive environment wait for the outer one. */
    private void checkNotNested(FlowNode node) throws AbortException {
        for (BlockStartNode block : node.iterateEnclosingBlocks()) {
            DeploymentAction outer = block.getPersistentAction(DeploymentAction.class);
            if (outer != null && outer.getEnvironment().equals(environment)) {
                throw new AbortException(Messages.ApprovalWait_Nested(ConsoleText.oneLine(environment)));
            }
        }
    }

    private Deployment open(Run<?, ?> build, FlowNode node, StepArguments arguments)
            throws IOException, FlowInterruptedException {
        try {
            return DeploymentLifecycle.get().open(build, arguments, EnclosingBlocks.of(node));
        } catch (DeploymentClosedException e) {
            throw failure(new DeploymentFailure(e.getReason(), environment, 0, null, null, e.getMessage()));
        } catch (IllegalArgumentException | UnavailableException e) {
            throw new AbortException(e.getMessage());
        }
    }

    private void warnIfNotDurable(FlowNode node) {
        FlowDurabilityHint hint = node.getExecution().getDurabilityHint();
        if (hint == FlowDurabilityHint.PERFORMANCE_OPTIMIZED) {
            print(Messages.ApprovalWait_NotDurable());
        } else if (!hint.isAtomicWrite()) {
            print(Messages.ApprovalWait_NotAtomic());
        }
    }

    private void warnIfExecutorIsHeld() throws IOException, InterruptedException {
        if (context.get(FilePath.class) != null) {
            print(Messages.ApprovalWait_ExecutorHeld());
        }
    }

    /** Waits again after a restart of Jenkins, or calls the owner at once. */
    void resume() {
        try {
            if (!DeploymentLifecycle.get().resume(context.get(Run.class), deploymentId, this)) {
                print(Messages.ApprovalWait_Unreadable(environment));
            }
        } catch (IOException e) {
            answer(() -> context.onFailure(new AbortException(e.getMessage())));
        } catch (InterruptedException e) {
            answer(() -> context.onFailure(e));
        }
    }

    /**
     * Cancels the deployment and fails the step.
     *
     * @param cause what interrupts the step
     */
    void stop(Throwable cause) throws IOException, InterruptedException {
        try {
            DeploymentLifecycle.get().cancel(context.get(Run.class), deploymentId, cause);
        } finally {
            answer(() -> context.onFailure(cause));
        }
    }

    @Override
    public void settle(Deployment deployment) {
        answer(() -> {
            mark(deployment);
            switch (deployment.status()) {
                case RUNNING, SUCCESS -> owner.released(deployment);
                case FAILED -> owner.refused(deployment, failure(DeploymentFailure.of(deployment)));
                default -> context.onFailure(canceled(deployment));
            }
        });
    }

    /**
     * Completes the step, unless it is complete. Of two failures Jenkins attaches one to the other; where one interruption
     * ends several branches, that can become a cycle in which Jenkins is lost when it ends the build.
     */
    private void answer(Runnable outcome) {
        synchronized (this) {
            if (answered) {
                return;
            }
            answered = true;
        }
        endPause();
        outcome.run();
    }

    @Override
    public boolean print(String line) {
        try {
            context.get(TaskListener.class).getLogger().println(line);
            return true;
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.FINE, e, () -> "Cannot write to the console of " + context);
            return false;
        }
    }

    @Override
    public ListenableFuture<Void> save() {
        return context.saveState();
    }

    /** @return the deployment; 0 until it is open */
    long deploymentId() {
        return deploymentId;
    }

    /** @return what the step is doing, for the thread dump of the pipeline */
    String status() {
        return "waiting for approval of deployment " + deploymentId;
    }

    /**
     * Marks the flow node of the step with the state of the deployment.
     *
     * @param deployment the state
     */
    void mark(Deployment deployment) {
        try {
            FlowNode node = context.get(FlowNode.class);
            node.getActions().removeAll(node.getActions(DeploymentAction.class));
            node.addAction(new DeploymentAction(deployment));
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot mark the flow node of deployment " + deploymentId);
        }
    }

    private void endPause() {
        try {
            PauseAction.endCurrentPause(context.get(FlowNode.class));
        } catch (IOException | InterruptedException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot end the pause of deployment " + deploymentId);
        }
    }

    private static FlowInterruptedException canceled(Deployment deployment) {
        return deployment.endReason() == null
                ? new FlowInterruptedException(Result.ABORTED, true)
                : new FlowInterruptedException(Result.ABORTED, true, DeploymentFailure.of(deployment));
    }

    /** A result of failure that no {@code retry} repeats and that the build's page explains. */
    private static FlowInterruptedException failure(DeploymentFailure cause) {
        return new FlowInterruptedException(Result.FAILURE, true, cause);
    }
}
