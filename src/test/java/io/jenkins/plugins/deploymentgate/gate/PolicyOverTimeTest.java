package io.jenkins.plugins.deploymentgate.gate;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.WorldTestCase;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.config.DatedFreeze;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.config.UserApprover;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;

/** Deadlines, waits and freezes of real builds; the tests tell the time. */
class PolicyOverTimeTest extends WorldTestCase {

    private static ProtectedEnvironment environment(String name) {
        ProtectedEnvironment environment = new ProtectedEnvironment(name);
        environment.setApprovers(List.of(new UserApprover("bob"), new UserApprover("carol")));
        return environment;
    }

    private static WorkflowRun waiting(String environment, String parameters) throws Exception {
        return blocked(
                j,
                pipeline("time-" + System.nanoTime(), "deploymentGate environment: '" + environment + "'" + parameters),
                "alice");
    }

    private static void pass(Duration time) {
        Reevaluation.get().timePassed(Instant.now().plus(time));
    }

    @Test
    void aDeploymentThatNobodyApprovesInTimeExpires() throws Exception {
        ProtectedEnvironment hour = environment("hour");
        hour.setDeadlineMinutes(60);
        protect(hour);
        WorkflowRun build = waiting("hour", "");
        pass(Duration.ofMinutes(59));
        assertEquals(Status.BLOCKED, latest(build).status());
        pass(Duration.ofMinutes(61));
        ended(j, Result.FAILURE, build);
        assertEquals(EndReason.DEPLOYMENT_EXPIRED, latest(build).endReason());
        j.assertLogContains("deployment_expired: the deployment to hour was not approved before its deadline", build);
        VoteResult late = vote(build, latest(build).id(), "bob", VoteDecision.APPROVED, "");
        assertEquals(DenialReason.ALREADY_DECIDED, ((VoteResult.Refused) late).why());
    }

    @Test
    void aJumpOfTheSystemClockMovesNoDeadlineForTenMinutes() throws Exception {
        ProtectedEnvironment hour = environment("hour");
        hour.setDeadlineMinutes(60);
        protect(hour);
        WorkflowRun build = waiting("hour", "");
        AtomicReference<Duration> running = new AtomicReference<>(Duration.ZERO);
        AtomicReference<Instant> start = new AtomicReference<>(Instant.now());
        DeadlineWork work = new DeadlineWork(() -> start.get().plus(running.get()), running::get);
        start.set(start.get().plus(Duration.ofHours(2)));
        for (int seconds = 0; seconds < 600; seconds += 30) {
            running.set(Duration.ofSeconds(seconds));
            work.check();
            assertEquals(Status.BLOCKED, latest(build).status(), "after " + seconds + " seconds");
        }
        running.set(Duration.ofSeconds(600));
        work.check();
        ended(j, Result.FAILURE, build);
        assertEquals(EndReason.DEPLOYMENT_EXPIRED, latest(build).endReason());
    }

    @Test
    void thePipelineMayAskForLessTimeButNotForMore() throws Exception {
        ProtectedEnvironment hour = environment("hour");
        hour.setDeadlineMinutes(60);
        protect(hour);
        WorkflowRun sooner = waiting("hour", ", deadlineMinutes: 5");
        WorkflowRun later = waiting("hour", ", deadlineMinutes: 500");
        pass(Duration.ofMinutes(6));
        ended(j, Result.FAILURE, sooner);
        assertEquals(Status.BLOCKED, latest(later).status());
        pass(Duration.ofMinutes(61));
        ended(j, Result.FAILURE, later);
    }

    @Test
    void aDeadlineThatMakesNoSenseFailsTheStepAtOnce() throws Exception {
        protect(environment("hour"));
        WorkflowRun build = World.start(
                pipeline("time-" + System.nanoTime(), "deploymentGate environment: 'hour', deadlineMinutes: 0"),
                "alice");
        ended(j, Result.FAILURE, build);
        j.assertLogContains("The deadline must be one minute or more", build);
    }

    @Test
    void withoutADeadlineOfItsOwnADeploymentExpiresBeforeJenkinsGivesTheBuildUp() throws Exception {
        protect(environment("patient"));
        WorkflowRun build = waiting("patient", "");
        Instant deadline = latest(build).times().deadline().orElseThrow();
        assertEquals(28, ChronoUnit.DAYS.between(latest(build).createdAt(), deadline));
        pass(Duration.ofDays(29));
        ended(j, Result.FAILURE, build);
    }

    @Test
    void anApprovedDeploymentWaitsAsLongAsItMust() throws Exception {
        ProtectedEnvironment slow = environment("slow");
        slow.setWaitMinutes(10);
        protect(slow);
        WorkflowRun build = waiting("slow", "");
        approve(build, "bob");
        assertEquals(Status.BLOCKED, latest(build).status());
        j.assertLogContains("The deployment to slow is approved. The build goes on at ", build);
        pass(Duration.ofMinutes(9));
        assertEquals(Status.BLOCKED, latest(build).status());
        pass(Duration.ofMinutes(11));
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("The deployment to slow has waited long enough", build);
    }

    @Test
    void anApproverCanStopADeploymentThatWaits() throws Exception {
        ProtectedEnvironment slow = environment("slow");
        slow.setWaitMinutes(10);
        protect(slow);
        WorkflowRun build = waiting("slow", "");
        approve(build, "bob");
        vote(build, latest(build).id(), "carol", VoteDecision.REJECTED, "the dashboard is red");
        ended(j, Result.FAILURE, build);
    }

    @Test
    void nothingGoesOnInAFreeze() throws Exception {
        ProtectedEnvironment frozen = environment("frozen");
        LocalDateTime now = LocalDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
        frozen.setFreezeWindows(List.of(new DatedFreeze(
                now.minusDays(1).toString(), now.plusDays(2).toString().replace('T', ' '), "UTC")));
        protect(frozen);
        WorkflowRun build = waiting("frozen", "");
        approve(build, "bob");
        assertEquals(Status.BLOCKED, latest(build).status());
        pass(Duration.ofDays(1));
        assertEquals(Status.BLOCKED, latest(build).status());
        WorkflowRun released = waiting("frozen", "");
        approve(released, "carol");
        frozen.setFreezeWindows(List.of());
        protect(frozen);
        ended(j, Result.SUCCESS, released);
        ended(j, Result.SUCCESS, build);
    }
}
