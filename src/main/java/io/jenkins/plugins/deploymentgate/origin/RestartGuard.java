package io.jenkins.plugins.deploymentgate.origin;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Executor;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace;
import io.jenkins.plugins.deploymentgate.records.DeploymentNumbers;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.pipeline.modeldefinition.actions.ExecutionModelAction;
import org.jenkinsci.plugins.pipeline.modeldefinition.actions.RestartFlowFactoryAction;
import org.jenkinsci.plugins.pipeline.modeldefinition.ast.ModelASTStage;
import org.jenkinsci.plugins.pipeline.modeldefinition.ast.ModelASTStages;
import org.jenkinsci.plugins.pipeline.modeldefinition.causes.RestartDeclarativePipelineCause;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionListener;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Ends a build that restarts a Declarative pipeline from a stage behind a gate, before its script runs. A restart takes
 * Job/Build only and skips all stages before the one it begins with, and the gates in them.
 *
 * <p>What is skipped are the top-level stages before that stage; what counts are the gates that the original has reached in
 * them, whatever became of the deployments, and if the original was a restart too, also those of its original.
 */
@OptionalExtension(requirePlugins = "pipeline-model-definition")
@Restricted(NoExternalUse.class)
public class RestartGuard extends FlowExecutionListener {

    private static final Logger LOGGER = Logger.getLogger(RestartGuard.class.getName());

    /**
     * Called on the executor of the build, when nothing of the script has run.
     *
     * @throws IllegalStateException if the build skips a gate; it fails, and the cause of interruption is the reason
     */
    @Override
    public void onCreated(@NonNull FlowExecution execution) {
        if (!(executable(execution) instanceof Run<?, ?> build)) {
            return;
        }
        for (RestartDeclarativePipelineCause restart : restarts(build)) {
            Optional<SkippedGate> skipped = skippedGate(build, restart);
            if (skipped.isPresent()) {
                LOGGER.info(() -> build + " is not restarted: " + skipped.get());
                Executor executor = Executor.currentExecutor();
                if (executor != null) {
                    executor.interrupt(Result.FAILURE, skipped.get());
                }
                throw new IllegalStateException(skipped.get().getShortDescription());
            }
        }
    }

    private static Object executable(FlowExecution execution) {
        try {
            return execution.getOwner().getExecutable();
        } catch (IOException e) {
            throw new IllegalStateException("Cannot tell which build is restarted", e);
        }
    }

    private static List<RestartDeclarativePipelineCause> restarts(Run<?, ?> build) {
        return build.getCauses().stream()
                .filter(RestartDeclarativePipelineCause.class::isInstance)
                .map(RestartDeclarativePipelineCause.class::cast)
                .toList();
    }

    private static Optional<SkippedGate> skippedGate(Run<?, ?> build, RestartDeclarativePipelineCause restart) {
        Run<?, ?> original = restart.getOriginal();
        List<String> stages = original == null ? List.of() : stages(original);
        int begin = stages.indexOf(restart.getOriginStage());
        SkippedGate unknown = new SkippedGate(restart.getOriginRunNumber(), restart.getOriginStage(), "", "");
        try {
            if (begin < 0 || !runsScriptOf(original, build)) {
                return Optional.of(unknown).filter(reason -> hasDeployed(build.getParent()));
            }
            List<Run<?, ?>> originals = new ArrayList<>();
            boolean complete = collect(original, originals, new HashSet<>());
            List<String> skipped = stages.subList(0, begin);
            List<Deployment> deployments = new ArrayList<>();
            for (Run<?, ?> one : originals) {
                deployments.addAll(deployments(one));
            }
            for (String stage : skipped) {
                for (Deployment deployment : deployments) {
                    if (topLevelStage(deployment, stages).filter(stage::equals).isPresent()) {
                        return Optional.of(new SkippedGate(
                                restart.getOriginRunNumber(),
                                restart.getOriginStage(),
                                deployment.environment(),
                                stage));
                    }
                }
            }
            boolean allPlaced = deployments.stream()
                    .noneMatch(deployment -> deployment.request().place().equals(PipelinePlace.UNKNOWN));
            return skipped.isEmpty() || complete && allPlaced
                    ? Optional.empty()
                    : Optional.of(unknown).filter(reason -> hasDeployed(build.getParent()));
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot tell whether " + build + " skips a gate");
            return Optional.of(unknown);
        }
    }

    /** The names of the top-level stages, in order; none if they are not known. */
    private static List<String> stages(Run<?, ?> original) {
        ExecutionModelAction model = original.getAction(ExecutionModelAction.class);
        ModelASTStages stages = model == null ? null : model.getStages();
        return stages == null
                ? List.of()
                : stages.getStages().stream().map(ModelASTStage::getName).toList();
    }

    /** A plugin that copies causes can make a build that skips stages of today's script, which the original never ran. */
    private static boolean runsScriptOf(Run<?, ?> original, Run<?, ?> build) {
        return build.getActions(RestartFlowFactoryAction.class).stream()
                .anyMatch(action -> original.getExternalizableId().equals(action.getOriginRunId()));
    }

    /** Collects a build and those that it restarts; answers whether none is gone. */
    private static boolean collect(Run<?, ?> build, List<Run<?, ?>> found, Set<Integer> numbers) {
        boolean complete = true;
        if (build != null && numbers.add(build.getNumber())) {
            found.add(build);
            for (RestartDeclarativePipelineCause restart : restarts(build)) {
                complete &= collect(restart.getOriginal(), found, numbers);
            }
        }
        return build != null && complete;
    }

    private static List<Deployment> deployments(Run<?, ?> build) throws IOException {
        List<Deployment> deployments = new ArrayList<>();
        for (long id : DeploymentRecords.get().ids(build.getRootDir())) {
            DeploymentRecords.get().read(build.getRootDir(), id).ifPresent(deployments::add);
        }
        return deployments;
    }

    private static Optional<String> topLevelStage(Deployment deployment, List<String> stages) {
        return deployment.request().place().enclosing().stream()
                .filter(block -> block.kind() == PipelinePlace.Kind.STAGE)
                .map(PipelinePlace.Enclosing::name)
                .filter(stages::contains)
                .findFirst();
    }

    private static boolean hasDeployed(Job<?, ?> job) {
        try {
            return DeploymentNumbers.get().hasAny(job);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot tell whether " + job + " has ever deployed");
            return true;
        }
    }
}
