package io.jenkins.plugins.deploymentgate.core.deployment;

import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.ArrayList;
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

    /** @return the override with that decision; empty if there is none */
    public Optional<PolicyOverride> override(VoteDecision decision) {
        return override.filter(one -> one.decision() == decision);
    }

    DeploymentHistory with(Approval approval) {
        List<Approval> votes = new ArrayList<>(approvals);
        votes.add(approval);
        return new DeploymentHistory(votes, withdrawals, override);
    }

    DeploymentHistory without(Withdrawal withdrawal) {
        List<Approval> votes = new ArrayList<>(approvals);
        votes.remove(withdrawal.approval());
        List<Withdrawal> withdrawn = new ArrayList<>(withdrawals);
        withdrawn.add(withdrawal);
        return new DeploymentHistory(votes, withdrawn, override);
    }

    DeploymentHistory with(PolicyOverride decisive) {
        return new DeploymentHistory(approvals, withdrawals, Optional.of(decisive));
    }
}
