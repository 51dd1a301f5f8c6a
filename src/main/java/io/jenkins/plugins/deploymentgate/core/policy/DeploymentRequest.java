package io.jenkins.plugins.deploymentgate.core.policy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a build asks for when it reaches a gate.
 *
 * @param environment the name of the environment
 * @param requesters canonical ids of the people who caused the build, the nearest cause first; empty for timers and SCM
 * @param authors who wrote the changes that are to be deployed; empty while nobody has looked
 * @param notice what the pipeline tells its approvers
 * @param deadline how long the pipeline is willing to wait, where that is shorter than what the policy gives
 */
public record DeploymentRequest(
        String environment,
        List<String> requesters,
        Optional<Authors> authors,
        Notice notice,
        Optional<Duration> deadline) {

    /** Copies the list. */
    public DeploymentRequest {
        requesters = List.copyOf(requesters);
    }

    /**
     * @param found who wrote the changes
     * @return this, with those as the authors
     */
    public DeploymentRequest withAuthors(Authors found) {
        return new DeploymentRequest(environment, requesters, Optional.of(found), notice, deadline);
    }
}
