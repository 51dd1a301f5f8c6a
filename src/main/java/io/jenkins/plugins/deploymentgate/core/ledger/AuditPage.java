package io.jenkins.plugins.deploymentgate.core.ledger;

import java.util.List;
import java.util.Optional;

/**
 * A part of what a search in the audit ledger has found.
 *
 * @param rows lines, the latest first
 * @param older where to search on; empty at the beginning of the ledger
 */
public record AuditPage(List<AuditRow> rows, Optional<String> older) {}
