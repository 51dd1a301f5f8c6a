/**
 * Live deployments: the deployments of running builds, their life cycle, re-evaluation and deadlines, and the delivery of
 * decisions to pipelines.
 */
package io.jenkins.plugins.deploymentgate.gate;
