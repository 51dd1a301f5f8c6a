package io.jenkins.plugins.deploymentgate.core.deployment;

import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.NOON;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.blocked;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.policy;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.voter;
import static io.jenkins.plugins.deploymentgate.core.deployment.Policies.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.Approver;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentDescription;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentRequest;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.FreezeWindow;
import io.jenkins.plugins.deploymentgate.core.policy.Timing;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.core.policy.Voter;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Deadlines, waits and freezes; 1 March 2026 is a Sunday. */
class TimingTest {

    private static final ZoneId UTC = ZoneId.of("UTC");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final FreezeWindow WEEKEND =
            new FreezeWindow.Weekly(DayOfWeek.FRIDAY, LocalTime.of(18, 0), DayOfWeek.MONDAY, LocalTime.of(6, 0), UTC);

    private static Instant at(String text) {
        return Instant.parse(text);
    }

    private static EnvironmentPolicy timed(Duration deadline, Duration waitTime, FreezeWindow... freezes) {
        return with(new Timing(Optional.ofNullable(deadline), waitTime, List.of(freezes)), policy(1, "bob"));
    }

    private static VoteOutcome vote(
            Deployment deployment, EnvironmentPolicy policy, VoteDecision decision, Instant at) {
        return VoteOutcome.cast(deployment, policy, Rivals.NONE, voter("bob"), decision, "", Optional.empty(), at);
    }

    private static Deployment accepted(VoteOutcome outcome) {
        return assertInstanceOf(VoteOutcome.Accepted.class, outcome).following();
    }

    @Test
    void aDeploymentExpiresAtItsDeadlineAndNotBefore() {
        EnvironmentPolicy hour = timed(Duration.ofHours(1), Duration.ZERO);
        Deployment waiting = blocked(hour, List.of());
        assertEquals(Optional.of(NOON.plusSeconds(3600)), waiting.times().deadline());
        assertEquals(waiting.times().deadline(), waiting.dueAt(NOON));
        assertEquals(
                Status.BLOCKED,
                waiting.evaluate(hour, Rivals.NONE, NOON.plusSeconds(3599)).status());
        assertThrows(IllegalStateException.class, () -> waiting.expire(NOON.plusSeconds(3599)));
        Deployment expired = waiting.evaluate(hour, Rivals.NONE, NOON.plusSeconds(3600));
        assertEquals(EndReason.DEPLOYMENT_EXPIRED, expired.endReason());
        assertEquals(Status.FAILED, expired.status());
        assertEquals(Optional.empty(), expired.dueAt(NOON.plusSeconds(3600)));
        assertEquals(expired, waiting.expire(NOON.plusSeconds(3600)));
    }

    @Test
    void aVoteAtTheDeadlineComesTooLate() {
        EnvironmentPolicy hour = timed(Duration.ofHours(1), Duration.ZERO);
        Deployment waiting = blocked(hour, List.of());
        assertEquals(
                new VoteOutcome.Refused(DenialReason.DEADLINE_PASSED),
                vote(waiting, hour, VoteDecision.APPROVED, NOON.plusSeconds(3600)));
        assertEquals(
                Status.RUNNING,
                accepted(vote(waiting, hour, VoteDecision.APPROVED, NOON.plusSeconds(3599)))
                        .status());
    }

    @Test
    void thePipelineCanOnlyShortenTheDeadline() {
        Duration hour = Duration.ofHours(1);
        for (long minutes : List.of(30L, 90L)) {
            DeploymentRequest request = new DeploymentRequest(
                    "production",
                    Policies.origin(List.of()),
                    Optional.empty(),
                    DeploymentDescription.NONE,
                    Optional.of(Duration.ofMinutes(minutes)));
            Deployment deployment = Deployment.created(1, 1, request, timed(hour, Duration.ZERO), NOON);
            assertEquals(
                    Optional.of(NOON.plus(Duration.ofMinutes(Math.min(60, minutes)))),
                    deployment.times().deadline());
        }
        assertEquals(
                Optional.empty(),
                blocked(timed(null, Duration.ZERO), List.of()).times().deadline());
    }

    @Test
    void aNewPolicyMovesTheDeadline() {
        EnvironmentPolicy hour = timed(Duration.ofHours(1), Duration.ZERO);
        EnvironmentPolicy day = timed(Duration.ofDays(1), Duration.ZERO);
        Deployment longer = blocked(hour, List.of()).evaluate(day, Rivals.NONE, NOON.plusSeconds(60));
        assertEquals(Optional.of(NOON.plusSeconds(86400)), longer.times().deadline());
        assertEquals(
                EndReason.DEPLOYMENT_EXPIRED,
                longer.evaluate(hour, Rivals.NONE, NOON.plusSeconds(7200)).endReason());
    }

    @Test
    void anApprovedDeploymentWaitsAndCanStillBeRejected() {
        EnvironmentPolicy patient = timed(null, Duration.ofMinutes(10));
        Deployment approved = accepted(vote(blocked(patient, List.of()), patient, VoteDecision.APPROVED, NOON));
        assertEquals(Status.BLOCKED, approved.status());
        Instant end = NOON.plusSeconds(600);
        assertEquals(new Decision.Held(end), Decision.of(approved, patient, Rivals.NONE, NOON));
        assertEquals(Optional.of(end), approved.dueAt(NOON));
        assertEquals(
                Status.BLOCKED,
                approved.evaluate(patient, Rivals.NONE, end.minusMillis(1)).status());
        assertEquals(
                Status.RUNNING, approved.evaluate(patient, Rivals.NONE, end).status());
        assertEquals(Optional.of(end.plusSeconds(1)), approved.dueAt(end.plusSeconds(1)), "overdue is due");
        Voter other = new Voter("bob2", Set.of(), true, Set.of());
        EnvironmentPolicy holders = with(
                patient.timing(),
                Policies.rules(new ApprovalRule(
                        "production", 1, List.of(new Approver.User("bob"), new Approver.PermissionHolders()))));
        assertEquals(
                new VoteOutcome.Refused(DenialReason.RULE_ALREADY_MET),
                VoteOutcome.cast(
                        approved, holders, Rivals.NONE, other, VoteDecision.APPROVED, "", Optional.empty(), NOON));
        Deployment stopped = accepted(VoteOutcome.cast(
                approved, holders, Rivals.NONE, other, VoteDecision.REJECTED, "stop", Optional.empty(), NOON));
        assertEquals(EndReason.DEPLOYMENT_REJECTED, stopped.endReason());
    }

    @Test
    void aDeploymentThatIsHeldBeyondItsDeadlineExpires() {
        EnvironmentPolicy both = timed(Duration.ofHours(1), Duration.ofHours(2));
        Deployment approved = accepted(vote(blocked(both, List.of()), both, VoteDecision.APPROVED, NOON));
        assertEquals(Optional.of(NOON.plusSeconds(3600)), approved.dueAt(NOON));
        assertEquals(
                EndReason.DEPLOYMENT_EXPIRED,
                approved.evaluate(both, Rivals.NONE, NOON.plusSeconds(3600)).endReason());
    }

    @Test
    void aDeploymentThatIsHeldIsLookedAtAgainWhenItMayGoOn() {
        EnvironmentPolicy both = timed(Duration.ofHours(3), Duration.ofHours(2));
        Deployment approved = accepted(vote(blocked(both, List.of()), both, VoteDecision.APPROVED, NOON));
        assertEquals(Optional.of(NOON.plusSeconds(7200)), approved.dueAt(NOON));
    }

    @Test
    void anEnvironmentThatNeedsNoApprovalWaitsAllTheSame() {
        Deployment waiting =
                blocked(with(new Timing(Optional.empty(), Duration.ZERO, List.of(WEEKEND)), policy(0)), List.of());
        assertEquals(Status.BLOCKED, waiting.status());
        assertEquals(Optional.of(at("2026-03-02T06:00:00Z")), waiting.dueAt(NOON));
    }

    @Test
    void aWeeklyFreezeComesAgainEveryWeek() {
        assertEquals(Optional.empty(), WEEKEND.endAt(at("2026-02-27T17:59:59Z")));
        assertEquals(Optional.of(at("2026-03-02T06:00:00Z")), WEEKEND.endAt(at("2026-02-27T18:00:00Z")));
        assertEquals(Optional.of(at("2026-03-02T06:00:00Z")), WEEKEND.endAt(at("2026-03-02T05:59:59Z")));
        assertEquals(Optional.empty(), WEEKEND.endAt(at("2026-03-02T06:00:00Z")));
        assertEquals(Optional.of(at("2026-03-09T06:00:00Z")), WEEKEND.endAt(at("2026-03-07T00:00:00Z")));
    }

    @Test
    void aWeeklyFreezeCanBeAnHourOrAllButAnHour() {
        FreezeWindow lunch = new FreezeWindow.Weekly(
                DayOfWeek.SUNDAY, LocalTime.of(12, 0), DayOfWeek.SUNDAY, LocalTime.of(13, 0), UTC);
        assertEquals(Optional.of(at("2026-03-01T13:00:00Z")), lunch.endAt(NOON));
        assertEquals(Optional.empty(), lunch.endAt(NOON.plusSeconds(3600)));
        FreezeWindow notLunch = new FreezeWindow.Weekly(
                DayOfWeek.SUNDAY, LocalTime.of(13, 0), DayOfWeek.SUNDAY, LocalTime.of(12, 0), UTC);
        assertEquals(Optional.empty(), notLunch.endAt(NOON));
        assertEquals(Optional.of(at("2026-03-08T12:00:00Z")), notLunch.endAt(NOON.plusSeconds(3600)));
        assertEquals(Optional.of(at("2026-03-01T12:00:00Z")), notLunch.endAt(NOON.minusSeconds(1)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new FreezeWindow.Weekly(DayOfWeek.SUNDAY, LocalTime.NOON, DayOfWeek.SUNDAY, LocalTime.NOON, UTC));
    }

    @Test
    void freezesGoByTheClocksOfTheirZone() {
        FreezeWindow night = new FreezeWindow.Weekly(
                DayOfWeek.SUNDAY, LocalTime.of(0, 0), DayOfWeek.SUNDAY, LocalTime.of(6, 0), BERLIN);
        assertEquals(Optional.of(at("2026-03-22T05:00:00Z")), night.endAt(at("2026-03-21T23:00:00Z")));
        assertEquals(Optional.of(at("2026-03-29T04:00:00Z")), night.endAt(at("2026-03-28T23:00:00Z")), "summer time");
        FreezeWindow dated = new FreezeWindow.Dated(
                LocalDateTime.parse("2026-12-20T18:00"), LocalDateTime.parse("2027-01-02T06:00"), BERLIN);
        assertEquals(Optional.empty(), dated.endAt(at("2026-12-20T16:59:59Z")));
        assertEquals(Optional.of(at("2027-01-02T05:00:00Z")), dated.endAt(at("2026-12-20T17:00:00Z")));
        assertEquals(Optional.empty(), dated.endAt(at("2027-01-02T05:00:00Z")));
        LocalDateTime now = LocalDateTime.parse("2026-12-20T18:00");
        assertThrows(IllegalArgumentException.class, () -> new FreezeWindow.Dated(now, now, BERLIN));
    }

    @Test
    void bothPassesOfAnHourThatClocksRepeatAreFrozen() {
        FreezeWindow half = new FreezeWindow.Dated(
                LocalDateTime.parse("2026-10-25T02:30"), LocalDateTime.parse("2026-10-25T02:45"), BERLIN);
        Optional<Instant> end = Optional.of(at("2026-10-25T01:45:00Z"));
        assertEquals(Optional.empty(), half.endAt(at("2026-10-25T00:29:59Z")));
        assertEquals(end, half.endAt(at("2026-10-25T00:30:00Z")), "the first pass");
        assertEquals(end, half.endAt(at("2026-10-25T01:00:00Z")), "between");
        assertEquals(end, half.endAt(at("2026-10-25T01:44:59Z")), "the second pass");
        assertEquals(Optional.empty(), half.endAt(at("2026-10-25T01:45:00Z")));
        FreezeWindow nightly = new FreezeWindow.Weekly(
                DayOfWeek.SUNDAY, LocalTime.of(0, 0), DayOfWeek.SUNDAY, LocalTime.of(2, 0), BERLIN);
        assertEquals(Optional.of(at("2026-10-25T01:00:00Z")), nightly.endAt(at("2026-10-25T00:59:59Z")));
    }

    @Test
    void aFreezeWhoseStartTheClocksSkipStartsWhenTheySkipIt() {
        FreezeWindow morning = new FreezeWindow.Dated(
                LocalDateTime.parse("2026-03-29T02:30"), LocalDateTime.parse("2026-03-29T06:00"), BERLIN);
        assertEquals(Optional.empty(), morning.endAt(at("2026-03-29T00:59:59Z")));
        assertEquals(Optional.of(at("2026-03-29T04:00:00Z")), morning.endAt(at("2026-03-29T01:00:00Z")));
    }

    @Test
    void freezesThatFollowEachOtherAreOne() {
        FreezeWindow monday = new FreezeWindow.Dated(
                LocalDateTime.parse("2026-03-02T06:00"), LocalDateTime.parse("2026-03-03T00:00"), UTC);
        Timing timing = new Timing(Optional.empty(), Duration.ofHours(1), List.of(monday, WEEKEND));
        assertEquals(Optional.of(at("2026-03-03T00:00:00Z")), timing.heldUntil(NOON, NOON));
        FreezeWindow rest = new FreezeWindow.Weekly(
                DayOfWeek.MONDAY, LocalTime.of(6, 0), DayOfWeek.FRIDAY, LocalTime.of(18, 0), UTC);
        Timing always = new Timing(Optional.empty(), Duration.ZERO, List.of(rest, WEEKEND));
        assertEquals(true, always.heldUntil(NOON, NOON).orElseThrow().isAfter(NOON.plus(Duration.ofDays(300))));
    }

    @Test
    void theStricterTimingWins() {
        Timing one = new Timing(Optional.of(Duration.ofHours(2)), Duration.ofMinutes(1), List.of(WEEKEND));
        Timing two = new Timing(Optional.of(Duration.ofHours(1)), Duration.ofMinutes(2), List.of(WEEKEND));
        Timing both = new Timing(Optional.of(Duration.ofHours(1)), Duration.ofMinutes(2), List.of(WEEKEND));
        assertEquals(both, one.and(two));
        assertEquals(both, two.and(one));
        assertEquals(one, one.and(Timing.ANY));
        assertEquals(one, Timing.ANY.and(one));
        assertThrows(
                IllegalArgumentException.class, () -> new Timing(Optional.of(Duration.ZERO), Duration.ZERO, List.of()));
        assertThrows(
                IllegalArgumentException.class, () -> new Timing(Optional.empty(), Duration.ofMinutes(-1), List.of()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Timing(Optional.of(Duration.ofMinutes(-1)), Duration.ZERO, List.of()));
    }
}
