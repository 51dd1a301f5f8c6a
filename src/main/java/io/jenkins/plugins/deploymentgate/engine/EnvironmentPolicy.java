package io.jenkins.plugins.deploymentgate.engine;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one environment demands of a deployment.
 *
 * @param rules all of them must be met; none means that nothing is to be approved
 * @param selfApprovalAllowed whether a requester may vote on their own deployment
 * @param commentRequired the verdicts that need a comment
 * @param instructions what approvers should look at, a text for each configuration that has one
 */
public record EnvironmentPolicy(
        List<ApprovalRule> rules,
        boolean selfApprovalAllowed,
        Set<Verdict> commentRequired,
        List<String> instructions) {

    /** @throws IllegalArgumentException if two rules have one name */
    public EnvironmentPolicy {
        rules = List.copyOf(rules);
        commentRequired = Set.copyOf(commentRequired);
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
     * Two policies that apply together. The result is never weaker than either: all rules of both must be met, self-approval
     * is allowed only if both allow it, and a comment is required if one requires it.
     *
     * @param other whose rules have names of their own
     * @return the stricter union
     */
    public EnvironmentPolicy and(EnvironmentPolicy other) {
        return new EnvironmentPolicy(
                joined(rules, other.rules),
                selfApprovalAllowed && other.selfApprovalAllowed,
                Stream.concat(commentRequired.stream(), other.commentRequired.stream())
                        .collect(Collectors.toUnmodifiableSet()),
                joined(instructions, other.instructions));
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
