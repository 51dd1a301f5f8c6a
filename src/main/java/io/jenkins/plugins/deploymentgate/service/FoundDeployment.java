package io.jenkins.plugins.deploymentgate.service;

import hudson.model.Job;
import io.jenkins.plugins.deploymentgate.engine.Deployment;

/**
 * A deployment, and where it is.
 *
 * @param job the job
 * @param number the number of the build in that job
 * @param deployment its state on disk
 */
public record FoundDeployment(Job<?, ?> job, int number, Deployment deployment) {}
