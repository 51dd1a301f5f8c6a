package io.jenkins.plugins.deploymentgate.core.index;

import java.time.Instant;
import java.util.Optional;

/**
 * What clients that want more than a {@link DeploymentSummary} are answered from.
 *
 * @param json the record of the deployment, as it is on disk
 * @param build what a list says of its build
 */
public record DeploymentRecord(String json, Build build) {

    /**
     * A build.
     *
     * @param commit the full ID of the commit that it builds
     * @param createdAt when it was scheduled
     * @param startedAt when it began to run
     * @param finishedAt when it ended; empty while it runs
     * @param result the name of its result; empty while it runs
     */
    public record Build(
            Optional<String> commit,
            Instant createdAt,
            Instant startedAt,
            Optional<Instant> finishedAt,
            Optional<String> result) {}
}
