package io.jenkins.plugins.deploymentgate.core.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.List;
import java.util.Optional;
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
            VoteOutcome outcome = cast(deployment, any.policy(), attempt);
            assertEquals(offered, outcome instanceof VoteOutcome.Accepted);
            if (outcome instanceof VoteOutcome.Accepted accepted) {
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
                deployment, policy, attempt.voter(), attempt.decision(), "", Optional.empty(), attempt.at());
    }

    private static void assertConsistent(Deployment deployment) {
        Decision decision = deployment.tally().decision();
        switch (deployment.status()) {
            case BLOCKED -> assertInstanceOf(Decision.Pending.class, decision);
            case RUNNING -> assertInstanceOf(Decision.Approved.class, decision);
            default -> {
                assertEquals(EndReason.DEPLOYMENT_REJECTED, deployment.endReason());
                assertInstanceOf(Decision.Rejected.class, decision);
                assertTrue(deployment.times().finishedAt().isPresent());
            }
        }
    }
}
