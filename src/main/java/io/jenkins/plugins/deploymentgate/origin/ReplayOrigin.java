package io.jenkins.plugins.deploymentgate.origin;

import hudson.ExtensionList;
import hudson.model.Cause;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.core.policy.RequestOrigin;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.jenkinsci.plugins.workflow.cps.CpsFlowExecution;
import org.jenkinsci.plugins.workflow.cps.replay.OriginalLoadedScripts;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayCause;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Knows replays: which build they repeat, and whether they run another script. */
@OptionalExtension(requirePlugins = "workflow-cps")
@Restricted(NoExternalUse.class)
public class ReplayOrigin extends BuildOrigin implements ReplayedScripts {

    private static final Logger LOGGER = Logger.getLogger(ReplayOrigin.class.getName());

    @Override
    public Optional<Source> of(Cause cause) {
        return cause instanceof ReplayCause replay
                ? Optional.of(original(replay).<Source>map(OtherBuild::new).orElseGet(Gone::new))
                : Optional.empty();
    }

    private static Optional<Run<?, ?>> original(ReplayCause replay) {
        // The cause of a build that was deleted does not know its job.
        return Optional.ofNullable(replay.getRun()).map(run -> replay.getOriginal());
    }

    @Override
    public Optional<RequestOrigin.Replay> compare(Run<?, ?> build) {
        ReplayCause replay = build.getCause(ReplayCause.class);
        if (replay == null) {
            return Optional.empty();
        }
        Optional<CpsFlowExecution> before = original(replay).flatMap(ReplayOrigin::execution);
        Optional<CpsFlowExecution> now = execution(build);
        RequestOrigin.Script script =
                before.isPresent() && now.isPresent() ? compare(before.get(), now.get()) : RequestOrigin.Script.UNKNOWN;
        return Optional.of(new RequestOrigin.Replay(replay.getOriginalNumber(), script));
    }

    private static Optional<CpsFlowExecution> execution(Run<?, ?> build) {
        FlowExecutionOwner owner =
                build instanceof FlowExecutionOwner.Executable pipeline ? pipeline.asFlowExecutionOwner() : null;
        FlowExecution execution = owner == null ? null : owner.getOrNull();
        return execution instanceof CpsFlowExecution cps ? Optional.of(cps) : Optional.empty();
    }

    /** A replacement of a script that is loaded later than the gate cannot be read before. */
    private static RequestOrigin.Script compare(CpsFlowExecution before, CpsFlowExecution now) {
        Map<String, String> original = loadedScripts(before);
        boolean loadedDiffer = loadedScripts(now).entrySet().stream()
                .anyMatch(script -> original.containsKey(script.getKey())
                        && !original.get(script.getKey()).equals(script.getValue()));
        if (loadedDiffer || !before.getScript().equals(now.getScript())) {
            return RequestOrigin.Script.CHANGED;
        }
        try {
            return ReplayAction.replacementsIn(now).isEmpty()
                    ? RequestOrigin.Script.SAME
                    : RequestOrigin.Script.UNKNOWN;
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot tell which scripts are replaced in " + now);
            return RequestOrigin.Script.UNKNOWN;
        }
    }

    private static Map<String, String> loadedScripts(CpsFlowExecution execution) {
        Map<String, String> scripts = new HashMap<>();
        ExtensionList.lookup(OriginalLoadedScripts.class)
                .forEach(source -> scripts.putAll(source.loadScripts(execution)));
        return scripts;
    }
}
