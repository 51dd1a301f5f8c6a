package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an environment demands of a deployment.
 *
 * @param rules all of them must be met; with none, no approval is needed
 * @param access who may start a deployment, and from where
 * @param separation whether people who had a part in a deployment may vote on it
 * @param commentRequired the decisions that need a comment
 * @param timing its deadline, wait and freezes
 * @param turns what it demands of deployments that compete for it
 * @param instructions what approvers should look at, a text of each matching entry that has one
 */
public record EnvironmentPolicy(
        List<ApprovalRule> rules,
        DeployAccess access,
        SeparationOfDuties separation,
        Set<VoteDecision> commentRequired,
        Timing timing,
        TurnRules turns,
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

    /**
     * @param rules all of them must be met
     * @return a policy with the defaults for everything else
     */
    public static EnvironmentPolicy of(List<ApprovalRule> rules) {
        return new EnvironmentPolicy(
                rules, DeployAccess.OPEN, SeparationOfDuties.USUAL, Set.of(), Timing.ANY, TurnRules.NONE, List.of());
    }

    /**
     * Checks whether a build may start a deployment. An environment that forbids self-approval, or that restricts who may
     * deploy, has to know everybody who caused the build, unless it allows that they are not known.
     *
     * @param source from where the build deploys
     * @param origin who and what caused the build
     * @param people the people of {@code origin}
     * @return why the deployment is refused; empty if it is not
     */
    public Optional<DeployRefusal> deployRefusal(DeploySource source, RequestOrigin origin, Collection<Voter> people) {
        boolean requestersMatter =
                access.isRestricted() || requiredApprovals() > 0 && !separation.selfApprovalAllowed();
        return access.refusal(source, origin, people)
                .or(() -> requestersMatter && !origin.isComplete() && !access.unknownAllowed()
                        ? Optional.of(new DeployRefusal.UnknownRequesters(origin.unknown()))
                        : Optional.empty());
    }

    /** @return how many approvals a deployment needs, over all rules */
    public int requiredApprovals() {
        return rules.stream().mapToInt(ApprovalRule::requiredApprovals).sum();
    }

    /**
     * Unites two policies that apply together. The result is never weaker than either: all rules of both must be met, both must
     * give deploy access, and what one forbids or requires is forbidden or required.
     *
     * @param other a policy whose rules have other names
     * @return the stricter union
     */
    public EnvironmentPolicy and(EnvironmentPolicy other) {
        return new EnvironmentPolicy(
                joined(rules, other.rules),
                access.and(other.access),
                separation.and(other.separation),
                Stream.concat(commentRequired.stream(), other.commentRequired.stream())
                        .collect(Collectors.toUnmodifiableSet()),
                timing.and(other.timing),
                turns.and(other.turns),
                joined(instructions, other.instructions));
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
