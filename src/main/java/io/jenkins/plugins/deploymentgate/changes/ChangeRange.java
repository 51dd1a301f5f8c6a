package io.jenkins.plugins.deploymentgate.changes;

import hudson.model.Run;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Consecutive builds of one job, whose changes are looked at together.
 *
 * @param builds the builds, the oldest first
 * @param before the build before them, whose changes do not count; empty if no such build was found
 * @param complete whether there is a build before them, and none is missing in between
 */
public record ChangeRange(List<Run<?, ?>> builds, Optional<Run<?, ?>> before, boolean complete) {

    /** Copies the list. */
    public ChangeRange {
        builds = List.copyOf(builds);
    }

    /**
     * Walks back from a build. Loads the builds that it walks over, and no more. A number that is not there is a build
     * that was deleted, or one that Jenkins cannot load: its change log is gone.
     *
     * @param newest the last build of the range
     * @param ends tells of an earlier build whether the range ends before it comes in
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
