package io.jenkins.plugins.deploymentgate.core.deployment;

import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentRequest;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The count of the votes on one deployment under one policy.
 *
 * <p>A person has one vote, and it sits in one rule: in the one it was cast for while it still fits there, else in the
 * first open rule that it fits. A vote that fits no rule any more is not counted. The order in which the votes are
 * handed in does not matter.
 *
 * @param rules each rule with the approvals that count for it, in the order of the policy
 * @param rejection the rejection that decides, if there is one
 */
public record Tally(List<RuleTally> rules, Optional<Approval> rejection) {

    /**
     * One rule and the approvals that count for it.
     *
     * @param rule what is demanded
     * @param approvals one for each person, in the order counted
     */
    public record RuleTally(ApprovalRule rule, List<Approval> approvals) {

        /** Copies the list. */
        public RuleTally {
            approvals = List.copyOf(approvals);
        }

        /** @return how many approvals it still needs; 0 or more */
        public int outstanding() {
            return Math.max(0, rule.requiredApprovals() - approvals.size());
        }

        /** @return whether it needs no more approvals */
        public boolean isMet() {
            return outstanding() == 0;
        }
    }

    /** Copies the list. */
    public Tally {
        rules = List.copyOf(rules);
    }

    /**
     * Counts.
     *
     * @param policy what the environment demands now
     * @param request what was asked for, and by whom
     * @param votes what was cast, in any order; only the first vote of a person counts
     * @return the count
     */
    public static Tally of(EnvironmentPolicy policy, DeploymentRequest request, Collection<Approval> votes) {
        List<Approval> ordered = votes.stream().sorted(Approval.ORDER).toList();
        Map<String, Approval> byVoter = new LinkedHashMap<>();
        for (Approval vote : ordered) {
            String voter = vote.voter().id();
            if (vote.decision() == VoteDecision.APPROVED && !policy.separation().excludes(request, voter)) {
                byVoter.putIfAbsent(voter, vote);
            }
        }
        return new Tally(
                seat(policy.rules(), byVoter.values()),
                ordered.stream()
                        .filter(vote -> vote.decision() == VoteDecision.REJECTED)
                        .findFirst());
    }

    private static List<RuleTally> seat(List<ApprovalRule> rules, Collection<Approval> votes) {
        Map<String, List<Approval>> seats = new LinkedHashMap<>();
        rules.forEach(rule -> seats.put(rule.name(), new ArrayList<>()));
        List<Approval> displaced = new ArrayList<>();
        for (Approval vote : votes) {
            boolean stillFits =
                    rules.stream().anyMatch(rule -> rule.name().equals(vote.rule()) && rule.admits(vote.voter()));
            (stillFits ? seats.get(vote.rule()) : displaced).add(vote);
        }
        for (Approval vote : displaced) {
            rules.stream()
                    .filter(rule ->
                            rule.admits(vote.voter()) && seats.get(rule.name()).size() < rule.requiredApprovals())
                    .findFirst()
                    .ifPresent(rule -> seats.get(rule.name()).add(vote));
        }
        return rules.stream()
                .map(rule -> new RuleTally(rule, seats.get(rule.name())))
                .toList();
    }

    /** @return what follows from the votes alone: one rejection decides, else all rules must be met */
    public Decision decision() {
        if (rejection.isPresent()) {
            return new Decision.Rejected(rejection.get());
        }
        int outstanding = outstanding();
        return outstanding == 0 ? new Decision.Approved() : new Decision.Pending(outstanding);
    }

    /** @return how many approvals are still needed, over all rules; 0 or more */
    public int outstanding() {
        return rules.stream().mapToInt(RuleTally::outstanding).sum();
    }

    /** @return how many approvals are needed in all */
    public int required() {
        return rules.stream()
                .mapToInt(tally -> tally.rule().requiredApprovals())
                .sum();
    }

    /** @return how many of the needed approvals there are; never more than {@link #required} */
    public int given() {
        return required() - outstanding();
    }
}
