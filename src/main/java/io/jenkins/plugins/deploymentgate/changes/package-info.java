/**
 * What a build brings to an environment: the changes since the last successful deployment to it, and the people behind
 * them. Reads builds, their change logs and the records of deployments; knows no gate and no page.
 */
package io.jenkins.plugins.deploymentgate.changes;
