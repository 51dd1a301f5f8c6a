package io.jenkins.plugins.deploymentgate.api.json;

import hudson.model.Job;
import io.jenkins.plugins.deploymentgate.core.policy.RequestOrigin;
import java.util.List;

/**
 * What caused the build of a deployment, beside the people who are its requesters.
 *
 * @param automated whether automation caused it, alone or beside people
 * @param unknown causes behind which there may be further people
 * @param replay which build it replays; null if it is no replay
 */
record OriginJson(boolean automated, List<String> unknown, ReplayJson replay) {

    /**
     * The build replays another one, directly or through further replays and restarts from a stage.
     *
     * @param original the number of that build, of the same job
     * @param script whether it runs the same script: {@code same}, {@code changed} or {@code unknown}
     * @param diffUrl the page with the difference
     */
    record ReplayJson(int original, String script, String diffUrl) {}

    static OriginJson of(Job<?, ?> job, RequestOrigin origin, String root) {
        return new OriginJson(
                origin.automated(),
                origin.unknown(),
                origin.replay()
                        .map(replay -> new ReplayJson(
                                replay.original(),
                                replay.script().toString(),
                                root + job.getUrl() + replay.build() + "/replay/diff"))
                        .orElse(null));
    }
}
