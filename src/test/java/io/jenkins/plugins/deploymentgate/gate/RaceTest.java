package io.jenkins.plugins.deploymentgate.gate;

import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.deployment;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.Watchdog;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.FlowInterruptedException;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Many people at once: exactly one decision, and each vote once. */
@WithJenkins
class RaceTest {

    private static final int VOTERS = 16;
    private static final int ROUNDS = 8;

    private static JenkinsRule j;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        j = rule;
        World.people(j);
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .toAuthenticated());
    }

    private static WorkflowJob job(int required) throws Exception {
        protect("crowded", required);
        return pipeline("race-" + System.nanoTime(), "deploymentGate 'crowded'");
    }

    private static List<VoteResult> atOnce(List<Callable<VoteResult>> votes) throws Exception {
        return Watchdog.atOnce(votes, 60);
    }

    @Test
    void asManyVotesAsNeededAreTakenAndNoMore() throws Exception {
        int required = VOTERS / 2;
        WorkflowJob job = job(required);
        for (int round = 0; round < ROUNDS; round++) {
            WorkflowRun build = blocked(j, job, null);
            long id = latest(build).id();
            List<VoteResult> results = atOnce(IntStream.range(0, VOTERS)
                    .<Callable<VoteResult>>mapToObj(
                            voter -> () -> vote(build, id, "voter" + voter, VoteDecision.APPROVED, "from " + voter))
                    .toList());
            assertEquals(
                    required,
                    results.stream()
                            .filter(VoteResult.Recorded.class::isInstance)
                            .count());
            results.stream()
                    .filter(VoteResult.Refused.class::isInstance)
                    .forEach(refused ->
                            assertEquals(DenialReason.ALREADY_DECIDED, ((VoteResult.Refused) refused).why()));
            World.ended(j, Result.SUCCESS, build);
            assertEachOnce(deployment(build, id), required);
            assertEquals(
                    required,
                    build.getLog(1000).stream()
                            .filter(line -> line.contains("approved the deployment to crowded"))
                            .count(),
                    "one line for each vote");
        }
    }

    @Test
    void onePersonWhoPressesManyTimesVotesOnce() throws Exception {
        WorkflowRun build = blocked(j, job(2), null);
        long id = latest(build).id();
        List<VoteResult> results = atOnce(IntStream.range(0, VOTERS)
                .<Callable<VoteResult>>mapToObj(press -> () -> vote(build, id, "voter", VoteDecision.APPROVED, ""))
                .toList());
        assertTrue(results.stream().allMatch(VoteResult.Recorded.class::isInstance));
        assertEachOnce(deployment(build, id), 1);
        assertEquals(Status.BLOCKED, latest(build).status());
        build.doStop();
        World.ended(j, Result.ABORTED, build);
    }

    @Test
    void approvalRejectionAndAbortHaveOneWinner() throws Exception {
        WorkflowJob job = job(1);
        for (int round = 0; round < ROUNDS; round++) {
            WorkflowRun build = blocked(j, job, null);
            long id = latest(build).id();
            List<VoteResult> results = atOnce(List.of(
                    () -> vote(build, id, "yes", VoteDecision.APPROVED, ""),
                    () -> vote(build, id, "no", VoteDecision.REJECTED, ""),
                    () -> {
                        build.getExecutor().interrupt(Result.ABORTED);
                        return new VoteResult.Refused(DenialReason.BUILD_ENDED, "the one that aborts does not vote");
                    }));
            j.waitForCompletion(build);
            Deployment after = deployment(build, id);
            assertTrue(after.status().isFinal());
            long taken = results.stream()
                    .filter(VoteResult.Recorded.class::isInstance)
                    .count();
            assertTrue(taken <= 1, results.toString());
            assertEquals(taken, after.approvals().size(), "what was acknowledged is there, and nothing else");
            if (after.status() == Status.FAILED && after.endReason() != null) {
                assertEquals(VoteDecision.REJECTED, after.approvals().get(0).decision());
                assertTrue(build.getResult().isWorseOrEqualTo(Result.FAILURE));
            }
        }
    }

    private static void assertEachOnce(Deployment deployment, int votes) {
        assertEquals(votes, deployment.approvals().size());
        assertEquals(
                votes,
                deployment.approvals().stream()
                        .map(approval -> approval.voter().id())
                        .distinct()
                        .count());
    }

    @Test
    void anInterruptionThatMeetsTheEndOfADeploymentEndsTheBuild() throws Exception {
        protect("crowded", 1);
        WorkflowJob job = pipeline("race-" + System.nanoTime(), """
            parallel one: { deploymentGate 'crowded' }, other: { deploymentGate 'crowded' }, failFast: false
            """);
        WorkflowRun build = start(job, null);
        await().until(() -> DeploymentViews.get().ids(build).size() == 2);
        List<LiveDeployment> live = List.copyOf(BuildDeployments.of(build).all());
        List<StepExecution> steps =
                build.getExecution().getCurrentExecutions(true).get();
        await().until(() -> live.stream().allMatch(one -> one.delivery().state() == Delivery.State.ANCHORED));
        FlowInterruptedException cause = new FlowInterruptedException(Result.ABORTED, true);
        steps.get(0).stop(cause);
        Deployment canceled = canceled(build);
        live.stream().flatMap(one -> one.delivery().take().stream()).forEach(step -> step.settle(canceled));
        steps.get(1).stop(cause);
        await().until(() -> !build.isLogUpdated());
        ended(j, Result.ABORTED, build);
        assertFalse(
                Stream.of(cause.getSuppressed())
                        .flatMap(other -> Stream.of(other.getSuppressed()))
                        .anyMatch(cause::equals),
                "Jenkins would follow a circle of failures for ever");
    }

    private static Deployment canceled(WorkflowRun build) throws Exception {
        for (long id : DeploymentViews.get().ids(build)) {
            Deployment one = deployment(build, id);
            if (one.status() == Status.CANCELED) {
                return one;
            }
        }
        throw new AssertionError("none was canceled");
    }

    @Test
    void whatIsCanceledIsNotToldToTheStepThatWasInterrupted() throws Exception {
        WorkflowRun build = blocked(j, job(1), null);
        long id = latest(build).id();
        List<Deployment> told = new CopyOnWriteArrayList<>();
        LiveDeployment live = BuildDeployments.of(build).find(id);
        live.delivery().attach(new LiveStep() {
            @Override
            public void settle(Deployment deployment) {
                told.add(deployment);
            }

            @Override
            public boolean print(String line) {
                return true;
            }

            @Override
            public ListenableFuture<Void> save() {
                return Futures.immediateVoidFuture();
            }
        });
        DeploymentLifecycle.get().cancel(build, id, new FlowInterruptedException(Result.ABORTED, true));
        live.deliver();
        assertEquals(Status.CANCELED, latest(build).status());
        assertEquals(List.of(), told);
        build.doStop();
        ended(j, Result.ABORTED, build);
    }
}
