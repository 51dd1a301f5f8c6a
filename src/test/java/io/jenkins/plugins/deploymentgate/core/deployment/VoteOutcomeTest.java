package io.jenkins.plugins.deploymentgate.core.deployment;

import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.NOON;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.blocked;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.policy;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.rules;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.voter;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.with;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.withComment;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.deploymentgate.core.policy.AccessLevel;
import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.Approver;
import io.jenkins.plugins.deploymentgate.core.policy.Authors;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.SeparationOfDuties;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.core.policy.Voter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VoteOutcomeTest {

    private final EnvironmentPolicy two = policy(2, "bob", "carol", "dave");

    @Test
    void theLastNeededApprovalReleases() {
        Deployment first = accepted(blocked(two, List.of("alice")), two, "bob", VoteDecision.APPROVED);
        assertEquals(Status.BLOCKED, first.status());
        assertEquals(1, first.tally().given());
        Deployment second = accepted(first, two, "carol", VoteDecision.APPROVED);
        assertEquals(Status.RUNNING, second.status());
        assertEquals(Optional.empty(), second.times().finishedAt());
        assertEquals(Optional.of(NOON), second.times().decidedAt());
        assertEquals(DenialReason.ALREADY_DECIDED, refused(second, two, "dave", VoteDecision.APPROVED));
    }

    @Test
    void oneRejectionFailsWhateverWasApprovedBefore() {
        Deployment first = accepted(blocked(two, List.of()), two, "bob", VoteDecision.APPROVED);
        Deployment second = accepted(first, two, "carol", VoteDecision.REJECTED);
        assertEquals(Status.FAILED, second.status());
        assertEquals(EndReason.DEPLOYMENT_REJECTED, second.endReason());
        assertEquals(Optional.of(NOON), second.times().finishedAt());
    }

    @Test
    void theOppositeVoteIsAConflict() {
        Deployment first = accepted(blocked(two, List.of()), two, "bob", VoteDecision.APPROVED);
        assertEquals(DenialReason.ALREADY_VOTED, refused(first, two, "bob", VoteDecision.REJECTED));
        assertEquals(DenialReason.Kind.CONFLICT, DenialReason.ALREADY_VOTED.kind());
    }

    @Test
    void strangersAndRequestersAreRefused() {
        assertEquals(
                DenialReason.NOT_AN_APPROVER,
                refused(blocked(two, List.of("alice")), two, "mallory", VoteDecision.APPROVED));
        assertEquals(
                DenialReason.OWN_DEPLOYMENT,
                refused(blocked(two, List.of("x", "bob")), two, "bob", VoteDecision.REJECTED));
    }

    @Test
    void aRequesterMayVoteWhereThatIsAllowed() {
        EnvironmentPolicy lenient = with(new SeparationOfDuties(true, true), two);
        Deployment voted = accepted(blocked(lenient, List.of("bob")), lenient, "bob", VoteDecision.APPROVED);
        assertEquals(1, voted.tally().given());
    }

    @Test
    void groupsAndThePermissionAdmit() {
        ApprovalRule managers = new ApprovalRule("managers", 1, List.of(new Approver.Group("managers")));
        ApprovalRule holders = new ApprovalRule("holders", 1, List.of(new Approver.PermissionHolders()));
        EnvironmentPolicy both = rules(managers, holders);
        Deployment deployment = blocked(both, List.of());
        Voter manager = new Voter("bob", Set.of("managers"), true, Set.of());
        VoteOutcome.Accepted first = assertInstanceOf(VoteOutcome.Accepted.class, cast(deployment, both, manager));
        assertEquals(Optional.of("managers"), first.following().tally().ruleOf("bob"));
        assertEquals(Status.BLOCKED, first.following().status(), "nobody fills two seats");
        Voter holder = new Voter("carol", Set.of(), true, Set.of());
        VoteOutcome.Accepted second =
                assertInstanceOf(VoteOutcome.Accepted.class, cast(first.following(), both, holder));
        assertEquals(Status.RUNNING, second.following().status());
        Voter otherManager = new Voter("carol", Set.of("managers"), false, Set.of());
        VoteOutcome.Accepted moved =
                assertInstanceOf(VoteOutcome.Accepted.class, cast(first.following(), both, otherManager));
        assertEquals(Optional.of("holders"), moved.following().tally().ruleOf("bob"));
    }

    @Test
    void anAccessLevelAdmits() {
        ApprovalRule maintainers = new ApprovalRule("m", 1, List.of(new Approver.Level(AccessLevel.MAINTAINER)));
        EnvironmentPolicy policy = rules(maintainers);
        Deployment deployment = blocked(policy, List.of());
        Voter developer = new Voter("bob", Set.of(), true, Set.of(AccessLevel.DEVELOPER));
        assertEquals(new VoteOutcome.Refused(DenialReason.NOT_AN_APPROVER), cast(deployment, policy, developer));
        Voter maintainer = new Voter("bob", Set.of(), false, Set.of(AccessLevel.DEVELOPER, AccessLevel.MAINTAINER));
        assertInstanceOf(VoteOutcome.Accepted.class, cast(deployment, policy, maintainer));
        assertEquals(Optional.of(AccessLevel.ADMINISTRATOR), AccessLevel.of(60));
        assertEquals(Optional.empty(), AccessLevel.of(50));
    }

    @Test
    void anEnvironmentThatNeedsNoApprovalIsNeverBlocked() {
        assertEquals(Status.RUNNING, blocked(policy(0), List.of("alice")).status());
    }

    @Test
    void anApprovalCanBeTakenBackWhileBlockedAndCastAnew() {
        Deployment voted = accepted(blocked(two, List.of()), two, "bob", VoteDecision.APPROVED);
        VoteOutcome.Accepted withdrawn =
                assertInstanceOf(VoteOutcome.Accepted.class, VoteOutcome.withdraw(voted, "bob", NOON.plusSeconds(5)));
        Deployment without = withdrawn.following();
        assertEquals(0, without.tally().given());
        assertEquals(Status.BLOCKED, without.status());
        assertEquals(List.of(new Withdrawal(voted.approvals().get(0), NOON.plusSeconds(5))), without.withdrawals());
        assertEquals(
                new VoteOutcome.Repeated(withdrawn.action()),
                VoteOutcome.withdraw(without, "bob", NOON),
                "asking again is answered the same");
        assertEquals(
                new VoteOutcome.Refused(DenialReason.NOTHING_TO_WITHDRAW),
                VoteOutcome.withdraw(without, "carol", NOON));
        assertEquals(
                Status.FAILED,
                accepted(without, two, "bob", VoteDecision.REJECTED).status(),
                "and think again");
    }

    @Test
    void aVoteOnADecidedDeploymentIsRefusedWithoutItsPolicy() {
        Deployment decided = accepted(blocked(two, List.of()), two, "bob", VoteDecision.REJECTED);
        assertEquals(
                Optional.of(new VoteOutcome.Refused(DenialReason.ALREADY_DECIDED)),
                VoteOutcome.settled(decided, voter("carol"), VoteDecision.APPROVED));
        assertEquals(
                Optional.empty(), VoteOutcome.settled(blocked(two, List.of()), voter("carol"), VoteDecision.APPROVED));
    }

    @Test
    void theLatestWithdrawalIsAnsweredAgain() {
        Deployment first = accepted(blocked(two, List.of()), two, "bob", VoteDecision.APPROVED);
        Deployment once = ((VoteOutcome.Accepted) VoteOutcome.withdraw(first, "bob", NOON)).following();
        VoteOutcome.Accepted last = (VoteOutcome.Accepted)
                VoteOutcome.withdraw(accepted(once, two, "bob", VoteDecision.APPROVED), "bob", NOON.plusSeconds(9));
        assertEquals(
                new VoteOutcome.Repeated(last.action()),
                VoteOutcome.withdraw(last.following(), "bob", NOON.plusSeconds(10)));
    }

    @Test
    void anApprovalIsWithdrawnTwentyTimesAtTheMost() {
        Deployment deployment = blocked(two, List.of());
        for (int cycle = 0; cycle < 20; cycle++) {
            Deployment approved = accepted(deployment, two, "bob", VoteDecision.APPROVED);
            deployment = assertInstanceOf(VoteOutcome.Accepted.class, VoteOutcome.withdraw(approved, "bob", NOON))
                    .following();
        }
        assertEquals(DenialReason.TOO_MANY_WITHDRAWALS, refused(deployment, two, "bob", VoteDecision.APPROVED));
        assertEquals(
                Optional.of(DenialReason.TOO_MANY_WITHDRAWALS),
                VoteOutcome.refusal(deployment, two, voter("bob"), VoteDecision.APPROVED, NOON));
        assertEquals(
                Status.BLOCKED,
                accepted(deployment, two, "carol", VoteDecision.APPROVED).status(),
                "each person has their own");
        assertEquals(
                Status.FAILED,
                accepted(deployment, two, "bob", VoteDecision.REJECTED).status(),
                "a rejection is always possible");
    }

    @Test
    void nothingIsTakenBackFromADecidedDeployment() {
        Deployment decided = accepted(
                accepted(blocked(two, List.of()), two, "bob", VoteDecision.APPROVED),
                two,
                "carol",
                VoteDecision.APPROVED);
        assertEquals(new VoteOutcome.Refused(DenialReason.ALREADY_DECIDED), VoteOutcome.withdraw(decided, "bob", NOON));
    }

    @Test
    void aCommentIsWantedWhereThePolicySaysSo() {
        EnvironmentPolicy strict = withComment(VoteDecision.REJECTED, two);
        Deployment deployment = blocked(strict, List.of());
        assertEquals(DenialReason.COMMENT_REQUIRED, refused(deployment, strict, "bob", VoteDecision.REJECTED));
        assertEquals(DenialReason.Kind.INCOMPLETE, DenialReason.COMMENT_REQUIRED.kind());
        assertEquals(
                1,
                accepted(deployment, strict, "bob", VoteDecision.APPROVED)
                        .tally()
                        .given());
        VoteOutcome said = VoteOutcome.cast(
                deployment, strict, Rivals.NONE, voter("bob"), VoteDecision.REJECTED, "no", Optional.empty(), NOON);
        assertInstanceOf(VoteOutcome.Accepted.class, said);
    }

    @Test
    void aVoteIsJudgedByThePolicyOfToday() {
        Deployment first = accepted(blocked(two, List.of()), two, "bob", VoteDecision.APPROVED);
        EnvironmentPolicy withoutBob = policy(2, "carol", "dave");
        Deployment second = accepted(first, withoutBob, "carol", VoteDecision.APPROVED);
        assertEquals(Status.BLOCKED, second.status(), "bob's vote fits no rule any more");
        assertEquals(2, second.approvals().size(), "and stays in the history");
        EnvironmentPolicy one = policy(1, "bob", "carol", "dave");
        assertEquals(Status.RUNNING, second.evaluate(one, Rivals.NONE, NOON).status());
    }

    @Test
    void authorsAreRefusedWhereThePolicySaysSoAndEverybodyWhileTheyAreUnknown() {
        EnvironmentPolicy strict = with(new SeparationOfDuties(false, false), two);
        Deployment unknown = blocked(strict, List.of("alice"));
        assertEquals(DenialReason.AUTHORS_UNKNOWN, refused(unknown, strict, "bob", VoteDecision.APPROVED));
        assertEquals(DenialReason.NOT_AN_APPROVER, refused(unknown, strict, "mallory", VoteDecision.APPROVED));
        assertEquals(DenialReason.NOT_AN_APPROVER, refused(unknown, strict, "mallory", VoteDecision.REJECTED));
        Deployment known = unknown.withAuthors(new Authors(List.of("bob"), true));
        assertEquals(DenialReason.CHANGE_AUTHOR, refused(known, strict, "bob", VoteDecision.APPROVED));
        assertEquals(
                1,
                accepted(known, strict, "carol", VoteDecision.APPROVED).tally().given());
        assertEquals(
                1, accepted(known, two, "bob", VoteDecision.APPROVED).tally().given(), "nobody asks here");
    }

    @Test
    void anApproverCanRejectWhileTheAuthorsAreLookedUp() {
        EnvironmentPolicy strict = with(new SeparationOfDuties(false, false), two);
        Deployment rejected = accepted(blocked(strict, List.of("alice")), strict, "bob", VoteDecision.REJECTED);
        assertEquals(Status.FAILED, rejected.status());
        assertEquals(EndReason.DEPLOYMENT_REJECTED, rejected.endReason());
    }

    @Test
    void noApprovalCountsWhileTheAuthorsHaveToBeKnownAndAreNot() {
        Deployment voted = accepted(blocked(two, List.of()), two, "bob", VoteDecision.APPROVED);
        EnvironmentPolicy strict = with(new SeparationOfDuties(false, false), two);
        assertEquals(0, voted.tally(strict).given());
        assertEquals(
                0,
                voted.withAuthors(new Authors(List.of("bob"), true))
                        .tally(strict)
                        .given());
        assertEquals(
                1,
                voted.withAuthors(new Authors(List.of("carol"), true))
                        .tally(strict)
                        .given());
    }

    @Test
    void anOverrideReleasesOrStopsAndIsNoApproval() {
        Deployment voted = accepted(blocked(two, List.of("root")), two, "bob", VoteDecision.APPROVED);
        VoteOutcome.Accepted released = assertInstanceOf(
                VoteOutcome.Accepted.class,
                VoteOutcome.override(
                        voted,
                        voted.policy(),
                        Rivals.NONE,
                        "root",
                        VoteDecision.APPROVED,
                        "fire",
                        NOON.plusSeconds(1)));
        PolicyOverride override = new PolicyOverride("root", VoteDecision.APPROVED, "fire", NOON.plusSeconds(1));
        assertEquals(override, released.action());
        assertEquals(Optional.of(override), released.following().history().override());
        assertEquals(Status.RUNNING, released.following().status());
        assertEquals(1, released.following().tally().given());
        VoteOutcome.Accepted stopped = assertInstanceOf(
                VoteOutcome.Accepted.class,
                VoteOutcome.override(voted, voted.policy(), Rivals.NONE, "root", VoteDecision.REJECTED, "no", NOON));
        assertEquals(EndReason.DEPLOYMENT_REJECTED, stopped.following().endReason());
        assertEquals(
                new VoteOutcome.Repeated(override),
                VoteOutcome.override(
                        released.following(),
                        released.following().policy(),
                        Rivals.NONE,
                        "root",
                        VoteDecision.APPROVED,
                        "again",
                        NOON));
        assertEquals(
                new VoteOutcome.Refused(DenialReason.ALREADY_DECIDED),
                VoteOutcome.override(
                        released.following(),
                        released.following().policy(),
                        Rivals.NONE,
                        "root",
                        VoteDecision.REJECTED,
                        "again",
                        NOON));
        assertEquals(
                new VoteOutcome.Refused(DenialReason.ALREADY_DECIDED),
                VoteOutcome.override(
                        released.following(),
                        released.following().policy(),
                        Rivals.NONE,
                        "eve",
                        VoteDecision.APPROVED,
                        "again",
                        NOON));
    }

    @Test
    void anOverrideNeedsAReason() {
        Deployment deployment = blocked(two, List.of());
        assertEquals(
                new VoteOutcome.Refused(DenialReason.REASON_REQUIRED),
                VoteOutcome.override(
                        deployment, deployment.policy(), Rivals.NONE, "root", VoteDecision.APPROVED, " ", NOON));
        assertThrows(
                IllegalArgumentException.class, () -> new PolicyOverride("root", VoteDecision.APPROVED, " ", NOON));
    }

    private static VoteOutcome cast(Deployment deployment, EnvironmentPolicy policy, Voter voter) {
        return VoteOutcome.cast(
                deployment, policy, Rivals.NONE, voter, VoteDecision.APPROVED, "", Optional.empty(), NOON);
    }

    private static Deployment accepted(
            Deployment deployment, EnvironmentPolicy policy, String user, VoteDecision decision) {
        VoteOutcome outcome =
                VoteOutcome.cast(deployment, policy, Rivals.NONE, voter(user), decision, "", Optional.empty(), NOON);
        return assertInstanceOf(VoteOutcome.Accepted.class, outcome).following();
    }

    private static DenialReason refused(
            Deployment deployment, EnvironmentPolicy policy, String user, VoteDecision decision) {
        VoteOutcome outcome =
                VoteOutcome.cast(deployment, policy, Rivals.NONE, voter(user), decision, "", Optional.empty(), NOON);
        return assertInstanceOf(VoteOutcome.Refused.class, outcome).why();
    }
}
