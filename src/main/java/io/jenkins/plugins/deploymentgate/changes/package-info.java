/**
 * What a build brings to an environment: the changes since the last successful deployment to it, and their authors. Reads
 * builds, their change logs and the records of deployments.
 */
package io.jenkins.plugins.deploymentgate.changes;
