/**
 * Voting. {@link io.jenkins.plugins.deploymentgate.approval.ApprovalService} is the only way to approve, reject, withdraw or
 * override, for pages, REST, the command line and scripts; the rest says what a person may do, and why not.
 */
package io.jenkins.plugins.deploymentgate.approval;
