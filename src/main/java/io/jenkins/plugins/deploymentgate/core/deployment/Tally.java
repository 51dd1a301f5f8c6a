package io.jenkins.plugins.deploymentgate.core.deployment;

import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentRequest;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The count of the votes on one deployment under one policy.
 *
 * <p>A person has one vote, and an approval fills one seat of one rule at most. An approval for which no rule was chosen is not
 * tied to any: approvals are assigned so that they fill as many seats as possible, see {@link Seating}. The order of the given
 * votes does not matter.
 *
 * @param rules each rule with the approvals that fill its seats, in the order of the policy
 * @param rejection the rejection that decides, if there is one
 */
public record Tally(List<RuleTally> rules, Optional<Approval> rejection) {

    /**
     * One rule and the approvals that fill its seats.
     *
     * @param rule the rule
     * @param approvals as many as the rule requires at the most, in the order in which they are counted
     */
    public record RuleTally(ApprovalRule rule, List<Approval> approvals) {

        /** Copies the list. */
        public RuleTally {
            approvals = List.copyOf(approvals);
        }

        /** @return how many approvals it still needs; 0 or more */
        public int outstanding() {
            return rule.requiredApprovals() - approvals.size();
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
     * Counts votes.
     *
     * @param policy what the environment demands
     * @param request what was asked for, and by whom
     * @param votes the votes, in any order; only the first approval of a person counts
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
                Seating.of(policy.rules(), byVoter.values()),
                ordered.stream()
                        .filter(vote -> vote.decision() == VoteDecision.REJECTED)
                        .findFirst());
    }

    /**
     * @param voter canonical id of a person
     * @return the name of the rule of which their approval fills a seat; empty if it fills none
     */
    public Optional<String> ruleOf(String voter) {
        return rules.stream()
                .filter(tally -> tally.approvals().stream()
                        .anyMatch(approval -> approval.voter().id().equals(voter)))
                .map(tally -> tally.rule().name())
                .findFirst();
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
