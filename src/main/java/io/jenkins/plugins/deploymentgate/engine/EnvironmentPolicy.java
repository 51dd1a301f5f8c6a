package io.jenkins.plugins.deploymentgate.engine;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one environment demands of a deployment.
 *
 * @param rules all of them must be met; none means that nothing is to be approved
 * @param selfApprovalAllowed whether a requester may vote on their own deployment
 * @param instructions what approvers should look at, a text for each configuration that has one
 */
public record EnvironmentPolicy(List<ApprovalRule> rules, boolean selfApprovalAllowed, List<String> instructions) {

    /** @throws IllegalArgumentException if two rules have one name */
    public EnvironmentPolicy {
        rules = List.copyOf(rules);
        instructions = List.copyOf(instructions);
        Set<String> names = new LinkedHashSet<>();
        for (ApprovalRule rule : rules) {
            if (!names.add(rule.name())) {
                throw new IllegalArgumentException("two rules named " + rule.name());
            }
        }
    }

    /** @return the approvals that a deployment needs in all */
    public int requiredApprovals() {
        return rules.stream().mapToInt(ApprovalRule::requiredApprovals).sum();
    }

    /**
     * Two policies that apply together. The result is never weaker than either: all rules of both must be met, and
     * self-approval is allowed only if both allow it.
     *
     * @param other whose rules have names of their own
     * @return the stricter union
     */
    public EnvironmentPolicy and(EnvironmentPolicy other) {
        return new EnvironmentPolicy(
                joined(rules, other.rules),
                selfApprovalAllowed && other.selfApprovalAllowed,
                joined(instructions, other.instructions));
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
