package io.jenkins.plugins.deploymentgate.changes;

import hudson.model.Run;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Consecutive builds of one job.
 *
 * @param builds the builds, the oldest first
 * @param before the build before them, whose changes are not included; empty if there is none
 * @param complete whether there is a build before them, and none is missing in between
 */
public record ChangeRange(List<Run<?, ?>> builds, Optional<Run<?, ?>> before, boolean complete) {

    /** Copies the list. */
    public ChangeRange {
        builds = List.copyOf(builds);
    }

    /**
     * Walks back from a build, loading one build after the other. A missing number is a build that was deleted or cannot be
     * loaded, so its change log is missing.
     *
     * @param newest the last build of the range
     * @param ends whether the range ends before this build, and does not include it
     * @param most how many builds to take at the most, one or more
     * @return the builds
     */
    static ChangeRange back(Run<?, ?> newest, Predicate<Run<?, ?>> ends, int most) {
        List<Run<?, ?>> found = new ArrayList<>(List.of(newest));
        boolean gapless = true;
        Run<?, ?> later = newest;
        for (Run<?, ?> build = later.getPreviousBuild(); build != null; build = later.getPreviousBuild()) {
            gapless &= build.getNumber() == later.getNumber() - 1;
            if (ends.test(build)) {
                Collections.reverse(found);
                return new ChangeRange(found, Optional.of(build), gapless);
            } else if (found.size() == most) {
                break;
            }
            found.add(build);
            later = build;
        }
        Collections.reverse(found);
        return new ChangeRange(found, Optional.empty(), false);
    }
}
