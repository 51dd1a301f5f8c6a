package io.jenkins.plugins.deploymentgate.core.index;

/**
 * What clients that want more than a {@link DeploymentSummary} are answered from.
 *
 * @param json the record of the deployment, as it is on disk
 * @param build its build
 */
public record DeploymentRecord(String json, BuildSummary build) {}
