/**
 * The records of deployments in Jenkins: the store and the numbers of this controller, the records of a job, and the warning
 * when one cannot be read or written. The format of the files is in {@code core.record}.
 */
package io.jenkins.plugins.deploymentgate.records;
