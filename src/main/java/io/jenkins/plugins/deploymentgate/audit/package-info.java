/** The audit ledger in Jenkins: what is recorded, settings, verification, retention and export. */
package io.jenkins.plugins.deploymentgate.audit;
