package io.jenkins.plugins.deploymentgate.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a build asks for when it reaches a gate.
 *
 * @param environment the name of the environment
 * @param requesters canonical ids of the people who caused the build, the nearest cause first; empty for timers and SCM
 * @param authors canonical ids of those who wrote the changes that are to be deployed; empty while nobody has looked
 * @param message what the pipeline tells its approvers; empty if nothing
 * @param deadline how long the pipeline is willing to wait, where that is shorter than what the policy gives
 */
public record DeploymentRequest(
        String environment,
        List<String> requesters,
        Optional<List<String>> authors,
        String message,
        Optional<Duration> deadline) {

    /** Copies the lists. */
    public DeploymentRequest {
        requesters = List.copyOf(requesters);
        authors = authors.map(List::copyOf);
    }

    /**
     * @param people canonical ids
     * @return this, with those as the authors
     */
    DeploymentRequest withAuthors(List<String> people) {
        return new DeploymentRequest(environment, requesters, Optional.of(people), message, deadline);
    }
}
