package io.jenkins.plugins.deploymentgate.changes;

import hudson.model.Cause;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.origin.BuildOrigin;
import io.jenkins.plugins.deploymentgate.origin.Requesters;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Collects all builds whose changes a build brings: the builds of its own job back to where the walk ends, the builds of jobs
 * that started one of these (see {@link UpstreamBuilds}), and the originals of replays and restarts.
 */
final class ChangeWalk {

    /** The most builds that are loaded; with more of them, the result is incomplete. */
    static final int MAX_BUILDS = 500;

    /** The longest chain of upstream jobs and originals; with a longer one, the result is incomplete. */
    private static final int MAX_DEPTH = 20;

    private final Predicate<Run<?, ?>> ends;
    private final List<ChangeRange> ranges = new ArrayList<>();
    private final Set<String> replayed = new HashSet<>();
    private boolean complete = true;
    private int remaining = MAX_BUILDS;

    private ChangeWalk(Predicate<Run<?, ?>> ends) {
        this.ends = ends;
    }

    /**
     * The builds that were found.
     *
     * @param ranges consecutive builds of one job each; the range of the build itself first
     * @param complete whether none is missing
     */
    record Found(List<ChangeRange> ranges, boolean complete) {}

    /**
     * Loads builds, which can take seconds. Call it as the system user, since the caller may not see the other jobs.
     *
     * @param newest where to begin
     * @param ends whether the walk ends before this earlier build of the same job
     */
    static Found from(Run<?, ?> newest, Predicate<Run<?, ?>> ends) {
        ChangeWalk walk = new ChangeWalk(ends);
        walk.back(newest, ends, 0);
        return new Found(List.copyOf(walk.ranges), walk.complete);
    }

    private void back(Run<?, ?> newest, Predicate<Run<?, ?>> until, int depth) {
        if (depth > MAX_DEPTH || remaining <= 0) {
            complete = false;
            return;
        }
        ChangeRange range = ChangeRange.back(newest, until, remaining);
        remaining -= range.builds().size();
        ranges.add(range);
        complete = complete && range.complete();
        upstream(range, depth);
        replayed(range, depth);
    }

    private void upstream(ChangeRange range, int depth) {
        UpstreamBuilds.Found upstream = UpstreamBuilds.of(range);
        complete = complete && upstream.complete();
        for (UpstreamBuilds builds : upstream.builds()) {
            complete = complete && builds.known();
            back(builds.newest(), build -> build.getNumber() <= builds.after(), depth + 1);
        }
    }

    private void replayed(ChangeRange range, int depth) {
        List<Cause> causes = range.builds().stream()
                .flatMap(build -> build.getCauses().stream())
                .toList();
        for (Cause cause : causes) {
            BuildOrigin.Source source = Requesters.sourceOf(cause).orElse(null);
            if (source instanceof BuildOrigin.Gone) {
                complete = false;
            } else if (source instanceof BuildOrigin.OtherBuild original
                    && !range.builds().contains(original.build())
                    && replayed.add(original.build().getExternalizableId())) {
                back(original.build(), ends, depth + 1);
            }
        }
    }
}
