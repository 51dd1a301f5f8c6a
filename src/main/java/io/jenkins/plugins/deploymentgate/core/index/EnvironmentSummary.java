package io.jenkins.plugins.deploymentgate.core.index;

import java.util.Optional;

/**
 * An environment to which there are deployments.
 *
 * @param name the name of the environment
 * @param latest the one of the highest id, whatever became of it
 * @param latestSuccessful the one of the highest id that succeeded, which as far as Jenkins knows is what runs there now
 */
public record EnvironmentSummary(String name, DeploymentSummary latest, Optional<DeploymentSummary> latestSuccessful) {}
