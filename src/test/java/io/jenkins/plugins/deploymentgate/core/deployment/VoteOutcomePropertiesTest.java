package io.jenkins.plugins.deploymentgate.core.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.core.policy.Voter;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.domains.Domain;
import net.jqwik.api.domains.DomainContext;

/** What must hold of every run of votes that people try to cast. */
@Domain(Policies.class)
@Domain(DomainContext.Global.class)
class VoteOutcomePropertiesTest {

    @Property
    void whatBallotsAcceptIsWhatTheTallyCounts(@ForAll Policies.Case any, @ForAll List<Approval> attempts) {
        Deployment deployment = any.blocked();
        for (Approval attempt : attempts) {
            VoteOutcome outcome = cast(deployment, any.policy(), attempt);
            if (outcome instanceof VoteOutcome.Accepted accepted) {
                assertEquals(Status.BLOCKED, deployment.status(), "a vote was taken after the decision");
                deployment = accepted.following();
                assertEquals(
                        accepted.action(),
                        deployment.voteOf(attempt.voter().id()).orElseThrow());
            }
            assertConsistent(deployment);
        }
    }

    @Property
    void theSameVoteAgainIsAnsweredTheSameAndChangesNothing(
            @ForAll Policies.Case any, @ForAll List<Approval> attempts) {
        Deployment deployment = any.blocked();
        for (Approval attempt : attempts) {
            if (cast(deployment, any.policy(), attempt) instanceof VoteOutcome.Accepted accepted) {
                deployment = accepted.following();
                VoteOutcome again = cast(deployment, any.policy(), attempt);
                assertEquals(new VoteOutcome.Repeated(accepted.action()), again);
            }
        }
    }

    @Property
    void everyAcceptedApprovalBringsTheDecisionOneNearer(@ForAll Policies.Case any, @ForAll List<Approval> attempts) {
        Deployment deployment = any.blocked();
        for (Approval attempt : attempts) {
            if (cast(deployment, any.policy(), attempt) instanceof VoteOutcome.Accepted accepted) {
                int before = deployment.tally().outstanding();
                deployment = accepted.following();
                int expected = attempt.decision() == VoteDecision.APPROVED ? before - 1 : before;
                assertEquals(expected, deployment.tally().outstanding());
            }
        }
    }

    @Property
    void thePageOffersAVoteExactlyWhereOneWouldBeTaken(@ForAll Policies.Case any, @ForAll List<Approval> attempts) {
        Deployment deployment = any.blocked();
        for (Approval attempt : attempts) {
            boolean offered = VoteOutcome.refusal(
                            deployment, any.policy(), attempt.voter(), attempt.decision(), attempt.at())
                    .isEmpty();
            Approval free = new Approval(attempt.voter(), attempt.decision(), "", attempt.at(), Optional.empty());
            VoteOutcome outcome = cast(deployment, any.policy(), free);
            assertEquals(offered, outcome instanceof VoteOutcome.Accepted);
            if (outcome instanceof VoteOutcome.Accepted accepted) {
                deployment = accepted.following();
            }
        }
    }

    @Property
    void thePageOffersTheRulesForWhichAnApprovalWouldBeTaken(
            @ForAll Policies.Case any, @ForAll List<Approval> attempts) {
        Deployment deployment = any.blocked();
        for (Approval attempt : attempts) {
            Deployment now = deployment;
            Voter voter = attempt.voter();
            Predicate<Optional<String>> isTaken =
                    rule -> cast(now, any.policy(), new Approval(voter, VoteDecision.APPROVED, "", attempt.at(), rule))
                            instanceof VoteOutcome.Accepted;
            List<String> taken = any.policy().rules().stream()
                    .map(ApprovalRule::name)
                    .filter(rule -> isTaken.test(Optional.of(rule)))
                    .toList();
            if (isTaken.test(Optional.empty())) {
                assertEquals(taken, VoteOutcome.openRules(now, any.policy(), voter));
                assertFalse(taken.isEmpty(), "an approval that is taken can also be given to some rule");
            } else {
                assertEquals(List.of(), taken);
            }
            if (cast(now, any.policy(), attempt) instanceof VoteOutcome.Accepted accepted) {
                deployment = accepted.following();
            }
        }
    }

    @Property
    void anyApproverCanRejectWhileItIsBlocked(@ForAll Policies.Case any, @ForAll List<Approval> attempts) {
        Deployment deployment = any.blocked();
        for (Approval attempt : attempts) {
            Voter voter = attempt.voter();
            boolean may = deployment.status() == Status.BLOCKED
                    && any.policy().rules().stream().anyMatch(rule -> rule.admits(voter))
                    && any.mayReject(voter)
                    && deployment.voteOf(voter.id()).isEmpty();
            Approval rejection = new Approval(voter, VoteDecision.REJECTED, "", attempt.at(), Optional.empty());
            assertEquals(may, cast(deployment, any.policy(), rejection) instanceof VoteOutcome.Accepted);
            if (cast(deployment, any.policy(), attempt) instanceof VoteOutcome.Accepted accepted) {
                deployment = accepted.following();
            }
        }
    }

    @Property
    void whatIsTakenBackIsAsIfItHadNeverBeen(@ForAll Policies.Case any, @ForAll List<Approval> attempts) {
        Deployment deployment = any.blocked();
        for (Approval attempt : attempts) {
            if (cast(deployment, any.policy(), attempt) instanceof VoteOutcome.Accepted accepted
                    && accepted.following().status() == Status.BLOCKED) {
                String voter = attempt.voter().id();
                VoteOutcome.Accepted back = assertInstanceOf(
                        VoteOutcome.Accepted.class, VoteOutcome.withdraw(accepted.following(), voter, attempt.at()));
                assertEquals(deployment.approvals(), back.following().approvals());
                assertEquals(deployment.tally(), back.following().tally());
                deployment = accepted.following();
            }
        }
    }

    private static VoteOutcome cast(Deployment deployment, EnvironmentPolicy policy, Approval attempt) {
        return VoteOutcome.cast(
                deployment, policy, Rivals.NONE, attempt.voter(), attempt.decision(), "", attempt.rule(), attempt.at());
    }

    private static void assertConsistent(Deployment deployment) {
        Tally tally = deployment.tally();
        switch (deployment.status()) {
            case BLOCKED -> assertTrue(tally.rejection().isEmpty() && tally.outstanding() > 0);
            case RUNNING -> assertTrue(tally.rejection().isEmpty() && tally.outstanding() == 0);
            default -> {
                assertEquals(EndReason.DEPLOYMENT_REJECTED, deployment.endReason());
                assertTrue(tally.rejection().isPresent());
                assertTrue(deployment.times().finishedAt().isPresent());
            }
        }
    }
}
