package io.jenkins.plugins.deploymentgate.core.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.SeparationOfDuties;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/**
 * Counts the votes in another way: tries every assignment of votes to seats, and keeps the one that follows the rules as
 * they are described to people. There must be one and no second, and it must be the engine's.
 */
@Domain(Policies.class)
@Domain(DomainContext.Global.class)
class OraclePropertiesTest {

    @Property(tries = 5000)
    void theEngineCountsAsTheRulesAreDescribed(@ForAll Policies.Case any) {
        List<Approval> approvals = any.votes().stream()
                .filter(vote -> vote.decision() == VoteDecision.APPROVED)
                .filter(vote -> mayVote(any, vote))
                .sorted(Approval.ORDER)
                .toList();
        List<Map<Approval, ApprovalRule>> legitimate = assignments(any.policy().rules(), approvals).stream()
                .filter(seats -> approvals.stream().allMatch(vote -> sitsRight(any, approvals, seats, vote)))
                .toList();
        assertEquals(1, legitimate.size(), "the description leaves no choice");
        Map<ApprovalRule, List<Approval>> expected = new HashMap<>();
        any.policy().rules().forEach(rule -> expected.put(rule, new ArrayList<>()));
        approvals.forEach(vote -> {
            ApprovalRule rule = legitimate.get(0).get(vote);
            if (rule != null) {
                expected.get(rule).add(vote);
            }
        });
        any.tally()
                .rules()
                .forEach(tally -> assertEquals(
                        expected.get(tally.rule()),
                        tally.approvals().stream().sorted(Approval.ORDER).toList()));
        boolean rejected = any.votes().stream().anyMatch(vote -> vote.decision() == VoteDecision.REJECTED);
        boolean met = expected.entrySet().stream()
                .allMatch(entry -> entry.getValue().size() >= entry.getKey().requiredApprovals());
        assertEquals(
                rejected ? Status.FAILED : met ? Status.RUNNING : Status.BLOCKED,
                withVotes(any).evaluate(any.policy(), Policies.NOON).status());
    }

    private static Deployment withVotes(Policies.Case any) {
        Deployment empty = Deployment.created(1, 1, any.request(), any.policy(), Policies.NOON);
        return new Deployment(
                1,
                1,
                any.request(),
                false,
                Status.CREATED,
                Optional.empty(),
                any.policy(),
                new DeploymentHistory(any.votes(), List.of(), Optional.empty()),
                empty.times());
    }

    /** Nobody approves what they asked for or wrote, unless that is allowed; nobody at all while authors are unknown. */
    private static boolean mayVote(Policies.Case any, Approval vote) {
        String voter = vote.voter().id();
        SeparationOfDuties separation = any.policy().separation();
        boolean own = any.request().requesters().contains(voter);
        if (own && !separation.selfApprovalAllowed()) {
            return false;
        }
        return separation.authorApprovalAllowed()
                || any.request().authors().isPresent()
                        && !any.request().authors().get().people().contains(voter);
    }

    /** A vote sits in the rule that it was cast for; else in the first rule that it fits and that is open then. */
    private static boolean sitsRight(
            Policies.Case any, List<Approval> order, Map<Approval, ApprovalRule> seats, Approval vote) {
        List<ApprovalRule> fitting = any.policy().rules().stream()
                .filter(rule -> rule.admits(vote.voter()))
                .toList();
        for (ApprovalRule rule : fitting) {
            if (rule.name().equals(vote.rule())) {
                return rule.equals(seats.get(vote));
            }
        }
        for (ApprovalRule rule : fitting) {
            long before = order.stream()
                    .filter(other -> rule.equals(seats.get(other)))
                    .filter(other -> rule.name().equals(other.rule()) || order.indexOf(other) < order.indexOf(vote))
                    .count();
            if (before < rule.requiredApprovals()) {
                return rule.equals(seats.get(vote));
            }
        }
        return Objects.isNull(seats.get(vote));
    }

    private static List<Map<Approval, ApprovalRule>> assignments(List<ApprovalRule> rules, List<Approval> votes) {
        List<Map<Approval, ApprovalRule>> all = new ArrayList<>(List.of(Map.of()));
        for (Approval vote : votes) {
            List<Map<Approval, ApprovalRule>> longer = new ArrayList<>();
            for (Map<Approval, ApprovalRule> seats : all) {
                longer.add(seats);
                for (ApprovalRule rule : rules) {
                    Map<Approval, ApprovalRule> more = new HashMap<>(seats);
                    more.put(vote, rule);
                    longer.add(more);
                }
            }
            all = longer;
        }
        return all;
    }
}
