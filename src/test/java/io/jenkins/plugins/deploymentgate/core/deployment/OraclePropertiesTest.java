package io.jenkins.plugins.deploymentgate.core.deployment;

import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.SeparationOfDuties;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/**
 * Counts the votes in another way: lists every assignment of votes to seats, and picks one by the rules as they are described
 * to people. There must be one and no second, and it must be the engine's.
 */
@Domain(Policies.class)
@Domain(DomainContext.Global.class)
class OraclePropertiesTest {

    /** The rule of each vote, by its number in the policy; {@link #NONE} for a vote that fills no seat. */
    private record Assignment(List<Integer> rules) {

        long filled() {
            return rules.stream().filter(rule -> rule != NONE).count();
        }

        /** Earlier votes fill a seat before later ones do; then each has the first rule that it can have. */
        static final Comparator<Assignment> PREFERENCE = Comparator.comparing(Assignment::filled)
                .reversed()
                .thenComparing(one -> one.text(rule -> rule == NONE ? "1" : "0"))
                .thenComparing(one -> one.text(String::valueOf));

        private String text(Function<Integer, String> digit) {
            return rules.stream().map(digit).collect(Collectors.joining());
        }
    }

    private static final int NONE = 9;

    @Property
    void theEngineCountsAsTheRulesAreDescribed(@ForAll Policies.Case any) {
        List<Approval> votes = counted(any);
        List<Assignment> preferred = assignments(any.policy().rules(), votes).stream()
                .sorted(Assignment.PREFERENCE)
                .limit(2)
                .toList();
        if (preferred.size() == 2) {
            assertNotEquals(
                    0,
                    Assignment.PREFERENCE.compare(preferred.get(0), preferred.get(1)),
                    "the description leaves no choice");
        }
        List<Tally.RuleTally> rules = any.tally().rules();
        for (int rule = 0; rule < rules.size(); rule++) {
            int number = rule;
            List<Approval> seated = IntStream.range(0, votes.size())
                    .filter(vote -> preferred.get(0).rules().get(vote) == number)
                    .mapToObj(votes::get)
                    .toList();
            assertEquals(seated, rules.get(rule).approvals());
            seated.forEach(vote -> assertEquals(
                    Optional.of(rules.get(number).rule().name()),
                    any.tally().ruleOf(vote.voter().id())));
        }
    }

    @Property
    void aDeploymentIsApprovedExactlyIfSomeAssignmentOfItsVotesMeetsAllRules(@ForAll Policies.Case any) {
        boolean rejected = any.votes().stream().anyMatch(vote -> vote.decision() == VoteDecision.REJECTED);
        assertEquals(
                rejected ? Status.FAILED : canBeMet(any, any.votes()) ? Status.RUNNING : Status.BLOCKED,
                with(any, any.votes()).evaluate(any.policy(), Rivals.NONE, NOON).status());
    }

    @Property
    void anApprovalIsAcceptedExactlyIfItBringsSomeAssignmentNearer(@ForAll Policies.Case any, @ForAll Approval next) {
        List<Approval> before = any.votes().stream()
                .filter(vote -> vote.decision() == VoteDecision.APPROVED)
                .filter(vote -> !vote.voter().id().equals(next.voter().id()))
                .toList();
        Approval approval = new Approval(next.voter(), VoteDecision.APPROVED, "", next.at(), next.rule());
        Deployment deployment = with(any, before).evaluate(any.policy(), Rivals.NONE, NOON);
        Assume.that(deployment.status() == Status.BLOCKED);
        List<Approval> after = new ArrayList<>(before);
        after.add(approval);
        boolean chosen = approval.rule().isEmpty()
                || any.policy().rules().stream()
                        .anyMatch(rule -> rule.name().equals(approval.rule().get()) && rule.admits(approval.voter()));
        boolean accepted = VoteOutcome.cast(
                        deployment,
                        any.policy(),
                        Rivals.NONE,
                        approval.voter(),
                        VoteDecision.APPROVED,
                        "",
                        approval.rule(),
                        approval.at())
                instanceof VoteOutcome.Accepted;
        assertEquals(chosen && filled(any, after) > filled(any, before), accepted);
    }

    private static boolean canBeMet(Policies.Case any, List<Approval> votes) {
        return filled(any, votes) == any.policy().requiredApprovals();
    }

    private static long filled(Policies.Case any, List<Approval> votes) {
        List<Approval> counted = counted(new Policies.Case(any.policy(), any.request(), votes));
        return assignments(any.policy().rules(), counted).stream()
                .mapToLong(Assignment::filled)
                .max()
                .orElseThrow();
    }

    private static List<Approval> counted(Policies.Case any) {
        return any.votes().stream()
                .filter(vote -> vote.decision() == VoteDecision.APPROVED)
                .filter(vote -> mayVote(any, vote))
                .sorted(Comparator.comparing(Approval::at)
                        .thenComparing(vote -> vote.voter().id()))
                .toList();
    }

    private static Deployment with(Policies.Case any, List<Approval> votes) {
        Deployment empty = Deployment.created(1, 1, any.request(), any.policy(), NOON);
        return new Deployment(
                1,
                1,
                any.request(),
                false,
                Status.CREATED,
                Optional.empty(),
                any.policy(),
                new DeploymentHistory(votes, List.of(), Optional.empty()),
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

    private static List<Assignment> assignments(List<ApprovalRule> rules, List<Approval> votes) {
        List<Assignment> all = List.of(new Assignment(List.of()));
        for (Approval vote : votes) {
            all = all.stream()
                    .flatMap(before -> Stream.concat(
                                    Stream.of(NONE),
                                    fitting(rules, vote).filter(rule -> hasSeat(before, rules.get(rule), rule)))
                            .map(rule -> new Assignment(Stream.concat(before.rules().stream(), Stream.of(rule))
                                    .toList())))
                    .toList();
        }
        return all;
    }

    private static boolean hasSeat(Assignment before, ApprovalRule rule, int number) {
        return Collections.frequency(before.rules(), number) < rule.requiredApprovals();
    }

    /** A vote fits the rule that was chosen for it; if none was, or that one does not fit any more, all that admit the voter. */
    private static Stream<Integer> fitting(List<ApprovalRule> rules, Approval vote) {
        List<Integer> admitting = IntStream.range(0, rules.size())
                .boxed()
                .filter(rule -> rules.get(rule).admits(vote.voter()))
                .toList();
        return admitting.stream()
                .filter(rule -> vote.rule().equals(Optional.of(rules.get(rule).name())))
                .findFirst()
                .map(Stream::of)
                .orElseGet(admitting::stream);
    }
}
