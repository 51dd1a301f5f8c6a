package io.jenkins.plugins.deploymentgate.engine;

import static io.jenkins.plugins.deploymentgate.engine.Policies.NOON;
import static io.jenkins.plugins.deploymentgate.engine.Policies.blocked;
import static io.jenkins.plugins.deploymentgate.engine.Policies.policy;
import static io.jenkins.plugins.deploymentgate.engine.Policies.rules;
import static io.jenkins.plugins.deploymentgate.engine.Policies.voter;
import static io.jenkins.plugins.deploymentgate.engine.Policies.with;
import static io.jenkins.plugins.deploymentgate.engine.Policies.withComment;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BallotTest {

    private final EnvironmentPolicy two = policy(2, "bob", "carol", "dave");

    @Test
    void theLastNeededApprovalReleases() {
        Deployment first = accepted(blocked(two, List.of("alice")), two, "bob", Verdict.APPROVED);
        assertEquals(Status.BLOCKED, first.status());
        assertEquals(1, first.tally().given());
        Deployment second = accepted(first, two, "carol", Verdict.APPROVED);
        assertEquals(Status.RUNNING, second.status());
        assertEquals(Optional.empty(), second.times().finishedAt());
        assertEquals(Optional.of(NOON), second.times().decidedAt());
        assertEquals(Refusal.ALREADY_DECIDED, refused(second, two, "dave", Verdict.APPROVED));
    }

    @Test
    void oneRejectionFailsWhateverWasApprovedBefore() {
        Deployment first = accepted(blocked(two, List.of()), two, "bob", Verdict.APPROVED);
        Deployment second = accepted(first, two, "carol", Verdict.REJECTED);
        assertEquals(Status.FAILED, second.status());
        assertEquals(FailureReason.DEPLOYMENT_REJECTED, second.failureReason());
        assertEquals(Optional.of(NOON), second.times().finishedAt());
    }

    @Test
    void theOppositeVoteIsAConflict() {
        Deployment first = accepted(blocked(two, List.of()), two, "bob", Verdict.APPROVED);
        assertEquals(Refusal.ALREADY_VOTED, refused(first, two, "bob", Verdict.REJECTED));
        assertEquals(Refusal.Kind.CONFLICT, Refusal.ALREADY_VOTED.kind());
    }

    @Test
    void strangersAndRequestersAreRefused() {
        assertEquals(
                Refusal.NOT_AN_APPROVER, refused(blocked(two, List.of("alice")), two, "mallory", Verdict.APPROVED));
        assertEquals(Refusal.OWN_DEPLOYMENT, refused(blocked(two, List.of("x", "bob")), two, "bob", Verdict.REJECTED));
    }

    @Test
    void aRequesterMayVoteWhereThatIsAllowed() {
        EnvironmentPolicy lenient = with(new SeparationOfDuties(true, true), two);
        Deployment voted = accepted(blocked(lenient, List.of("bob")), lenient, "bob", Verdict.APPROVED);
        assertEquals(1, voted.tally().given());
    }

    @Test
    void groupsAndThePermissionAdmit() {
        ApprovalRule managers = new ApprovalRule("managers", 1, List.of(new Approver.Group("managers")));
        ApprovalRule holders = new ApprovalRule("holders", 1, List.of(new Approver.PermissionHolders()));
        EnvironmentPolicy both = rules(managers, holders);
        Deployment deployment = blocked(both, List.of());
        Voter manager = new Voter("bob", Set.of("managers"), true, Set.of());
        Ballot.Accepted first = assertInstanceOf(Ballot.Accepted.class, cast(deployment, both, manager));
        assertEquals("managers", ((Approval) first.act()).rule());
        assertEquals(Status.BLOCKED, first.following().status(), "nobody fills two seats");
        Voter otherManager = new Voter("carol", Set.of("managers"), false, Set.of());
        assertEquals(new Ballot.Refused(Refusal.RULE_ALREADY_MET), cast(first.following(), both, otherManager));
        Voter holder = new Voter("carol", Set.of(), true, Set.of());
        Ballot.Accepted second = assertInstanceOf(Ballot.Accepted.class, cast(first.following(), both, holder));
        assertEquals(Status.RUNNING, second.following().status());
    }

    @Test
    void anAccessLevelAdmits() {
        ApprovalRule maintainers = new ApprovalRule("m", 1, List.of(new Approver.Level(AccessLevel.MAINTAINER)));
        EnvironmentPolicy policy = rules(maintainers);
        Deployment deployment = blocked(policy, List.of());
        Voter developer = new Voter("bob", Set.of(), true, Set.of(AccessLevel.DEVELOPER));
        assertEquals(new Ballot.Refused(Refusal.NOT_AN_APPROVER), cast(deployment, policy, developer));
        Voter maintainer = new Voter("bob", Set.of(), false, Set.of(AccessLevel.DEVELOPER, AccessLevel.MAINTAINER));
        assertInstanceOf(Ballot.Accepted.class, cast(deployment, policy, maintainer));
        assertEquals(Optional.of(AccessLevel.ADMINISTRATOR), AccessLevel.of(60));
        assertEquals(Optional.empty(), AccessLevel.of(50));
    }

    @Test
    void aVoteCountsForTheRuleThatItNames() {
        ApprovalRule first = new ApprovalRule("first", 1, List.of(new Approver.User("bob")));
        ApprovalRule second = new ApprovalRule("second", 1, List.of(new Approver.User("bob")));
        ApprovalRule third = new ApprovalRule("third", 1, List.of(new Approver.User("carol")));
        EnvironmentPolicy several = rules(first, second, third);
        Deployment deployment = blocked(several, List.of());
        assertEquals(
                "second",
                ((Approval) assertInstanceOf(Ballot.Accepted.class, named(deployment, several, "second"))
                                .act())
                        .rule());
        assertEquals(List.of("first", "second"), Ballot.openRules(deployment, several, voter("bob")));
        assertEquals(new Ballot.Refused(Refusal.NOT_AN_APPROVER), named(deployment, several, "third"));
        assertEquals(new Ballot.Refused(Refusal.NO_SUCH_RULE), named(deployment, several, "fourth"));
    }

    @Test
    void anEnvironmentThatNeedsNoApprovalIsNeverBlocked() {
        assertEquals(Status.RUNNING, blocked(policy(0), List.of("alice")).status());
    }

    @Test
    void anApprovalCanBeTakenBackWhileBlockedAndCastAnew() {
        Deployment voted = accepted(blocked(two, List.of()), two, "bob", Verdict.APPROVED);
        Ballot.Accepted withdrawn =
                assertInstanceOf(Ballot.Accepted.class, Ballot.withdraw(voted, "bob", NOON.plusSeconds(5)));
        Deployment without = withdrawn.following();
        assertEquals(0, without.tally().given());
        assertEquals(Status.BLOCKED, without.status());
        assertEquals(List.of(new Withdrawal(voted.approvals().get(0), NOON.plusSeconds(5))), without.withdrawals());
        assertEquals(
                new Ballot.Repeated(withdrawn.act()),
                Ballot.withdraw(without, "bob", NOON),
                "asking again is answered the same");
        assertEquals(new Ballot.Refused(Refusal.NOTHING_TO_WITHDRAW), Ballot.withdraw(without, "carol", NOON));
        assertEquals(
                Status.FAILED, accepted(without, two, "bob", Verdict.REJECTED).status(), "and think again");
    }

    @Test
    void nothingIsTakenBackFromADecidedDeployment() {
        Deployment decided = accepted(
                accepted(blocked(two, List.of()), two, "bob", Verdict.APPROVED), two, "carol", Verdict.APPROVED);
        assertEquals(new Ballot.Refused(Refusal.ALREADY_DECIDED), Ballot.withdraw(decided, "bob", NOON));
    }

    @Test
    void aCommentIsWantedWhereThePolicySaysSo() {
        EnvironmentPolicy strict = withComment(Verdict.REJECTED, two);
        Deployment deployment = blocked(strict, List.of());
        assertEquals(Refusal.COMMENT_REQUIRED, refused(deployment, strict, "bob", Verdict.REJECTED));
        assertEquals(Refusal.Kind.INCOMPLETE, Refusal.COMMENT_REQUIRED.kind());
        assertEquals(
                1, accepted(deployment, strict, "bob", Verdict.APPROVED).tally().given());
        Ballot said = Ballot.cast(deployment, strict, voter("bob"), Verdict.REJECTED, "no", Optional.empty(), NOON);
        assertInstanceOf(Ballot.Accepted.class, said);
    }

    @Test
    void aVoteIsJudgedByThePolicyOfToday() {
        Deployment first = accepted(blocked(two, List.of()), two, "bob", Verdict.APPROVED);
        EnvironmentPolicy withoutBob = policy(2, "carol", "dave");
        Deployment second = accepted(first, withoutBob, "carol", Verdict.APPROVED);
        assertEquals(Status.BLOCKED, second.status(), "bob's vote fits no rule any more");
        assertEquals(2, second.approvals().size(), "and stays in the history");
        EnvironmentPolicy one = policy(1, "bob", "carol", "dave");
        assertEquals(Status.RUNNING, second.evaluate(one, NOON).status());
    }

    @Test
    void authorsAreRefusedWhereThePolicySaysSoAndEverybodyWhileTheyAreUnknown() {
        EnvironmentPolicy strict = with(new SeparationOfDuties(false, false), two);
        Deployment unknown = blocked(strict, List.of("alice"));
        assertEquals(Refusal.AUTHORS_UNKNOWN, refused(unknown, strict, "bob", Verdict.APPROVED));
        assertEquals(Refusal.NOT_AN_APPROVER, refused(unknown, strict, "mallory", Verdict.APPROVED));
        Deployment known = unknown.withAuthors(new Authors(List.of("bob"), true));
        assertEquals(Refusal.CHANGE_AUTHOR, refused(known, strict, "bob", Verdict.APPROVED));
        assertEquals(
                1, accepted(known, strict, "carol", Verdict.APPROVED).tally().given());
        assertEquals(1, accepted(known, two, "bob", Verdict.APPROVED).tally().given(), "nobody asks here");
    }

    @Test
    void noApprovalCountsWhileTheAuthorsHaveToBeKnownAndAreNot() {
        Deployment voted = accepted(blocked(two, List.of()), two, "bob", Verdict.APPROVED);
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
        Deployment voted = accepted(blocked(two, List.of("root")), two, "bob", Verdict.APPROVED);
        Ballot.Accepted released = assertInstanceOf(
                Ballot.Accepted.class, Ballot.override(voted, "root", Verdict.APPROVED, "fire", NOON.plusSeconds(1)));
        PolicyOverride override = new PolicyOverride("root", Verdict.APPROVED, "fire", NOON.plusSeconds(1));
        assertEquals(override, released.act());
        assertEquals(Optional.of(override), released.following().history().override());
        assertEquals(Status.RUNNING, released.following().status());
        assertEquals(1, released.following().tally().given());
        Ballot.Accepted stopped =
                assertInstanceOf(Ballot.Accepted.class, Ballot.override(voted, "root", Verdict.REJECTED, "no", NOON));
        assertEquals(FailureReason.DEPLOYMENT_REJECTED, stopped.following().failureReason());
        assertEquals(
                new Ballot.Repeated(override),
                Ballot.override(released.following(), "root", Verdict.APPROVED, "again", NOON));
        assertEquals(
                new Ballot.Refused(Refusal.ALREADY_DECIDED),
                Ballot.override(released.following(), "root", Verdict.REJECTED, "again", NOON));
        assertEquals(
                new Ballot.Refused(Refusal.ALREADY_DECIDED),
                Ballot.override(released.following(), "eve", Verdict.APPROVED, "again", NOON));
    }

    @Test
    void anOverrideNeedsAReason() {
        Deployment deployment = blocked(two, List.of());
        assertEquals(
                new Ballot.Refused(Refusal.REASON_REQUIRED),
                Ballot.override(deployment, "root", Verdict.APPROVED, " ", NOON));
        assertThrows(IllegalArgumentException.class, () -> new PolicyOverride("root", Verdict.APPROVED, " ", NOON));
    }

    private static Ballot cast(Deployment deployment, EnvironmentPolicy policy, Voter voter) {
        return Ballot.cast(deployment, policy, voter, Verdict.APPROVED, "", Optional.empty(), NOON);
    }

    private static Ballot named(Deployment deployment, EnvironmentPolicy policy, String rule) {
        return Ballot.cast(deployment, policy, voter("bob"), Verdict.APPROVED, "", Optional.of(rule), NOON);
    }

    private static Deployment accepted(Deployment deployment, EnvironmentPolicy policy, String user, Verdict verdict) {
        Ballot ballot = Ballot.cast(deployment, policy, voter(user), verdict, "", Optional.empty(), NOON);
        return assertInstanceOf(Ballot.Accepted.class, ballot).following();
    }

    private static Refusal refused(Deployment deployment, EnvironmentPolicy policy, String user, Verdict verdict) {
        Ballot ballot = Ballot.cast(deployment, policy, voter(user), verdict, "", Optional.empty(), NOON);
        return assertInstanceOf(Ballot.Refused.class, ballot).why();
    }
}
