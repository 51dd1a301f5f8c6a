package io.jenkins.plugins.deploymentgate.core.deployment;

import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.List;
import java.util.Optional;

/**
 * What people did with a deployment, in the order in which they did it.
 *
 * @param approvals the votes that stand, rejections too
 * @param withdrawals the approvals that were withdrawn
 * @param override the override that decided it; empty if none did
 */
public record DeploymentHistory(
        List<Approval> approvals, List<Withdrawal> withdrawals, Optional<PolicyOverride> override) {

    static final DeploymentHistory EMPTY = new DeploymentHistory(List.of(), List.of(), Optional.empty());

    /** Copies the lists. */
    public DeploymentHistory {
        approvals = List.copyOf(approvals);
        withdrawals = List.copyOf(withdrawals);
    }

    /** @return the override that rejected it; empty if none did */
    public Optional<PolicyOverride> overrideToReject() {
        return override.filter(one -> one.decision() == VoteDecision.REJECTED);
    }
}
