package io.jenkins.plugins.deploymentgate.core.deployment;

import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.NOON;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.blocked;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.rules;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.voter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which rule an approval counts for, and who can still vote. */
class SeatingTest {

    private static final ApprovalRule SECURITY = rule("Security", 1, "bob", "carol");
    private static final ApprovalRule OPERATIONS = rule("Operations", 1, "bob", "dave");
    private static final EnvironmentPolicy BOTH = rules(SECURITY, OPERATIONS);

    private static ApprovalRule rule(String name, int required, String... users) {
        return new ApprovalRule(
                name, required, List.of(users).stream().map(Policies::user).toList());
    }

    private static VoteOutcome vote(
            Deployment deployment, EnvironmentPolicy policy, String user, VoteDecision decision, String rule) {
        return VoteOutcome.cast(
                deployment,
                policy,
                Rivals.NONE,
                voter(user),
                decision,
                "",
                Optional.of(rule).filter(name -> !name.isEmpty()),
                NOON.plusSeconds(deployment.approvals().size()));
    }

    private static Deployment approve(Deployment deployment, EnvironmentPolicy policy, String user, String rule) {
        return assertInstanceOf(VoteOutcome.Accepted.class, vote(deployment, policy, user, VoteDecision.APPROVED, rule))
                .following();
    }

    private static DenialReason refused(Deployment deployment, EnvironmentPolicy policy, String user, String rule) {
        return assertInstanceOf(VoteOutcome.Refused.class, vote(deployment, policy, user, VoteDecision.APPROVED, rule))
                .why();
    }

    @Test
    void anApprovalMovesToAnotherRuleSoThatTheNextOneCounts() {
        EnvironmentPolicy narrow = rules(SECURITY, rule("Operations", 1, "bob"));
        Deployment first = approve(blocked(narrow, List.of()), narrow, "bob", "");
        assertEquals(Optional.of("Security"), first.tally().ruleOf("bob"));
        Deployment second = approve(first, narrow, "carol", "");
        assertEquals(Status.RUNNING, second.status());
        assertEquals(Optional.of("Operations"), second.tally().ruleOf("bob"));
        assertEquals(Optional.of("Security"), second.tally().ruleOf("carol"));
        assertEquals(Optional.empty(), second.tally().ruleOf("dave"));
    }

    @Test
    void approvalsMoveAlongAChainOfRules() {
        EnvironmentPolicy chain = rules(rule("one", 1, "a", "d"), rule("two", 1, "a", "b"), rule("three", 1, "b", "c"));
        Deployment ab = approve(approve(blocked(chain, List.of()), chain, "a", ""), chain, "b", "");
        Deployment all = approve(ab, chain, "d", "");
        assertEquals(Status.RUNNING, all.status());
        assertEquals(Optional.of("two"), all.tally().ruleOf("a"));
        assertEquals(Optional.of("three"), all.tally().ruleOf("b"));
    }

    @Test
    void theApprovalsOfARuleAreInTheOrderInWhichTheyWereGiven() {
        EnvironmentPolicy policy = rules(rule("pair", 2, "a", "b", "c"), rule("other", 1, "a", "b"), rule("x", 1, "x"));
        Deployment deployment = blocked(policy, List.of());
        for (String user : List.of("a", "b", "c")) {
            deployment = approve(deployment, policy, user, "");
        }
        assertEquals(
                List.of("a", "c"),
                deployment.tally().rules().get(0).approvals().stream()
                        .map(approval -> approval.voter().id())
                        .toList());
    }

    @Test
    void anApprovalForAChosenRuleStaysThere() {
        Deployment first = approve(blocked(BOTH, List.of()), BOTH, "bob", "Security");
        assertEquals(Optional.of("Security"), first.tally().ruleOf("bob"));
        assertEquals(DenialReason.RULE_ALREADY_MET, refused(first, BOTH, "carol", ""), "bob does not move");
        assertEquals(Status.RUNNING, approve(first, BOTH, "dave", "").status());
        Deployment other = approve(blocked(BOTH, List.of()), BOTH, "bob", "Operations");
        assertEquals(Optional.of("Operations"), other.tally().ruleOf("bob"), "though Security comes first");
    }

    @Test
    void aChosenRuleMustExistAdmitTheVoterAndBeOpen() {
        Deployment empty = blocked(BOTH, List.of());
        assertEquals(DenialReason.NO_SUCH_RULE, refused(empty, BOTH, "bob", "Quality"));
        assertEquals(DenialReason.NOT_AN_APPROVER, refused(empty, BOTH, "carol", "Operations"));
        Deployment first = approve(empty, BOTH, "carol", "Security");
        assertEquals(DenialReason.RULE_ALREADY_MET, refused(first, BOTH, "bob", "Security"));
        assertEquals(List.of("Operations"), VoteOutcome.openRules(first, BOTH, voter("bob")));
        assertEquals(List.of("Security", "Operations"), VoteOutcome.openRules(empty, BOTH, voter("bob")));
        assertEquals(List.of(), VoteOutcome.openRules(empty, BOTH, voter("mallory")));
    }

    @Test
    void anApprovalWhoseChosenRuleIsGoneFitsElsewhere() {
        Deployment first = approve(blocked(BOTH, List.of()), BOTH, "bob", "Security");
        EnvironmentPolicy renamed = rules(rule("Safety", 1, "bob"), OPERATIONS);
        assertEquals(Optional.of("Safety"), first.tally(renamed).ruleOf("bob"));
        EnvironmentPolicy withoutBob = rules(rule("Security", 1, "carol"), OPERATIONS);
        assertEquals(Optional.of("Operations"), first.tally(withoutBob).ruleOf("bob"));
        assertEquals(
                Optional.of("Security"),
                approve(first, withoutBob, "carol", "").tally().ruleOf("carol"));
    }

    @Test
    void earlierApprovalsFillTheSeatsWhenFewerAreNeeded() {
        EnvironmentPolicy three = rules(rule("all", 3, "bob", "carol", "dave"));
        Deployment two = approve(approve(blocked(three, List.of()), three, "carol", ""), three, "bob", "");
        EnvironmentPolicy one = rules(rule("all", 1, "bob", "carol"), rule("more", 1, "eve"));
        assertEquals(Optional.of("all"), two.tally(one).ruleOf("carol"));
        assertEquals(Optional.empty(), two.tally(one).ruleOf("bob"), "the vote stays in the history");
        assertEquals(1, two.tally(one).outstanding());
        assertEquals(2, two.tally(one).required());
        assertEquals(1, two.tally(one).given());
    }

    @Test
    void anApproverOfARuleThatIsMetCanStillReject() {
        Deployment first = approve(blocked(BOTH, List.of()), BOTH, "carol", "");
        EnvironmentPolicy more = rules(rule("Security", 1, "bob", "carol", "eve"), OPERATIONS);
        assertEquals(DenialReason.RULE_ALREADY_MET, refused(first, more, "eve", ""));
        for (String rule : List.of("", "Security")) {
            VoteOutcome rejected = vote(first, more, "eve", VoteDecision.REJECTED, rule);
            assertEquals(
                    EndReason.DEPLOYMENT_REJECTED,
                    assertInstanceOf(VoteOutcome.Accepted.class, rejected)
                            .following()
                            .endReason());
        }
        assertEquals(
                new VoteOutcome.Refused(DenialReason.NOT_AN_APPROVER),
                vote(first, more, "mallory", VoteDecision.REJECTED, ""));
        assertEquals(
                new VoteOutcome.Refused(DenialReason.NOT_AN_APPROVER),
                vote(first, more, "eve", VoteDecision.REJECTED, "Operations"));
    }
}
