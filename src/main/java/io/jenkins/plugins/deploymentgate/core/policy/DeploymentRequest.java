package io.jenkins.plugins.deploymentgate.core.policy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a build asks for when it reaches a gate.
 *
 * @param environment the name of the environment
 * @param origin who and what caused the build
 * @param authors who wrote the changes that are to be deployed; empty until they have been looked up
 * @param description what the pipeline tells its approvers
 * @param deadline how long the pipeline is willing to wait; empty for as long as the policy allows
 * @param place where in its pipeline the build asks
 * @param allowOlder whether the pipeline wants to deploy also if a newer build of the job was deployed there
 * @param newer the newest of the newer builds of the job that were deployed there with success, if one is known and matters
 */
public record DeploymentRequest(
        String environment,
        RequestOrigin origin,
        Optional<Authors> authors,
        DeploymentDescription description,
        Optional<Duration> deadline,
        PipelinePlace place,
        boolean allowOlder,
        Optional<DeploymentReference> newer) {

    /** A request from an unknown place that does not allow older builds. */
    public DeploymentRequest(
            String environment,
            RequestOrigin origin,
            Optional<Authors> authors,
            DeploymentDescription description,
            Optional<Duration> deadline) {
        this(environment, origin, authors, description, deadline, PipelinePlace.UNKNOWN, false, Optional.empty());
    }

    /** @return canonical ids of the people who caused the build, the nearest cause first; empty if none is known */
    public List<String> requesters() {
        return origin.people();
    }

    /**
     * @param found who wrote the changes
     * @return this, with those as the authors
     */
    public DeploymentRequest withAuthors(Authors found) {
        return new DeploymentRequest(
                environment, origin, Optional.of(found), description, deadline, place, allowOlder, newer);
    }

    /**
     * @param deployed the newest of the newer builds of the job that were deployed there with success; empty if none is known
     * @return this, with that one
     */
    public DeploymentRequest withNewer(Optional<DeploymentReference> deployed) {
        return new DeploymentRequest(environment, origin, authors, description, deadline, place, allowOlder, deployed);
    }
}
