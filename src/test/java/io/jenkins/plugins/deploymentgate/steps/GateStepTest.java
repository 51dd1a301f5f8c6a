package io.jenkins.plugins.deploymentgate.steps;

import static io.jenkins.plugins.deploymentgate.World.approve;
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
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.WorldTestCase;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentDescription;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import jenkins.model.InterruptedBuildAction;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.actions.ErrorAction;
import org.jenkinsci.plugins.workflow.flow.FlowDurabilityHint;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.job.properties.DurabilityHintJobProperty;
import org.jenkinsci.plugins.workflow.support.actions.PauseAction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a pipeline sees of its gate. */
class GateStepTest extends WorldTestCase {

    private int jobs;

    @BeforeEach
    void protectEnvironments() {
        protect("production", 1, "bob", "carol");
        protect("staging", 0);
        protect("review/*", 1, "bob");
    }

    private WorkflowJob job(String script) throws Exception {
        return pipeline("job-" + System.nanoTime() + "-" + jobs++, script);
    }

    @Test
    void anApprovalLetsTheBuildGoOnAndTellsTheScriptWhoApproved() throws Exception {
        WorkflowRun build = blocked(j, job("""
            def d = deploymentGate(environment: 'production', message: 'Release 1.4.2')
            echo "keys ${d.keySet().join(',')}"
            echo "id ${d.id} to ${d.environment} is ${d.status}"
            for (a in d.approvals) {
              echo "by ${a.user}: ${a.comment} at ${a.time}"
            }
            echo "all ${d.approvals*.user.join('+')}"
            """), "alice");
        long id = latest(build).id();
        assertTrue(build.isBuilding());
        assertEquals(Status.BLOCKED, latest(build).status());
        assertEquals("Release 1.4.2", latest(build).request().description().message());
        vote(build, id, "bob", VoteDecision.APPROVED, "looks good");
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("keys id,environment,status,approvals", build);
        j.assertLogContains("id " + id + " to production is running", build);
        j.assertLogContains("by bob: looks good at 20", build);
        j.assertLogContains("all bob", build);
        j.assertLogContains("bob approved the deployment to production (1 of 1): looks good", build);
        j.assertLogContains("The deployment to production is approved, and the build goes on.", build);
        assertEquals(Status.SUCCESS, latest(build).status());
    }

    @Test
    void whatIsDeployedAndWhereToLookAtItAreRecorded() throws Exception {
        WorkflowRun build = blocked(
                j,
                job("deploymentGate environment: 'production', version: ' 1.4.2 ', url: 'https://example.com/1.4.2'"),
                "alice");
        assertEquals(
                new DeploymentDescription("", "1.4.2", "https://example.com/1.4.2"),
                latest(build).request().description());
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void aVersionOfSeveralLinesAndAnAddressThatIsNoPageAreErrors() throws Exception {
        for (String bad : List.of(
                "version: 'a\\nb'",
                "version: 'a' * 256",
                "version: '\\uD83D'",
                "url: 'javascript:alert(1)'",
                "url: 'https:1'",
                "url: 'file:///etc/passwd'",
                "url: '/relative'",
                "url: 'https://example.com/ '*2",
                "url: 'https://example.com/' + 'a' * 2000")) {
            WorkflowRun build = start(job("deploymentGate environment: 'production', " + bad), "alice");
            ended(j, Result.FAILURE, build);
            j.assertLogContains(
                    bad.startsWith("url") ? "The address must begin with https://" : "The version must be one line",
                    build);
            assertEquals(List.of(), DeploymentViews.get().ids(build), bad);
        }
    }

    @Test
    void aMessageWithAHalfOfACharacterIsAnError() throws Exception {
        WorkflowRun build = start(job("deploymentGate environment: 'production', message: '\\uD83D'"), "alice");
        ended(j, Result.FAILURE, build);
        j.assertLogContains(
                "The message to the approvers contains the character U+D83D, which cannot be stored", build);
        assertEquals(List.of(), DeploymentViews.get().ids(build));
    }

    @Test
    void theEnvironmentAloneIsEnough() throws Exception {
        WorkflowRun build = blocked(j, job("deploymentGate 'review/feature-1'"), "alice");
        assertEquals("review/feature-1", latest(build).environment());
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void aRejectionFailsTheBuildWithItsReason() throws Exception {
        WorkflowRun build = blocked(j, job("retry(3) { deploymentGate 'production' }"), "alice");
        vote(build, latest(build).id(), "carol", VoteDecision.REJECTED, "not on a Friday");
        ended(j, Result.FAILURE, build);
        assertEquals(Status.FAILED, latest(build).status());
        assertEquals(EndReason.DEPLOYMENT_REJECTED, latest(build).endReason());
        assertEquals(1, DeploymentViews.get().ids(build).size(), "retry does not ask again");
        j.assertLogContains("carol rejected the deployment to production: not on a Friday", build);
        DeploymentFailure failure = failureOf(build);
        assertEquals("deployment_rejected", failure.getFailureReason());
        assertEquals("carol", failure.getUser());
        assertEquals("not on a Friday", failure.getComment());
        JSONObject api = World.browser(j, "alice")
                .getJSON(build.getUrl() + "api/json?tree=actions[causes[*]]")
                .getJSONObject();
        assertTrue(api.toString().contains("\"failureReason\":\"deployment_rejected\""), api.toString());
        FlowNode failed = new DepthFirstScanner()
                .findFirstMatch(
                        build.getExecution(),
                        node -> node.getDisplayFunctionName().equals("deploymentGate"));
        assertTrue(failed.getAction(ErrorAction.class).getError().getMessage().startsWith("deployment_rejected"));
    }

    @Test
    void anEnvironmentThatNeedsNoApprovalPassesAndIsRecorded() throws Exception {
        WorkflowRun build =
                start(job("def d = deploymentGate 'staging'; echo \"approvals ${d.approvals.size()}\""), "alice");
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("approvals 0", build);
        j.assertLogContains("The deployment to staging needs no approval.", build);
        assertEquals(Status.SUCCESS, latest(build).status());
        assertEquals(List.of("alice"), latest(build).requesters());
    }

    @Test
    void anUnknownEnvironmentFailsAtOnceAndSaysWhatWasMeant() throws Exception {
        WorkflowRun build = start(job("deploymentGate 'prodution'"), "alice");
        ended(j, Result.FAILURE, build);
        j.assertLogContains("environment_unknown", build);
        j.assertLogContains("Did you mean \"production\"?", build);
        j.assertLogContains("production, staging, review/*", build);
        assertEquals("environment_unknown", failureOf(build).getFailureReason());
        assertEquals(List.of(), DeploymentViews.get().ids(build));
        assertEquals(0, build.getActions(PauseAction.class).size());
    }

    @Test
    void aPatternOrNonsenseIsNoEnvironment() throws Exception {
        for (String name : List.of("review/*", "", "a\\nb")) {
            WorkflowRun build = start(job("deploymentGate '" + name + "'"), "alice");
            ended(j, Result.FAILURE, build);
            j.assertLogContains("cannot be the name of an environment", build);
        }
    }

    @Test
    void aMessageThatIsTooLongIsAnErrorAndNotCut() throws Exception {
        WorkflowRun build = start(job("deploymentGate(environment: 'production', message: 'x' * 10001)"), "alice");
        ended(j, Result.FAILURE, build);
        j.assertLogContains("more than 10,000 characters", build);
    }

    @Test
    void twoGatesInSequenceAreTwoDeployments() throws Exception {
        WorkflowJob job = job("deploymentGate 'production'; echo 'between'; deploymentGate 'production'");
        WorkflowRun build = blocked(j, job, "alice");
        Deployment first = latest(build);
        approve(build, "bob");
        j.waitForMessage("between", build);
        await().until(() -> DeploymentViews.get().ids(build).size() == 2);
        Deployment second = latest(build);
        assertEquals(Status.RUNNING, deployment(build, first.id()).status());
        assertEquals(first.iid() + 1, second.iid());
        assertTrue(second.id() > first.id());
        assertInstanceOf(VoteResult.Recorded.class, vote(build, second.id(), "bob", VoteDecision.APPROVED, ""));
        ended(j, Result.SUCCESS, build);
        assertEquals(Status.SUCCESS, deployment(build, first.id()).status());
        assertEquals(Status.SUCCESS, deployment(build, second.id()).status());
    }

    @Test
    void gatesInParallelBranchesAreDecidedOneByOne() throws Exception {
        WorkflowRun build = start(
                job("parallel(eu: { deploymentGate 'production'; echo 'eu goes' }, us: { deploymentGate"
                        + " 'review/us'; echo 'us goes' })"),
                "alice");
        await().until(() -> DeploymentViews.get().countBlocked(build) == 2);
        List<Long> ids = DeploymentViews.get().ids(build);
        long us = ids.stream()
                .filter(id -> environmentOf(build, id).equals("review/us"))
                .findFirst()
                .orElseThrow();
        long eu = ids.stream()
                .filter(id -> environmentOf(build, id).equals("production"))
                .findFirst()
                .orElseThrow();
        vote(build, us, "bob", VoteDecision.APPROVED, "");
        j.waitForMessage("us goes", build);
        assertEquals(Status.BLOCKED, deployment(build, eu).status());
        j.assertLogNotContains("eu goes", build);
        vote(build, eu, "carol", VoteDecision.APPROVED, "");
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("eu goes", build);
    }

    private static String environmentOf(WorkflowRun build, long id) {
        try {
            return deployment(build, id).environment();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theWaitIsAPauseAndHoldsNoThread() throws Exception {
        WorkflowRun build = blocked(j, job("deploymentGate 'production'"), "alice");
        FlowNode node = build.getExecution().getCurrentHeads().get(0);
        assertTrue(PauseAction.isPaused(node));
        assertTrue(Thread.getAllStackTraces().values().stream()
                .flatMap(Arrays::stream)
                .noneMatch(frame -> frame.getClassName().startsWith("io.jenkins.plugins.deploymentgate.steps.Deploy")));
        assertTrue(build.getOneOffExecutor().isActive());
        assertFalse(build.getOneOffExecutor().isAlive(), "there is an executor entry, and no thread behind it");
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        assertFalse(PauseAction.isPaused(node));
    }

    @Test
    void abortingTheBuildCancelsTheDeployment() throws Exception {
        WorkflowRun build = blocked(j, job("deploymentGate 'production'"), "alice");
        build.doStop();
        ended(j, Result.ABORTED, build);
        assertEquals(Status.CANCELED, latest(build).status());
        assertEquals(EndReason.BUILD_ABORTED, latest(build).endReason());
        assertRefused(build);
    }

    @Test
    void terminatingTheBuildCancelsTheDeployment() throws Exception {
        WorkflowRun build = blocked(j, job("deploymentGate 'production'"), "alice");
        build.doTerm();
        ended(j, Result.ABORTED, build);
        assertEquals(Status.CANCELED, latest(build).status());
        assertRefused(build);
    }

    @Test
    void killingTheBuildCancelsTheDeployment() throws Exception {
        WorkflowRun build = blocked(j, job("deploymentGate 'production'"), "alice");
        build.doKill();
        ended(j, Result.ABORTED, build);
        assertEquals(Status.CANCELED, latest(build).status());
        assertRefused(build);
    }

    @Test
    void aTimeoutCancelsTheDeploymentWhileTheBuildGoesOn() throws Exception {
        WorkflowRun build = blocked(j, job("""
            try {
              timeout(time: 1, unit: 'SECONDS') { deploymentGate 'production' }
            } catch (e) {
              echo 'nobody answered'
            }
            deploymentGate 'review/after'
            """), "alice");
        j.waitForMessage("nobody answered", build);
        await().until(() -> DeploymentViews.get().ids(build).size() == 2);
        long timedOut = DeploymentViews.get().ids(build).get(0);
        assertEquals(Status.CANCELED, deployment(build, timedOut).status());
        assertInstanceOf(VoteResult.Refused.class, vote(build, timedOut, "bob", VoteDecision.APPROVED, "late"));
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        assertEquals(Status.CANCELED, deployment(build, timedOut).status());
    }

    @Test
    void aPipelineThatACrashWouldLoseSaysSo() throws Exception {
        WorkflowJob fast = job("deploymentGate 'staging'");
        fast.addProperty(new DurabilityHintJobProperty(FlowDurabilityHint.PERFORMANCE_OPTIMIZED));
        WorkflowRun build = start(fast, "alice");
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("it is lost if Jenkins crashes", build);
        WorkflowRun durable = start(job("deploymentGate 'staging'"), "alice");
        ended(j, Result.SUCCESS, durable);
        j.assertLogNotContains("it is lost", durable);
    }

    @Test
    void theBuildsResultEndsTheDeployment() throws Exception {
        WorkflowRun failing = start(job("deploymentGate 'staging'; error 'broken'"), "alice");
        ended(j, Result.FAILURE, failing);
        assertEquals(Status.FAILED, latest(failing).status());
        assertNull(latest(failing).endReason());
        WorkflowRun unstable = start(job("deploymentGate 'staging'; unstable 'some tests failed'"), "alice");
        ended(j, Result.UNSTABLE, unstable);
        assertEquals(Status.SUCCESS, latest(unstable).status());
    }

    @Test
    void aBuildThatIsDeletedTakesItsDeploymentsAlong() throws Exception {
        WorkflowRun build = start(job("deploymentGate 'staging'"), "alice");
        ended(j, Result.SUCCESS, build);
        assertNotNull(latest(build));
        build.delete();
        assertEquals(List.of(), DeploymentViews.get().ids(build));
    }

    @Test
    void deletingTheJobEndsTheBlockedBuild() throws Exception {
        WorkflowJob job = job("deploymentGate 'production'");
        WorkflowRun build = blocked(j, job, "alice");
        job.delete();
        await().until(() -> !build.isBuilding());
        assertEquals(0, DeploymentViews.get().countBlocked(build));
    }

    private static DeploymentFailure failureOf(WorkflowRun build) {
        return build.getActions(InterruptedBuildAction.class).stream()
                .flatMap(action -> action.getCauses().stream())
                .filter(DeploymentFailure.class::isInstance)
                .map(DeploymentFailure.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static void assertRefused(WorkflowRun build) throws Exception {
        assertInstanceOf(
                VoteResult.Refused.class, vote(build, latest(build).id(), "bob", VoteDecision.APPROVED, "late"));
    }
}
