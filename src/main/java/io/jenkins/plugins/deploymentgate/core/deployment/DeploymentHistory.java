package io.jenkins.plugins.deploymentgate.core.deployment;

import java.util.List;
import java.util.Optional;

/**
 * What people did with a deployment.
 *
 * @param approvals the votes that stand, in the order taken
 * @param withdrawals the approvals that were taken back, in that order
 * @param override who put the policy aside; empty unless that decided it
 */
public record DeploymentHistory(
        List<Approval> approvals, List<Withdrawal> withdrawals, Optional<PolicyOverride> override) {

    static final DeploymentHistory EMPTY = new DeploymentHistory(List.of(), List.of(), Optional.empty());

    /** Copies the lists. */
    public DeploymentHistory {
        approvals = List.copyOf(approvals);
        withdrawals = List.copyOf(withdrawals);
    }
}
