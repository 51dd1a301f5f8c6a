package io.jenkins.plugins.deploymentgate.core.deployment;

import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.NOON;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.blocked;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.policy;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.voter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeploymentTest {

    private static final Instant LATER = NOON.plusSeconds(60);

    @Test
    void aBlockedDeploymentCanBeCanceledButHasNoResult() {
        Deployment blocked = blocked(policy(1, "bob"), List.of());
        Ending aborted = Policies.aborted("eve");
        Deployment canceled = blocked.cancel(aborted, LATER);
        assertEquals(Status.CANCELED, canceled.status());
        assertEquals(Optional.of(aborted), canceled.ending());
        assertEquals(EndReason.BUILD_ABORTED, canceled.endReason());
        assertEquals(Optional.of(LATER), canceled.times().finishedAt());
        assertEquals(Optional.of(LATER), canceled.times().decidedAt());
        assertThrows(IllegalStateException.class, () -> blocked.finish(Status.SUCCESS, LATER));
        assertThrows(IllegalStateException.class, () -> blocked.finish(Status.FAILED, LATER));
    }

    @Test
    void aDeploymentIsCanceledForAReasonOfItsOwn() {
        Deployment running = blocked(policy(0), List.of());
        assertEquals(
                Status.CANCELED, running.cancel(Policies.aborted(""), LATER).status());
        Ending rejected = new Ending(EndReason.DEPLOYMENT_REJECTED, Optional.empty(), "eve", "", Optional.empty());
        assertThrows(IllegalStateException.class, () -> running.cancel(rejected, LATER));
        assertThrows(IllegalStateException.class, () -> running.finish(Status.CANCELED, LATER));
    }

    @Test
    void aVoteIsAddedOnceAndOnlyWhileBlocked() {
        EnvironmentPolicy two = policy(2, "bob", "carol");
        Approval vote = new Approval(voter("bob"), VoteDecision.APPROVED, "", LATER, Optional.empty());
        Deployment blocked = blocked(two, List.of());
        Deployment voted = blocked.with(vote, two, Rivals.NONE);
        assertThrows(IllegalStateException.class, () -> voted.with(vote, two, Rivals.NONE));
        assertThrows(IllegalStateException.class, () -> blocked.without(new Withdrawal(vote, LATER)));
        Deployment created = Deployment.created(1, 1, blocked.request(), two, NOON);
        assertThrows(IllegalStateException.class, () -> created.with(vote, two, Rivals.NONE));
        Deployment released = voted.evaluate(policy(1, "bob"), Rivals.NONE, LATER);
        assertEquals(Status.RUNNING, released.status());
        assertThrows(IllegalStateException.class, () -> released.without(new Withdrawal(vote, LATER)));
        PolicyOverride override = new PolicyOverride("root", VoteDecision.APPROVED, "must", LATER);
        assertThrows(IllegalStateException.class, () -> released.overridden(override, policy(1, "bob"), Rivals.NONE));
    }

    @Test
    void aFailureOfTheBuildHasNoReasonOfItsOwn() {
        Deployment running = blocked(policy(0), List.of());
        assertNull(running.finish(Status.FAILED, LATER).endReason());
    }

    @Test
    void nothingChangesAFinalStatus() {
        Deployment done = blocked(policy(0), List.of()).finish(Status.SUCCESS, LATER);
        assertThrows(IllegalStateException.class, () -> done.cancel(Policies.aborted("eve"), LATER));
        assertThrows(IllegalStateException.class, () -> done.evaluate(policy(1, "bob"), Rivals.NONE, LATER));
    }

    @Test
    void finishingNeedsAFinalStatus() {
        Deployment running = blocked(policy(0), List.of());
        assertThrows(IllegalStateException.class, () -> running.finish(Status.RUNNING, LATER));
    }

    @Test
    void theNearestCauseIsTheRequester() {
        assertEquals(
                Optional.of("alice"),
                blocked(policy(0), List.of("alice", "bob")).requester());
        assertEquals(Optional.empty(), blocked(policy(0), List.of()).requester());
        assertEquals("production", blocked(policy(0), List.of()).environment());
    }

    @Test
    void thePolicyThatDecidedStaysWithTheDeployment() {
        EnvironmentPolicy later = policy(0);
        assertEquals(
                later,
                blocked(policy(1, "bob"), List.of())
                        .evaluate(later, Rivals.NONE, LATER)
                        .policy());
    }
}
