package io.jenkins.plugins.deploymentgate.core.ledger;

import java.util.Optional;

/**
 * A line of the audit ledger as somebody reads it.
 *
 * @param line the line as it stands in the file, without its line break
 * @param entry what it says; empty if it says nothing that this version of the plugin knows
 * @param intact whether its keyed hash is right; this says nothing of the lines around it
 */
public record AuditRow(String line, Optional<AuditEntry> entry, boolean intact) {}
