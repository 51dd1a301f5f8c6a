package io.jenkins.plugins.deploymentgate.core.ledger;

import java.util.Optional;

/**
 * What a verification of the audit ledger has found.
 *
 * @param files how many files were looked at
 * @param entries how many entries were looked at, to the first that is wrong
 * @param problem the first thing that is wrong; empty if nothing is
 */
public record AuditReport(int files, long entries, Optional<AuditProblem> problem) {}
