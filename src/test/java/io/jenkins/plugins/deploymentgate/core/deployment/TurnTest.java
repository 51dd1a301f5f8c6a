package io.jenkins.plugins.deploymentgate.core.deployment;

import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.NOON;
import static io.jenkins.plugins.deploymentgate.core.deployment.TurnWorld.body;
import static io.jenkins.plugins.deploymentgate.core.deployment.TurnWorld.exclusive;
import static io.jenkins.plugins.deploymentgate.core.deployment.TurnWorld.policy;
import static io.jenkins.plugins.deploymentgate.core.deployment.TurnWorld.superseding;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentReference;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace;
import io.jenkins.plugins.deploymentgate.core.policy.Timing;
import io.jenkins.plugins.deploymentgate.core.policy.TurnRules;
import io.jenkins.plugins.deploymentgate.core.policy.TurnRules.Supersede;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TurnTest {

    private static final EnvironmentPolicy ONE_AT_A_TIME = policy(0, exclusive(""));
    private static final PipelinePlace ATOM = PipelinePlace.UNKNOWN;

    private final TurnWorld world = new TurnWorld();

    private long open(String job, int build, EnvironmentPolicy policy) {
        return world.open(job, build, "production", policy, ATOM);
    }

    private void assertStatus(Status expected, long id) {
        assertStatus(expected, id, "");
    }

    private void assertStatus(Status expected, long id, String why) {
        assertEquals(expected, world.get(id).status(), why);
    }

    private void assertBehind(long first, long waiting) {
        assertStatus(Status.BLOCKED, waiting);
        Decision.Queued queued = assertInstanceOf(Decision.Queued.class, world.decide(waiting));
        assertEquals(Optional.of(first), queued.behind().map(DeploymentReference::id));
    }

    private void assertCanceled(EndReason reason, long by, long id) {
        assertEquals(Optional.of(reason), world.get(id).ending().map(Ending::reason));
        assertEquals(Optional.of(by), world.get(id).ending().flatMap(Ending::by).map(DeploymentReference::id));
        assertStatus(Status.CANCELED, id);
    }

    @Test
    void oneRunsAtATimeAndTheFirstReleasedIsServedFirst() {
        EnvironmentPolicy approved = policy(1, exclusive(""));
        long first = open("a", 1, approved);
        long second = open("b", 1, approved);
        long third = open("c", 1, approved);
        world.approve(third);
        assertStatus(Status.RUNNING, third);
        world.approve(second);
        world.approve(first);
        assertBehind(third, second);
        assertBehind(third, first);
        world.finish(third);
        assertBehind(second, first);
        world.settle();
        assertStatus(Status.RUNNING, second);
        assertBehind(second, first);
        world.finish(second);
        world.settle();
        assertStatus(Status.RUNNING, first);
    }

    @Test
    void onlyJobsOfTheScopeAndTheSameEnvironmentTakeTurns() {
        EnvironmentPolicy shop = policy(0, exclusive("shop"));
        long first = open("shop/web", 1, shop);
        assertStatus(Status.RUNNING, first);
        assertStatus(Status.RUNNING, open("shopping/web", 1, policy(0, exclusive("shopping"))));
        assertStatus(Status.RUNNING, world.open("shop/web", 2, "staging", shop, ATOM));
        assertStatus(Status.RUNNING, open("other", 1, policy(0, TurnRules.NONE)));
        assertBehind(first, open("shop/db", 1, shop));
    }

    @Test
    void theWidestOfSeveralScopesCounts() {
        EnvironmentPolicy both = policy(0, exclusive("shop/web")).and(policyOf("other", exclusive("shop")));
        assertEquals(Optional.of("shop"), both.turns().exclusiveIn());
        assertEquals(
                Optional.of(""), policyOf("a", exclusive("")).and(both).turns().exclusiveIn());
        TurnRules strict = policyOf("a", new TurnRules(Optional.empty(), Supersede.ON_ARRIVAL, true))
                .and(policyOf("b", superseding(Supersede.ON_RELEASE)))
                .turns();
        assertEquals(new TurnRules(Optional.empty(), Supersede.ON_ARRIVAL, true), strict);
    }

    private static EnvironmentPolicy policyOf(String rule, TurnRules turns) {
        EnvironmentPolicy plain = policy(0, turns);
        return new EnvironmentPolicy(
                List.of(new ApprovalRule(rule, 0, List.of())),
                plain.access(),
                plain.separation(),
                plain.commentRequired(),
                plain.timing(),
                turns,
                List.of());
    }

    @Test
    void nobodyGetsATurnBeforeAllRunningBuildsAreKnown() {
        long id = open("a", 1, policy(1, exclusive("")));
        Rivals unknown = new Rivals("a", 1, false, List.of(), Optional.empty());
        Deployment waiting = world.get(id).evaluate(ONE_AT_A_TIME, unknown, NOON.plusSeconds(60));
        assertEquals(Status.BLOCKED, waiting.status());
        assertEquals(
                new Decision.Queued(Optional.empty()),
                Decision.of(waiting, ONE_AT_A_TIME, unknown, NOON.plusSeconds(61)));
        assertEquals(
                Status.RUNNING,
                waiting.evaluate(policy(0, TurnRules.NONE), unknown, NOON.plusSeconds(62))
                        .status(),
                "where deployments do not compete, nobody needs to know");
    }

    @Test
    void aBuildThatHasTheEnvironmentUntilItsEndDoesNotWaitForItself() {
        long first = open("a", 1, ONE_AT_A_TIME);
        long other = open("b", 1, ONE_AT_A_TIME);
        assertStatus(Status.RUNNING, open("a", 1, ONE_AT_A_TIME));
        assertBehind(first, other);
    }

    @Test
    void twoBodiesInBranchesOfOneBuildTakeTurns() {
        long eu = world.open("a", 1, "production", ONE_AT_A_TIME, body("eu"));
        long us = world.open("a", 1, "production", ONE_AT_A_TIME, body("us"));
        assertBehind(eu, us);
        assertStatus(Status.RUNNING, world.open("a", 1, "production", ONE_AT_A_TIME, body("inner", eu)));
        assertStatus(
                Status.RUNNING,
                world.open("a", 1, "production", ONE_AT_A_TIME, body("eu")),
                "a step that the pipeline runs again after a crash");
    }

    @Test
    void twoBuildsThatWouldWaitForEachOtherAreNotBothKept() {
        long firstStaging = world.open("a", 1, "staging", ONE_AT_A_TIME, ATOM);
        long secondProduction = open("b", 1, ONE_AT_A_TIME);
        long firstProduction = open("a", 1, ONE_AT_A_TIME);
        assertBehind(secondProduction, firstProduction);
        long secondStaging = world.open("b", 1, "staging", ONE_AT_A_TIME, ATOM);
        assertCanceled(EndReason.DEPLOYMENT_DEADLOCK, firstStaging, secondStaging);
        world.finish(secondProduction);
        world.settle();
        assertStatus(Status.RUNNING, firstProduction);
    }

    @Test
    void nestedBodiesThatWouldWaitForEachOtherAreNotBothKept() {
        long firstStaging = world.open("a", 1, "staging", ONE_AT_A_TIME, body("main"));
        long secondProduction = world.open("b", 1, "production", ONE_AT_A_TIME, body("main"));
        long firstProduction = world.open("a", 1, "production", ONE_AT_A_TIME, body("main", firstStaging));
        assertBehind(secondProduction, firstProduction);
        long secondStaging = world.open("b", 1, "staging", ONE_AT_A_TIME, body("main", secondProduction));
        assertCanceled(EndReason.DEPLOYMENT_DEADLOCK, firstStaging, secondStaging);
    }

    @Test
    void bodiesInParallelBranchesDoNotWaitForEachOther() {
        long firstStaging = world.open("a", 1, "staging", ONE_AT_A_TIME, body("branch 1"));
        long secondProduction = world.open("b", 1, "production", ONE_AT_A_TIME, body("branch 2"));
        assertBehind(secondProduction, world.open("a", 1, "production", ONE_AT_A_TIME, body("branch 3")));
        assertBehind(firstStaging, world.open("b", 1, "staging", ONE_AT_A_TIME, body("branch 4")));
    }

    @Test
    void anOverrideSkipsEverythingButTheTurn() {
        long running = open("a", 1, ONE_AT_A_TIME);
        EnvironmentPolicy held = new EnvironmentPolicy(
                policy(2, TurnRules.NONE).rules(),
                ONE_AT_A_TIME.access(),
                ONE_AT_A_TIME.separation(),
                ONE_AT_A_TIME.commentRequired(),
                new Timing(Optional.of(Duration.ofSeconds(30)), Duration.ofSeconds(20), List.of()),
                new TurnRules(Optional.of(""), Supersede.ON_ARRIVAL, true),
                List.of());
        long waiting = open("b", 1, held);
        world.override(waiting, VoteDecision.APPROVED);
        open("b", 2, held);
        assertBehind(running, waiting);
        assertEquals(0, world.get(waiting).outstanding(held));
        assertEquals(Optional.empty(), world.get(waiting).dueAt(NOON.plusSeconds(3600)), "it has no deadline any more");
        assertEquals(
                new VoteOutcome.Refused(DenialReason.ALREADY_DECIDED),
                VoteOutcome.override(
                        world.get(waiting),
                        held,
                        Rivals.NONE,
                        "eve",
                        VoteDecision.REJECTED,
                        "no",
                        NOON.plusSeconds(9)));
        world.finish(running);
        world.settle();
        assertStatus(Status.RUNNING, waiting);
    }

    @Test
    void anApproverCanStillStopWhatWasOverriddenAndWaitsForItsTurn() {
        open("a", 1, ONE_AT_A_TIME);
        long waiting = open("b", 1, policy(1, exclusive("")));
        world.override(waiting, VoteDecision.APPROVED);
        assertEquals(
                Optional.of(DenialReason.ALREADY_DECIDED),
                VoteOutcome.refusal(
                        world.get(waiting),
                        world.get(waiting).policy(),
                        Policies.voter("bob"),
                        VoteDecision.APPROVED,
                        NOON.plusSeconds(9)));
        world.reject(waiting);
        assertEquals(EndReason.DEPLOYMENT_REJECTED, world.get(waiting).endReason());
        assertEquals(
                "root", world.get(waiting).history().override().orElseThrow().user(), "the override is kept");
    }

    @Test
    void aNewerBuildThatIsReleasedSupersedesThoseThatWait() {
        EnvironmentPolicy policy = policy(1, superseding(Supersede.ON_RELEASE));
        long old = open("a", 1, policy);
        long otherJob = open("b", 1, policy);
        long rejected = open("a", 2, policy);
        long newest = open("a", 3, policy);
        world.reject(rejected);
        world.settle();
        assertStatus(Status.BLOCKED, old);
        world.approve(newest);
        world.settle();
        assertCanceled(EndReason.DEPLOYMENT_SUPERSEDED, newest, old);
        assertStatus(Status.BLOCKED, otherJob);
    }

    @Test
    void aNewerBuildThatArrivesSupersedesThoseThatWaitButNotThoseThatRun() {
        EnvironmentPolicy policy = policy(1, superseding(Supersede.ON_ARRIVAL));
        long running = open("a", 1, policy);
        world.approve(running);
        long old = open("a", 2, policy);
        long allowed = world.open("a", 2, "production", policy, ATOM, true);
        long elsewhere = world.open("a", 2, "staging", policy, ATOM);
        long newest = open("a", 3, policy);
        world.settle();
        assertCanceled(EndReason.DEPLOYMENT_SUPERSEDED, newest, old);
        assertStatus(Status.RUNNING, running);
        assertStatus(Status.BLOCKED, allowed);
        assertStatus(Status.BLOCKED, elsewhere);
    }

    @Test
    void nobodySupersedesWhereThatIsNotConfigured() {
        EnvironmentPolicy policy = policy(1, TurnRules.NONE);
        long old = open("a", 1, policy);
        world.approve(open("a", 2, policy));
        world.settle();
        assertStatus(Status.BLOCKED, old);
    }

    @Test
    void anOutdatedBuildIsCanceledUnlessItIsAllowed() {
        DeploymentReference newer = new DeploymentReference("a", 5, 99);
        EnvironmentPolicy strict = policy(1, new TurnRules(Optional.empty(), Supersede.NEVER, true));
        long old = open("a", 1, strict);
        Deployment outdated =
                world.get(old).evaluate(strict, world.rivals(old, Optional.of(newer)), NOON.plusSeconds(60));
        assertEquals(Status.CANCELED, outdated.status());
        assertEquals(Optional.of(newer), outdated.ending().flatMap(Ending::by));
        long rollback = world.open("a", 2, "production", strict, ATOM, true);
        Deployment allowed = world.get(rollback)
                .evaluate(policy(0, strict.turns()), world.rivals(rollback, Optional.of(newer)), NOON.plusSeconds(60));
        assertEquals(Status.RUNNING, allowed.status());
        assertEquals(Optional.of(newer), allowed.request().newer(), "approvers see what it takes back");
        assertEquals(
                List.of("true", "a #5"),
                DeploymentEvents.of(allowed).stream()
                        .flatMap(event -> event.details().values().stream())
                        .toList());
    }

    @Test
    void whatIsHeldAgainDoesNotKeepOthersFromTheirTurn() {
        long running = open("a", 1, ONE_AT_A_TIME);
        long first = open("b", 1, policy(1, exclusive("")));
        world.approve(first);
        long second = open("c", 1, ONE_AT_A_TIME);
        world.finish(running);
        world.put(
                first,
                VoteOutcome.withdraw(world.get(first), "bob", NOON.plusSeconds(60)) instanceof VoteOutcome.Accepted one
                        ? one.following()
                        : null);
        assertEquals(Optional.empty(), world.get(first).times().queuedAt());
        world.settle();
        assertStatus(Status.RUNNING, second);
        assertStatus(Status.BLOCKED, first);
    }
}
