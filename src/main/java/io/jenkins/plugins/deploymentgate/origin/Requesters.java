package io.jenkins.plugins.deploymentgate.origin;

import hudson.model.Cause;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.config.Identities;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds the people who asked for a build: whoever started it, the builds upstream of it, or what it replays. */
public final class Requesters {

    /** Replays of replays, at the most; each step may load a build. */
    private static final int MAX_DEPTH = 20;

    private final Set<String> found = new LinkedHashSet<>();

    private Requesters() {}

    /**
     * @param build any build
     * @return canonical ids, the nearest cause first; empty if only timers and SCM changes are behind it
     */
    public static List<String> of(Run<?, ?> build) {
        Requesters requesters = new Requesters();
        requesters.walk(build.getCauses(), 0);
        return new ArrayList<>(requesters.found);
    }

    private void walk(List<Cause> causes, int depth) {
        for (Cause cause : causes) {
            String user = cause instanceof Cause.UserIdCause started ? started.getUserId() : null;
            if (user != null) {
                found.add(Identities.user(user));
            }
        }
        if (depth == MAX_DEPTH) {
            return;
        }
        for (Cause cause : causes) {
            if (cause instanceof Cause.UpstreamCause upstream) {
                walk(upstream.getUpstreamCauses(), depth + 1);
            }
            BuildOrigin.find(cause).ifPresent(origin -> walk(origin.getCauses(), depth + 1));
        }
    }
}
