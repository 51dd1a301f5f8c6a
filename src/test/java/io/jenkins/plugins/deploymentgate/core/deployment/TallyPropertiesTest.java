package io.jenkins.plugins.deploymentgate.core.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** What must hold of every count, whatever the policy and the votes. */
@Domain(Policies.class)
@Domain(DomainContext.Global.class)
class TallyPropertiesTest {

    @Property
    void neverApprovedWithFewerDistinctFittingVotersThanRequired(@ForAll Policies.Case any) {
        Assume.that(isApproved(any.tally()));
        Set<String> fitting = new HashSet<>();
        for (Approval vote : any.votes()) {
            boolean fits = any.policy().rules().stream().anyMatch(rule -> rule.admits(vote.voter()));
            if (vote.decision() == VoteDecision.APPROVED && fits && any.mayVote(vote.voter())) {
                fitting.add(vote.voter().id());
            }
        }
        assertTrue(fitting.size() >= any.policy().requiredApprovals());
    }

    @Property
    void eachRuleOfAnApprovedDeploymentHasItsOwnFittingVoters(@ForAll Policies.Case any) {
        Assume.that(isApproved(any.tally()));
        for (Tally.RuleTally tally : any.tally().rules()) {
            assertTrue(tally.approvals().size() >= tally.rule().requiredApprovals());
            assertTrue(tally.approvals().stream().allMatch(vote -> tally.rule().admits(vote.voter())));
        }
    }

    @Property
    void theOrderOfTheVotesDoesNotMatter(@ForAll Policies.Case any, @ForAll Random random) {
        List<Approval> shuffled = new ArrayList<>(any.votes());
        Collections.shuffle(shuffled, random);
        assertEquals(any.tally(), Tally.of(any.policy(), any.request(), shuffled));
    }

    @Property
    void aRejectionAlwaysDecides(@ForAll Policies.Case any) {
        boolean rejected = any.votes().stream().anyMatch(vote -> vote.decision() == VoteDecision.REJECTED);
        assertEquals(rejected, any.tally().rejection().isPresent());
    }

    @Property
    void aVoterNeverCountsTwice(@ForAll Policies.Case any, @ForAll List<Approval> more) {
        List<Approval> stuffed = new ArrayList<>(any.votes());
        stuffed.addAll(more);
        List<String> counted = Tally.of(any.policy(), any.request(), stuffed).rules().stream()
                .flatMap(rule -> rule.approvals().stream())
                .map(vote -> vote.voter().id())
                .toList();
        assertEquals(new HashSet<>(counted).size(), counted.size());
    }

    @Property
    void aRequesterCountsOnlyWhereSelfApprovalIsAllowed(@ForAll Policies.Case any) {
        Assume.that(!any.policy().separation().selfApprovalAllowed());
        assertNoneCounts(any, any.request().requesters());
    }

    @Property
    void anAuthorCountsOnlyWhereThatIsAllowed(@ForAll Policies.Case any) {
        Assume.that(!any.policy().separation().authorApprovalAllowed());
        any.request()
                .authors()
                .ifPresentOrElse(
                        authors -> assertNoneCounts(any, authors.people()),
                        () -> assertEquals(0, any.tally().given(), "nobody can tell who the authors are"));
    }

    private static void assertNoneCounts(Policies.Case any, List<String> people) {
        assertFalse(any.tally().rules().stream()
                .flatMap(rule -> rule.approvals().stream())
                .anyMatch(vote -> people.contains(vote.voter().id())));
    }

    @Property
    void policiesThatApplyTogetherAreNeverWeakerThanOneAlone(
            @ForAll Policies.Case any, @ForAll EnvironmentPolicy second) {
        EnvironmentPolicy renamed = Policies.with(
                second.separation(),
                EnvironmentPolicy.of(second.rules().stream()
                        .map(rule ->
                                new ApprovalRule("other " + rule.name(), rule.requiredApprovals(), rule.approvers()))
                        .toList()));
        Assume.that(isApproved(Tally.of(any.policy().and(renamed), any.request(), any.votes())));
        assertTrue(isApproved(any.tally()));
    }

    @Property
    void whatIsGivenAndWhatIsOutstandingAddUp(@ForAll Policies.Case any) {
        Tally tally = any.tally();
        assertEquals(any.policy().requiredApprovals(), tally.given() + tally.outstanding());
        tally.rules().forEach(rule -> {
            assertTrue(rule.outstanding() >= 0);
            assertEquals(rule.outstanding() == 0, rule.isMet());
        });
    }

    private static boolean isApproved(Tally tally) {
        return tally.rejection().isEmpty() && tally.outstanding() == 0;
    }
}
