package io.jenkins.plugins.deploymentgate.core.policy;

import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.NOON;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.voter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.FailureReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Policies;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who may start a deployment. */
class DeployAccessTest {

    private static final DeployAccess ALICE_OR_OPS =
            new DeployAccess(List.of(List.of(new Approver.User("alice"), new Approver.Group("ops"))), true);
    private static final Voter OPERATOR = new Voter("bob", Set.of("ops"), false, Set.of());

    @Test
    void anybodyMayWhereNobodyIsNamed() {
        assertTrue(DeployAccess.OPEN.admits(List.of(voter("mallory"))));
        assertTrue(DeployAccess.OPEN.admits(List.of()));
    }

    @Test
    void everybodyWhoAskedNeedsAccess() {
        assertTrue(ALICE_OR_OPS.admits(List.of(voter("alice"))));
        assertTrue(ALICE_OR_OPS.admits(List.of(OPERATOR, voter("alice"))));
        assertFalse(ALICE_OR_OPS.admits(List.of(voter("mallory"))));
        assertFalse(ALICE_OR_OPS.admits(List.of(voter("alice"), voter("mallory"))), "nobody lends their access");
    }

    @Test
    void whatNobodyAskedForPassesWhereAutomatedDeploymentsAreAllowed() {
        assertTrue(ALICE_OR_OPS.admits(List.of()));
        assertFalse(new DeployAccess(ALICE_OR_OPS.lists(), false).admits(List.of()));
        assertTrue(new DeployAccess(ALICE_OR_OPS.lists(), false).admits(List.of(OPERATOR)));
    }

    @Test
    void listsThatApplyTogetherMustAllAdmit() {
        DeployAccess both = ALICE_OR_OPS.and(new DeployAccess(List.of(List.of(new Approver.User("bob"))), false));
        assertTrue(both.admits(List.of(OPERATOR)));
        assertFalse(both.admits(List.of(voter("alice"))));
        assertFalse(both.admits(List.of()));
        assertEquals(ALICE_OR_OPS, ALICE_OR_OPS.and(DeployAccess.OPEN));
    }

    @Test
    void aListThatNamesNobodyIsAMistake() {
        assertThrows(IllegalArgumentException.class, () -> new DeployAccess(List.of(List.of()), true));
    }

    @Test
    void aForbiddenDeploymentHasFailedBeforeItWaited() {
        Deployment created = Deployment.created(
                1, 1, Policies.request(List.of("eve"), Optional.empty()), Policies.policy(1, "bob"), NOON);
        Deployment forbidden = created.forbid(NOON);
        assertEquals(FailureReason.DEPLOYMENT_FORBIDDEN, forbidden.failureReason());
        assertEquals(Optional.of(NOON), forbidden.times().finishedAt());
        assertThrows(IllegalStateException.class, () -> forbidden.forbid(NOON));
        assertThrows(
                IllegalStateException.class,
                () -> created.evaluate(created.policy(), NOON).forbid(NOON));
    }
}
