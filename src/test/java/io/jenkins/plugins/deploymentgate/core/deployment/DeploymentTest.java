package io.jenkins.plugins.deploymentgate.core.deployment;

import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.NOON;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.blocked;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.policy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeploymentTest {

    private static final Instant LATER = NOON.plusSeconds(60);

    @Test
    void aBlockedDeploymentCanFailOrBeCanceledButNotSucceed() {
        Deployment blocked = blocked(policy(1, "bob"), List.of());
        assertEquals(Status.CANCELED, blocked.finish(Status.CANCELED, LATER).status());
        assertEquals(
                Optional.of(LATER), blocked.finish(Status.FAILED, LATER).times().finishedAt());
        assertThrows(IllegalStateException.class, () -> blocked.finish(Status.SUCCESS, LATER));
    }

    @Test
    void aFailureOfTheBuildHasNoReasonOfItsOwn() {
        Deployment running = blocked(policy(0), List.of());
        assertNull(running.finish(Status.FAILED, LATER).endReason());
    }

    @Test
    void nothingChangesAFinalStatus() {
        Deployment done = blocked(policy(0), List.of()).finish(Status.SUCCESS, LATER);
        assertThrows(IllegalStateException.class, () -> done.finish(Status.CANCELED, LATER));
        assertThrows(IllegalStateException.class, () -> done.evaluate(policy(1, "bob"), LATER));
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
    }

    @Test
    void thePolicyThatDecidedStaysWithTheDeployment() {
        EnvironmentPolicy later = policy(0);
        assertEquals(
                later,
                blocked(policy(1, "bob"), List.of()).evaluate(later, LATER).policy());
    }
}
