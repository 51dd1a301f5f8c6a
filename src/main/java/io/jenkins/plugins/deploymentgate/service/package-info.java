/**
 * The only way in for pages, steps and listeners: who is asking, what is on disk, what the policy says, and the delivery
 * of decisions to the pipeline. {@link io.jenkins.plugins.deploymentgate.service.ApprovalService} is the door.
 */
package io.jenkins.plugins.deploymentgate.service;
