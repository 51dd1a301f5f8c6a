/** The tamper-evident audit ledger: its lines, the hash chain, verification, retention and export. Knows no Jenkins. */
package io.jenkins.plugins.deploymentgate.core.ledger;
