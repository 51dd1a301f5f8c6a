package io.jenkins.plugins.deploymentgate.core.index;

import java.time.Instant;
import java.util.Optional;

/**
 * What a list says of the build of a deployment.
 *
 * @param commit the full ID of the commit that it builds
 * @param createdAt when it was scheduled
 * @param startedAt when it began to run
 * @param finishedAt when it ended; empty while it runs
 * @param result the name of its result; empty while it runs
 */
public record BuildSummary(
        Optional<String> commit,
        Instant createdAt,
        Instant startedAt,
        Optional<Instant> finishedAt,
        Optional<String> result) {}
