package io.jenkins.plugins.deploymentgate.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.config.Identities;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Ending;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jenkins.model.CauseOfInterruption;
import jenkins.model.InterruptedBuildAction;
import jenkins.model.queue.ItemDeletion;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;

/**
 * Says why and by whom a deployment was canceled, from the causes that Jenkins gives for an interruption. It gives none for a
 * build that is terminated or killed, and tells listeners of the end of that build as {@code SYSTEM}.
 */
final class Interruptions {

    /** By name, because most of these plugins may be absent. */
    private static final Map<String, EndReason> REASONS = Map.of(
            "org.jenkinsci.plugins.workflow.steps.TimeoutStepExecution$ExceededTimeout",
            EndReason.BUILD_TIMED_OUT,
            "org.jenkinsci.plugins.workflow.job.properties.DisableConcurrentBuildsJobProperty$CancelledCause",
            EndReason.BUILD_SUPERSEDED,
            "org.jenkinsci.plugins.workflow.support.steps.StageStepExecution$CanceledCause",
            EndReason.BUILD_SUPERSEDED,
            "org.jenkinsci.plugins.pipeline.milestone.CancelledCause",
            EndReason.BUILD_SUPERSEDED,
            "com.cloudbees.hudson.plugins.folder.computed.OrphanedParent",
            EndReason.JOB_REMOVED);

    private Interruptions() {}

    /**
     * @param build the build
     * @param cause what interrupted its step, or the block of its step; null if that is not known
     * @return why the deployment of that step is canceled
     */
    static Ending of(Run<?, ?> build, @CheckForNull Throwable cause) {
        List<CauseOfInterruption> causes =
                cause instanceof FlowInterruptedException interruption ? interruption.getCauses() : List.of();
        return of(build, causes, EndReason.BUILD_ABORTED);
    }

    /**
     * @param build a build that has ended
     * @param result how
     * @return why its open deployments are canceled
     */
    static Ending of(Run<?, ?> build, @CheckForNull Result result) {
        List<CauseOfInterruption> causes = build.getActions(InterruptedBuildAction.class).stream()
                .map(InterruptedBuildAction::getCauses)
                .flatMap(Collection::stream)
                .toList();
        return of(
                build,
                result == Result.ABORTED ? causes : List.of(),
                result == Result.ABORTED ? EndReason.BUILD_ABORTED : EndReason.BUILD_ENDED);
    }

    private static Ending of(Run<?, ?> build, List<CauseOfInterruption> causes, EndReason otherwise) {
        Optional<CauseOfInterruption.UserInterruption> person = causes.stream()
                .filter(CauseOfInterruption.UserInterruption.class::isInstance)
                .map(CauseOfInterruption.UserInterruption.class::cast)
                .findFirst();
        Optional<CauseOfInterruption> named = causes.stream()
                .filter(cause -> REASONS.containsKey(cause.getClass().getName()))
                .findFirst();
        Optional<CauseOfInterruption> telling =
                named.or(() -> person).or(() -> causes.stream().findFirst());
        EndReason reason = named.map(cause -> REASONS.get(cause.getClass().getName()))
                .orElse(ItemDeletion.contains(build.getParent()) ? EndReason.JOB_REMOVED : otherwise);
        return Ending.canceled(
                reason,
                named.isPresent()
                        ? ""
                        : person.map(one -> Identities.user(one.getUserId())).orElse(""),
                telling.map(CauseOfInterruption::getShortDescription)
                        .map(ConsoleText::oneLine)
                        .orElse(""));
    }
}
