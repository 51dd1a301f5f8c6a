/**
 * The audit ledger in Jenkins: what is written to it, its settings and retention, and the warning when it cannot be written.
 */
package io.jenkins.plugins.deploymentgate.audit;
