package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.List;

/**
 * A named rule: requires a number of approvals from a set of approvers.
 *
 * @param name unique within the policy of an environment
 * @param requiredApprovals how many people must approve; 0 or more
 * @param approvers the people whose approvals count, in the order configured
 */
public record ApprovalRule(String name, int requiredApprovals, List<Approver> approvers) {

    /** @throws IllegalArgumentException if the count is negative */
    public ApprovalRule {
        if (requiredApprovals < 0) {
            throw new IllegalArgumentException("required approvals: " + requiredApprovals);
        }
        approvers = List.copyOf(approvers);
    }

    /** @return whether their approval can count for this rule */
    public boolean admits(Voter voter) {
        return approvers.stream().anyMatch(approver -> approver.admits(voter));
    }
}
