package io.jenkins.plugins.deploymentgate.steps;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import edu.umd.cs.findbugs.annotations.SuppressFBWarnings;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.gate.BuildDeployments;
import io.jenkins.plugins.deploymentgate.gate.DeploymentLifecycle;
import io.jenkins.plugins.deploymentgate.gate.StepArguments;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import net.jcip.annotations.GuardedBy;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.graph.BlockEndNode;
import org.jenkinsci.plugins.workflow.graph.BlockStartNode;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.steps.BodyExecution;
import org.jenkinsci.plugins.workflow.steps.BodyExecutionCallback;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/**
 * Waits, runs the block of the step, and ends the deployment as the block ends.
 *
 * <p>A crash before the saved pipeline holds the block: the step is resumed, finds its decision, and starts the block, which
 * has not run then. Later: Jenkins goes on within the block. A block that was over repeats its end, which changes nothing if
 * the end of the deployment was written before.
 */
class DeploymentExecution extends DeploymentGateExecution {

    private static final long serialVersionUID = 1L;
    private static final Logger LOGGER = Logger.getLogger(DeploymentExecution.class.getName());

    /** The block, once it was started. It begins later, on the thread of the pipeline. */
    @CheckForNull
    @GuardedBy("this")
    private BodyExecution block;

    /** Whether the block has begun. Changed on the thread of the pipeline, so that it is saved together with the block. */
    private volatile boolean begun;

    /** The result of the build when the block began; null if it had none. */
    @CheckForNull
    private volatile String resultBefore;

    /** What interrupted the step before the block was started. */
    @CheckForNull
    @SuppressFBWarnings(
            value = "SE_TRANSIENT_FIELD_NOT_RESTORED",
            justification = "An interrupted step is complete, and is not resumed.")
    @GuardedBy("this")
    private transient Throwable interruption;

    DeploymentExecution(StepContext context, StepArguments arguments, boolean propagate) {
        super(context, arguments, propagate);
    }

    @Override
    public void onResume() {
        if (!begun) {
            forgetBlock();
            super.onResume();
        }
    }

    /** A block that was started and had not begun when the pipeline was saved is lost, and is started again. */
    private synchronized void forgetBlock() {
        block = null;
    }

    @Override
    public void stop(@NonNull Throwable cause) throws Exception {
        synchronized (this) {
            if (block != null) {
                block.cancel(cause);
                return;
            }
            interruption = cause;
        }
        super.stop(cause);
    }

    @Override
    public String getStatus() {
        return begun ? "running deployment " + approval().deploymentId() : super.getStatus();
    }

    @Override
    public void released(Deployment deployment) {
        try {
            EnvironmentExpander environment = EnvironmentExpander.merge(
                    getContext().get(EnvironmentExpander.class),
                    EnvironmentExpander.constant(
                            variables(deployment, getContext().get(Run.class))));
            if (!isStarted(environment)) {
                getContext().onFailure(interrupted());
            }
        } catch (IOException | InterruptedException e) {
            getContext().onFailure(e);
        }
    }

    /** @return whether the block was started; not if the step was interrupted meanwhile */
    private synchronized boolean isStarted(EnvironmentExpander environment) {
        if (interruption == null) {
            block = getContext()
                    .newBodyInvoker()
                    .withContext(environment)
                    .withCallback(new Callback(this))
                    .start();
        }
        return interruption == null;
    }

    /** Without the address if the controller does not know its own. */
    private static Map<String, String> variables(Deployment deployment, Run<?, ?> build) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("DEPLOYMENT_ID", String.valueOf(deployment.id()));
        variables.put("DEPLOYMENT_ENVIRONMENT", deployment.environment());
        variables.put("DEPLOYMENT_VERSION", deployment.request().description().version());
        variables.put("DEPLOYMENT_APPROVERS", String.join(",", new DeploymentAction(deployment).getApprovers()));
        String root = Jenkins.get().getRootUrl();
        if (root != null) {
            String page = root + build.getUrl() + BuildDeployments.URL_NAME;
            variables.put("DEPLOYMENT_URL", page + "/#deployment-" + deployment.id());
        }
        return variables;
    }

    private synchronized Throwable interrupted() {
        return interruption;
    }

    /** Called on the thread of the pipeline. */
    private void end(StepContext inner, Result result, @CheckForNull Throwable cause) {
        try {
            Run<?, ?> build = inner.get(Run.class);
            DeploymentLifecycle.get().blockEnded(build, approval().deploymentId(), result, cause);
            approval().mark(DeploymentLifecycle.get().read(build, approval().deploymentId()));
        } catch (IOException | InterruptedException e) {
            LOGGER.log(
                    Level.WARNING,
                    e,
                    () -> "Cannot record the end of deployment " + approval().deploymentId());
        }
    }

    /**
     * @param inner the context at the end of a block that nothing was thrown out of
     * @return the worst result that steps in the block have set, such as {@code unstable} and {@code catchError}; outside of
     *     parallel branches also one that a script has given to the build meanwhile
     */
    private Result resultOf(StepContext inner) throws IOException, InterruptedException {
        BlockEndNode<?> end = (BlockEndNode<?>) inner.get(FlowNode.class);
        Result worst = Result.SUCCESS;
        DepthFirstScanner scanner = new DepthFirstScanner();
        scanner.setup(List.of(end), List.of(end.getStartNode()));
        for (FlowNode node : scanner) {
            WarningAction warning = node.getPersistentAction(WarningAction.class);
            worst = warning == null ? worst : worst.combine(warning.getResult());
        }
        Result ofBuild = inner.get(Run.class).getResult();
        boolean changed = ofBuild != null && !ofBuild.toString().equals(resultBefore);
        return changed && !isInParallel(end) ? worst.combine(ofBuild) : worst;
    }

    private static boolean isInParallel(FlowNode node) {
        for (BlockStartNode start : node.iterateEnclosingBlocks()) {
            if (start.getPersistentAction(ThreadNameAction.class) != null) {
                return true;
            }
        }
        return false;
    }

    /** Saved with the block, and called on the thread of the pipeline. */
    private static final class Callback extends BodyExecutionCallback {

        private static final long serialVersionUID = 1L;

        private final DeploymentExecution step;

        Callback(DeploymentExecution step) {
            this.step = step;
        }

        @Override
        public void onStart(StepContext inner) {
            step.begun = true;
            try {
                Result result = inner.get(Run.class).getResult();
                step.resultBefore = result == null ? null : result.toString();
            } catch (IOException | InterruptedException e) {
                LOGGER.log(Level.WARNING, e, () -> "Cannot tell the result of the build at the start of " + inner);
            }
        }

        @Override
        public void onSuccess(StepContext inner, Object value) {
            try {
                step.end(inner, step.resultOf(inner), null);
            } catch (IOException | InterruptedException e) {
                step.getContext().onFailure(e);
                return;
            }
            step.getContext().onSuccess(value);
        }

        @Override
        public void onFailure(StepContext inner, Throwable failure) {
            Result result = failure instanceof FlowInterruptedException interruption
                    ? interruption.getResult()
                    : Result.FAILURE;
            step.end(inner, result, failure);
            step.getContext().onFailure(failure);
        }
    }
}
