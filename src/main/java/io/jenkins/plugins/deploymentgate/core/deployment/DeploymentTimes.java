package io.jenkins.plugins.deploymentgate.core.deployment;

import java.time.Instant;
import java.util.Optional;

/**
 * The instants in the life of a deployment.
 *
 * @param createdAt when the gate was reached
 * @param updatedAt when it last changed
 * @param deadline when it expires if it is still blocked; empty if never
 * @param queuedAt since when it has been waiting for its turn with nothing else to wait for; empty if it is not
 * @param decidedAt when it was released or ended; empty until then
 * @param finishedAt when the status became final; empty until then
 */
public record DeploymentTimes(
        Instant createdAt,
        Instant updatedAt,
        Optional<Instant> deadline,
        Optional<Instant> queuedAt,
        Optional<Instant> decidedAt,
        Optional<Instant> finishedAt) {

    DeploymentTimes withQueuedAt(Optional<Instant> queued) {
        return new DeploymentTimes(createdAt, updatedAt, deadline, queued, decidedAt, finishedAt);
    }
}
