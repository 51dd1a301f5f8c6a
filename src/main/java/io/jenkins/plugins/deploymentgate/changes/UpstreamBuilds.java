package io.jenkins.plugins.deploymentgate.changes;

import hudson.model.Cause;
import hudson.model.Job;
import hudson.model.Run;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The builds of an upstream job whose changes a range of builds brings: from the build that started the last one of the range
 * back to, but without, the one that started the build before the range. Builds in between are included even if they
 * started nothing, since the next one brings their changes.
 *
 * @param newest the latest of them
 * @param after the number of the build before them
 * @param known whether that number is known; if not, they go back to the first build that started one of the range
 */
record UpstreamBuilds(Run<?, ?> newest, int after, boolean known) {

    /** One of these for each job that started a build of the range, and whether all those builds are still there. */
    record Found(List<UpstreamBuilds> builds, boolean complete) {}

    /** Call it as the system user, since the caller may not see the other jobs. */
    static Found of(ChangeRange range) {
        Map<Job<?, ?>, List<Run<?, ?>>> byJob = new LinkedHashMap<>();
        boolean complete = true;
        for (Run<?, ?> build : range.builds()) {
            for (Cause.UpstreamCause cause : causes(build).toList()) {
                Run<?, ?> upstream = cause.getUpstreamRun();
                if (upstream == null) {
                    complete = false;
                } else {
                    byJob.computeIfAbsent(upstream.getParent(), job -> new ArrayList<>())
                            .add(upstream);
                }
            }
        }
        List<UpstreamBuilds> found = byJob.entrySet().stream()
                .map(entry -> of(range, entry.getKey(), entry.getValue()))
                .toList();
        return new Found(found, complete);
    }

    private static UpstreamBuilds of(ChangeRange range, Job<?, ?> job, List<Run<?, ?>> named) {
        OptionalInt deployed = range.before().stream()
                .flatMap(UpstreamBuilds::causes)
                .filter(cause -> cause.getUpstreamProject().equals(job.getFullName()))
                .mapToInt(Cause.UpstreamCause::getUpstreamBuild)
                .max();
        Run<?, ?> newest =
                named.stream().max(Comparator.comparingInt(Run::getNumber)).orElseThrow();
        int beforeTheNamed = named.stream().mapToInt(Run::getNumber).min().orElseThrow() - 1;
        // An older build that is deployed again brings its own changes again, whatever was deployed since.
        return new UpstreamBuilds(
                newest, Math.min(deployed.orElse(beforeTheNamed), beforeTheNamed), deployed.isPresent());
    }

    /** Without causes within the job, whose builds are in the range anyway. */
    private static Stream<Cause.UpstreamCause> causes(Run<?, ?> build) {
        return build.getCauses().stream()
                .filter(Cause.UpstreamCause.class::isInstance)
                .map(Cause.UpstreamCause.class::cast)
                .filter(cause ->
                        !cause.getUpstreamProject().equals(build.getParent().getFullName()));
    }
}
