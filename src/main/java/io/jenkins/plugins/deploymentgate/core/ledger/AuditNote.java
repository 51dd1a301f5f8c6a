package io.jenkins.plugins.deploymentgate.core.ledger;

/**
 * An event that is to be written to the audit ledger.
 *
 * @param event what happened
 * @param origin from where it was done
 */
public record AuditNote(AuditEvent event, AuditOrigin origin) {}
