package io.jenkins.plugins.deploymentgate.origin;

import hudson.ExtensionList;
import hudson.model.Cause;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.core.policy.RequestOrigin;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
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
public class ReplayOrigin extends BuildOrigin implements Requesters.ReplayedScripts {

    /** The most replays of replays and restarts that are followed. */
    private static final int MAX_BUILDS = 100;

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
        Run<?, ?> first = build;
        Optional<Run<?, ?>> replay = Optional.empty();
        boolean gone = false;
        for (int builds = 0; builds < MAX_BUILDS; builds++) {
            if (first.getCause(ReplayCause.class) != null) {
                replay = replay.isPresent() ? replay : Optional.of(first);
            }
            Optional<Source> repeated = repeated(first);
            gone = repeated.filter(Gone.class::isInstance).isPresent();
            if (!(repeated.orElse(null) instanceof OtherBuild other)) {
                break;
            }
            first = other.build();
        }
        if (replay.isEmpty()) {
            return Optional.empty();
        }
        ReplayCause last = first.getCause(ReplayCause.class);
        int original = gone && last != null ? last.getOriginalNumber() : first.getNumber();
        Optional<CpsFlowExecution> before = gone ? Optional.empty() : execution(first);
        Optional<CpsFlowExecution> now = execution(build);
        RequestOrigin.Script script =
                before.isPresent() && now.isPresent() ? compare(before.get(), now.get()) : RequestOrigin.Script.UNKNOWN;
        return Optional.of(new RequestOrigin.Replay(original, replay.get().getNumber(), script));
    }

    /** The build of the same job that a build replays or restarts; gone, if there was one; empty, if there was none. */
    private static Optional<Source> repeated(Run<?, ?> build) {
        List<Source> sources = build.getCauses().stream()
                .flatMap(cause -> source(cause).stream())
                .filter(source -> source instanceof Gone
                        || source instanceof OtherBuild other
                                && other.build().getParent().equals(build.getParent()))
                .toList();
        return sources.stream()
                .filter(OtherBuild.class::isInstance)
                .findFirst()
                .or(() -> sources.stream().findFirst());
    }

    private static Optional<Source> source(Cause cause) {
        try {
            return Requesters.sourceOf(cause);
        } catch (RuntimeException e) {
            LOGGER.log(Level.FINE, e, () -> "Not known, as a warning says, what is behind " + cause.getClass());
            return Optional.empty();
        }
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
