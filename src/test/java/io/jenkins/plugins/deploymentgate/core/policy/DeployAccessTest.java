package io.jenkins.plugins.deploymentgate.core.policy;

import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.NOON;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.origin;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.policy;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.request;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.voter;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Ending;
import io.jenkins.plugins.deploymentgate.core.deployment.Rivals;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who may start a deployment, and what has to be known of who did. */
class DeployAccessTest {

    private static final List<List<Approver>> LISTS =
            List.of(List.of(new Approver.User("alice"), new Approver.Group("ops")));
    private static final DeployAccess ALICE_OR_OPS = new DeployAccess(LISTS, true, false);
    private static final Voter OPERATOR = new Voter("bob", Set.of("ops"), false, Set.of());
    private static final DeploySource ANY_JOB = new DeploySource(DeploySource.Kind.JOB, "shop/web");
    private static final List<String> CAUSES = List.of("RemoteCause: Started by remote host 192.0.2.7");
    private static final Optional<DeployRefusal> AUTOMATED = Optional.of(new DeployRefusal.Automated());
    private static final Optional<DeployRefusal> UNKNOWN = Optional.of(new DeployRefusal.UnknownRequesters(CAUSES));

    private static Optional<DeployRefusal> refusal(EnvironmentPolicy policy, Voter... people) {
        List<Voter> all = List.of(people);
        return policy.deployRefusal(ANY_JOB, origin(all.stream().map(Voter::id).toList()), all);
    }

    private static Optional<DeployRefusal> refusal(DeployAccess access, Voter... people) {
        return refusal(with(access, policy(1, "bob")), people);
    }

    private static Optional<DeployRefusal> unknown(EnvironmentPolicy policy) {
        return policy.deployRefusal(ANY_JOB, new RequestOrigin(List.of(), false, CAUSES), List.of());
    }

    @Test
    void anybodyMayDeployWhereNobodyIsNamed() {
        assertEquals(Optional.empty(), refusal(DeployAccess.OPEN, voter("mallory")));
        assertEquals(Optional.empty(), refusal(DeployAccess.OPEN));
        assertTrue(DeployAccess.OPEN.admits(voter("mallory")));
    }

    @Test
    void everybodyWhoCausedTheBuildNeedsAccess() {
        assertEquals(Optional.empty(), refusal(ALICE_OR_OPS, voter("alice")));
        assertEquals(Optional.empty(), refusal(ALICE_OR_OPS, OPERATOR, voter("alice")));
        assertEquals(
                Optional.of(new DeployRefusal.NoAccess(List.of("mallory", "eve"))),
                refusal(ALICE_OR_OPS, voter("mallory"), voter("alice"), voter("eve")),
                "nobody lends their access, and those who have access are not named");
        assertFalse(ALICE_OR_OPS.admits(voter("mallory")));
    }

    @Test
    void automationAloneDeploysWhereThatIsAllowed() {
        DeployAccess peopleOnly = new DeployAccess(LISTS, false, false);
        assertEquals(Optional.empty(), refusal(ALICE_OR_OPS));
        assertEquals(AUTOMATED, refusal(peopleOnly));
        assertEquals(Optional.empty(), refusal(peopleOnly, OPERATOR));
        EnvironmentPolicy policy = with(peopleOnly, policy(1, "bob"));
        RequestOrigin both = new RequestOrigin(List.of("bob"), true, List.of());
        assertEquals(
                Optional.empty(), policy.deployRefusal(ANY_JOB, both, List.of(OPERATOR)), "a person asked as well");
    }

    @Test
    void anEnvironmentThatForbidsSelfApprovalHasToKnowWhoAsked() {
        EnvironmentPolicy strict = policy(1, "bob");
        assertEquals(UNKNOWN, unknown(strict));
        assertEquals(Optional.empty(), refusal(strict), "a timer is not unknown");
        assertEquals(Optional.empty(), unknown(with(new SeparationOfDuties(true, true), strict)));
        assertEquals(Optional.empty(), unknown(policy(0)), "nothing is approved");
    }

    @Test
    void anEnvironmentThatRestrictsWhoMayDeployHasToKnowWhoAsked() {
        assertEquals(UNKNOWN, unknown(with(ALICE_OR_OPS, policy(0))));
        assertEquals(UNKNOWN, unknown(with(new DeployAccess(List.of(), false, false), policy(0))));
    }

    @Test
    void unknownPeopleBesideKnownOnesAreUnknownAllTheSame() {
        EnvironmentPolicy restricted = with(ALICE_OR_OPS, policy(1, "bob"));
        RequestOrigin bobAndWhoever = new RequestOrigin(List.of("bob"), true, CAUSES);
        assertEquals(UNKNOWN, restricted.deployRefusal(ANY_JOB, bobAndWhoever, List.of(OPERATOR)));
        assertEquals(
                Optional.of(new DeployRefusal.NoAccess(List.of("eve"))),
                restricted.deployRefusal(
                        ANY_JOB, new RequestOrigin(List.of("eve"), false, CAUSES), List.of(voter("eve"))));
    }

    @Test
    void anEnvironmentCanAllowThatRequestersAreNotKnown() {
        EnvironmentPolicy lenient = with(new DeployAccess(LISTS, false, true), policy(1, "bob"));
        assertEquals(Optional.empty(), unknown(lenient));
        assertEquals(AUTOMATED, lenient.deployRefusal(ANY_JOB, new RequestOrigin(List.of(), true, CAUSES), List.of()));
        assertEquals(UNKNOWN, unknown(lenient.and(policyNamed("other"))), "both have to allow it");
        assertEquals(Optional.empty(), unknown(lenient.and(with(lenient.access(), policyNamed("other")))));
    }

    private static EnvironmentPolicy policyNamed(String rule) {
        return EnvironmentPolicy.of(List.of(new ApprovalRule(rule, 1, List.of(new Approver.User("bob")))));
    }

    @Test
    void listsThatApplyTogetherMustAllAdmit() {
        DeployAccess both =
                ALICE_OR_OPS.and(new DeployAccess(List.of(List.of(new Approver.User("bob"))), false, false));
        assertTrue(both.admits(OPERATOR));
        assertFalse(both.admits(voter("alice")));
        assertEquals(AUTOMATED, refusal(both));
        assertEquals(ALICE_OR_OPS, ALICE_OR_OPS.and(DeployAccess.OPEN));
    }

    @Test
    void anEmptyListIsAMistake() {
        assertThrows(IllegalArgumentException.class, () -> new DeployAccess(List.of(List.of()), true, false));
    }

    @Test
    void aBuildWithoutAnyCauseIsOfUnknownOrigin() {
        assertThrows(IllegalArgumentException.class, () -> new RequestOrigin(List.of(), false, List.of()));
        assertTrue(new RequestOrigin(List.of(), true, List.of()).isComplete());
        assertFalse(new RequestOrigin(List.of("bob"), true, CAUSES).isComplete());
    }

    @Test
    void aForbiddenDeploymentHasFailedBeforeItWaited() {
        Deployment created = Deployment.created(1, 1, request(List.of("eve"), Optional.empty()), policy(1), NOON);
        DeployRefusal refusal = new DeployRefusal.NoAccess(List.of("eve"));
        Deployment forbidden = created.forbid(refusal, NOON);
        assertEquals(
                Optional.of(new Ending(EndReason.DEPLOYMENT_FORBIDDEN, Optional.of(refusal), "", "", Optional.empty())),
                forbidden.ending());
        assertEquals(Optional.of(NOON), forbidden.times().finishedAt());
        assertThrows(IllegalStateException.class, () -> forbidden.forbid(refusal, NOON));
        Deployment blocked = created.evaluate(created.policy(), Rivals.NONE, NOON);
        assertThrows(IllegalStateException.class, () -> blocked.forbid(refusal, NOON));
    }

    @Test
    void onlyAForbiddenDeploymentHasARefusal() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Ending(EndReason.DEPLOYMENT_FORBIDDEN, Optional.empty(), "", "", Optional.empty()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Ending(
                        EndReason.DEPLOYMENT_REJECTED,
                        Optional.of(new DeployRefusal.Automated()),
                        "",
                        "",
                        Optional.empty()));
    }
}
