package io.jenkins.plugins.deploymentgate.core.deployment;

import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.NOON;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.policy;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.request;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.voter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.deploymentgate.core.policy.DeployRefusal;
import io.jenkins.plugins.deploymentgate.core.policy.DeploySource;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentDescription;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentRequest;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.RequestOrigin;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What the audit ledger says of a deployment. */
class DeploymentEventsTest {

    private static final EnvironmentPolicy TWO = policy(2, "bob", "carol", "dave");

    private static Deployment created(EnvironmentPolicy policy) {
        DeploymentRequest request = new DeploymentRequest(
                "production",
                Policies.origin(List.of("alice", "zoe")),
                Optional.empty(),
                new DeploymentDescription("Release 2", "", ""),
                Optional.of(Duration.ofHours(1)));
        return Deployment.created(7, 1, request, policy, NOON);
    }

    private static Deployment blocked() {
        return created(TWO).evaluate(TWO, Rivals.NONE, NOON);
    }

    private static Deployment vote(Deployment before, String user, VoteDecision decision, int second) {
        VoteOutcome outcome = VoteOutcome.cast(
                before,
                before.policy(),
                Rivals.NONE,
                voter(user),
                decision,
                "so",
                Optional.empty(),
                NOON.plusSeconds(second));
        return ((VoteOutcome.Accepted) outcome).following();
    }

    private static Deployment override(Deployment before, VoteDecision decision, int second) {
        return ((VoteOutcome.Accepted) VoteOutcome.override(
                        before, before.policy(), Rivals.NONE, "root", decision, "must", NOON.plusSeconds(second)))
                .following();
    }

    private static List<String> told(Deployment deployment) {
        return DeploymentEvents.of(deployment).stream()
                .map(event -> event.kind() + " " + event.at().getEpochSecond() % 60 + " " + event.user())
                .map(String::strip)
                .toList();
    }

    @Test
    void aDeploymentThatPassesTellsItsWholeStory() {
        Deployment voted = vote(blocked(), "bob", VoteDecision.APPROVED, 1);
        Deployment back = ((VoteOutcome.Accepted) VoteOutcome.withdraw(voted, "bob", NOON.plusSeconds(2))).following();
        Deployment again = vote(vote(back, "carol", VoteDecision.APPROVED, 3), "bob", VoteDecision.APPROVED, 4);
        assertEquals(
                List.of(
                        "blocked 0 alice",
                        "approved 1 bob",
                        "withdrawn 2 bob",
                        "approved 3 carol",
                        "approved 4 bob",
                        "released 4",
                        "finished 9"),
                told(again.finish(Status.SUCCESS, NOON.plusSeconds(9))));
    }

    @Test
    void anEventSaysWhatIsKnownOfIt() {
        List<DeploymentEvent> events = DeploymentEvents.of(vote(blocked(), "bob", VoteDecision.REJECTED, 1));
        assertEquals(
                new DeploymentEvent(
                        "7/blocked",
                        DeploymentEvent.Kind.BLOCKED,
                        NOON,
                        "alice",
                        "",
                        Map.of("requesters", "alice, zoe", "message", "Release 2")),
                events.get(0));
        assertEquals(
                new DeploymentEvent(
                        "7/rejected/bob/2026-03-01T12:00:01Z",
                        DeploymentEvent.Kind.REJECTED,
                        NOON.plusSeconds(1),
                        "bob",
                        "so",
                        Map.of()),
                events.get(1));
        assertEquals(2, events.size());
    }

    @Test
    void everyEndHasItsEvent() {
        assertEquals(
                List.of("blocked 0 alice", "overridden 5 root", "released 5"),
                told(override(blocked(), VoteDecision.APPROVED, 5)));
        assertEquals(
                List.of("blocked 0 alice", "overridden 5 root"), told(override(blocked(), VoteDecision.REJECTED, 5)));
        assertEquals(List.of("blocked 0 alice", "expired 0"), told(blocked().expire(NOON.plus(Duration.ofHours(1)))));
        assertEquals(List.of("forbidden 0 alice"), told(created(TWO).forbid(new DeployRefusal.Automated(), NOON)));
        assertEquals(
                List.of("blocked 0 alice", "canceled 3 eve"),
                told(blocked().cancel(Policies.aborted("eve"), NOON.plusSeconds(3))));
        assertEquals(
                List.of("blocked 0 alice", "overridden 1 root", "released 1", "canceled 3 eve"),
                told(override(blocked(), VoteDecision.APPROVED, 1)
                        .cancel(Policies.aborted("eve"), NOON.plusSeconds(3))));
        assertEquals(
                List.of("blocked 0 alice", "overridden 1 root", "released 1", "finished 3"),
                told(override(blocked(), VoteDecision.APPROVED, 1).finish(Status.FAILED, NOON.plusSeconds(3))));
    }

    @Test
    void whatNeedsNobodyIsReleasedWithoutHavingWaited() {
        EnvironmentPolicy nobody = policy(0);
        Deployment running = created(nobody).evaluate(nobody, Rivals.NONE, NOON);
        assertEquals(List.of("released 0"), told(running));
        assertEquals(
                List.of("released 0", "canceled 1 eve"),
                told(running.cancel(Policies.aborted("eve"), NOON.plusSeconds(1))));
        assertEquals(List.of("released 0", "finished 1"), told(running.finish(Status.SUCCESS, NOON.plusSeconds(1))));
    }

    @Test
    void aNewPolicyReleasesWhatHasWaited() {
        EnvironmentPolicy one = policy(1, "bob");
        Deployment released =
                vote(blocked(), "bob", VoteDecision.APPROVED, 1).evaluate(one, Rivals.NONE, NOON.plusSeconds(6));
        assertEquals(List.of("blocked 0 alice", "approved 1 bob", "released 6"), told(released));
        EnvironmentPolicy none = policy(0);
        assertEquals(
                List.of("blocked 0 alice", "released 6"),
                told(blocked().evaluate(none, Rivals.NONE, NOON.plusSeconds(6))));
        assertEquals(List.of(), told(created(none)), "nothing has happened yet");
    }

    @Test
    void aForbiddenDeploymentSaysWhatTheEnvironmentDoesNotAccept() {
        assertEquals(
                Map.of("requesters", "alice, zoe", "message", "Release 2", "without_access", "zoe"),
                details(created(TWO).forbid(new DeployRefusal.NoAccess(List.of("zoe")), NOON)));
        Deployment timed = Deployment.created(7, 1, request(List.of(), Optional.empty()), TWO, NOON);
        assertEquals(Map.of("automated", "true"), details(timed.forbid(new DeployRefusal.Automated(), NOON)));
        DeploySource.Pattern main = new DeploySource.Pattern(DeploySource.Kind.BRANCH, "main");
        DeploySource.Pattern tags = new DeploySource.Pattern(DeploySource.Kind.TAG, "v*");
        assertEquals(
                Map.of("from", "pull_request PR-1", "required_from", "branch main, tag v*; branch main"),
                details(timed.forbid(
                        new DeployRefusal.WrongSource(
                                new DeploySource(DeploySource.Kind.PULL_REQUEST, "PR-1"),
                                List.of(List.of(main, tags), List.of(main))),
                        NOON)));
        DeploymentRequest unclear = new DeploymentRequest(
                "production",
                new RequestOrigin(List.of(), true, List.of("RemoteCause: 192.0.2.7", "original gone")),
                Optional.empty(),
                DeploymentDescription.NONE,
                Optional.empty());
        Deployment unknown = Deployment.created(7, 1, unclear, TWO, NOON);
        Map<String, String> notKnown = Map.of("unknown_requesters", "RemoteCause: 192.0.2.7; original gone");
        assertEquals(
                notKnown,
                details(unknown.forbid(
                        new DeployRefusal.UnknownRequesters(unclear.origin().unknown()), NOON)));
        assertEquals(notKnown, details(unknown.evaluate(TWO, Rivals.NONE, NOON)), "and where it is accepted");
    }

    private static Map<String, String> details(Deployment deployment) {
        return DeploymentEvents.of(deployment).get(0).details();
    }

    @Test
    void aTimerAsksForNothingInParticular() {
        Deployment timed = Deployment.created(7, 1, request(List.of(), Optional.empty()), TWO, NOON)
                .evaluate(TWO, Rivals.NONE, NOON);
        assertEquals(List.of("blocked 0"), told(timed));
        assertEquals(Map.of(), details(timed));
    }

    @Test
    void aSingleRequesterIsTheUserOfTheEvent() {
        Deployment one = Deployment.created(7, 1, request(List.of("alice"), Optional.empty()), TWO, NOON)
                .evaluate(TWO, Rivals.NONE, NOON);
        assertEquals(List.of("blocked 0 alice"), told(one));
        assertEquals(Map.of(), details(one));
    }

    @Test
    void anApprovalSaysTheRuleThatWasChosenForIt() {
        VoteOutcome.Accepted accepted = (VoteOutcome.Accepted) VoteOutcome.cast(
                blocked(),
                TWO,
                Rivals.NONE,
                voter("bob"),
                VoteDecision.APPROVED,
                "",
                Optional.of("production"),
                NOON.plusSeconds(1));
        Deployment withdrawn = ((VoteOutcome.Accepted)
                        VoteOutcome.withdraw(accepted.following(), "bob", NOON.plusSeconds(2)))
                .following();
        assertEquals(
                List.of(Map.of("rule", "production"), Map.of("rule", "production")),
                DeploymentEvents.of(withdrawn).stream()
                        .skip(1)
                        .map(DeploymentEvent::details)
                        .toList());
    }

    @Test
    void aCanceledDeploymentSaysWhyAndByWhom() {
        Deployment canceled = blocked().cancel(Policies.aborted("eve"), NOON.plusSeconds(3));
        assertEquals(
                new DeploymentEvent(
                        "7/canceled",
                        DeploymentEvent.Kind.CANCELED,
                        NOON.plusSeconds(3),
                        "eve",
                        "Aborted by eve",
                        Map.of("reason", "build_aborted")),
                DeploymentEvents.of(canceled).get(1));
    }

    /** Something that may happen to a deployment; nothing does where it is not possible. */
    private enum Step {
        BOB_APPROVES,
        CAROL_APPROVES,
        DAVE_REJECTS,
        BOB_WITHDRAWS,
        ROOT_OVERRIDES,
        POLICY_IS_RELAXED,
        POLICY_IS_TIGHTENED,
        DEADLINE_PASSES,
        BUILD_SUCCEEDS,
        BUILD_FAILS,
        BUILD_IS_ABORTED;

        Deployment take(Deployment before, Instant now) {
            return switch (this) {
                case BOB_APPROVES -> cast(before, "bob", VoteDecision.APPROVED, now);
                case CAROL_APPROVES -> cast(before, "carol", VoteDecision.APPROVED, now);
                case DAVE_REJECTS -> cast(before, "dave", VoteDecision.REJECTED, now);
                case BOB_WITHDRAWS -> accepted(before, VoteOutcome.withdraw(before, "bob", now));
                case ROOT_OVERRIDES ->
                    accepted(
                            before,
                            VoteOutcome.override(
                                    before, before.policy(), Rivals.NONE, "root", VoteDecision.APPROVED, "must", now));
                case POLICY_IS_RELAXED ->
                    ifBlocked(before, state -> state.evaluate(policy(1, "bob", "dave"), Rivals.NONE, now));
                case POLICY_IS_TIGHTENED ->
                    ifBlocked(before, state -> state.evaluate(policy(3, "bob", "eve"), Rivals.NONE, now));
                case DEADLINE_PASSES -> ifBlocked(before, state -> state.expire(now.plus(Duration.ofHours(2))));
                case BUILD_SUCCEEDS -> before.status() == Status.RUNNING ? before.finish(Status.SUCCESS, now) : before;
                case BUILD_FAILS -> before.status() == Status.RUNNING ? before.finish(Status.FAILED, now) : before;
                case BUILD_IS_ABORTED ->
                    before.status().isFinal() ? before : before.cancel(Policies.aborted("eve"), now);
            };
        }

        private static Deployment cast(Deployment before, String user, VoteDecision decision, Instant now) {
            return accepted(
                    before,
                    VoteOutcome.cast(
                            before, before.policy(), Rivals.NONE, voter(user), decision, "", Optional.empty(), now));
        }

        private static Deployment accepted(Deployment before, VoteOutcome outcome) {
            return outcome instanceof VoteOutcome.Accepted accepted ? accepted.following() : before;
        }

        private static Deployment ifBlocked(Deployment before, UnaryOperator<Deployment> change) {
            return before.status() == Status.BLOCKED ? change.apply(before) : before;
        }
    }

    @Property
    void whatWasToldIsToldOfEveryLaterState(@ForAll List<Step> life) {
        Deployment state = blocked();
        Instant now = NOON;
        for (Step step : life) {
            now = now.plusSeconds(1);
            List<DeploymentEvent> before = DeploymentEvents.of(state);
            Deployment next = step.take(state, now);
            List<DeploymentEvent> after = DeploymentEvents.of(next);
            assertTrue(after.containsAll(before), () -> before + " was told, but now " + after);
            assertEquals(after, DeploymentEvents.of(next.anchor()));
            long different = after.stream().map(DeploymentEvent::id).distinct().count();
            assertEquals(after.size(), different, after::toString);
            boolean happened = !next.history().equals(state.history()) || next.status() != state.status();
            assertEquals(happened, after.size() > before.size(), step + " is told if it has happened");
            state = next;
        }
    }
}
