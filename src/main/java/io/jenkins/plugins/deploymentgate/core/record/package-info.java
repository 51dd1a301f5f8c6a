/**
 * Files: the record of a deployment, which is the only truth about its votes and its decision; the numbers of deployments;
 * and durable writes.
 */
package io.jenkins.plugins.deploymentgate.core.record;
