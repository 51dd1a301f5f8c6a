package io.jenkins.plugins.deploymentgate.steps;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.awaitBlocked;
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

import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Ending;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The block step: its deployment begins and ends with the block. */
@WithJenkins
class DeploymentStepTest {

    private static JenkinsRule j;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) throws Exception {
        j = rule;
        World.people(j);
        protect("production", 1, "bob");
        protect("staging", 0);
        protect("later", 1, "bob");
    }

    private static String name() {
        return "block-" + System.nanoTime();
    }

    private static WorkflowRun waiting(String script) throws Exception {
        return blocked(j, pipeline(name(), script), "alice");
    }

    private static WorkflowRun released(String block) throws Exception {
        WorkflowRun build = waiting("deployment('production') { " + block + " }");
        approve(build, "bob");
        return build;
    }

    private static void abort(WorkflowRun build, String user) throws Exception {
        try (ACLContext ignored = ACL.as2(User.getById(user, true).impersonate2())) {
            build.doStop();
        }
    }

    private static EndReason reason(Deployment deployment) {
        return deployment.ending().map(Ending::reason).orElse(null);
    }

    @Test
    void theBlockRunsOnceApprovedAndTheDeploymentEndsWithItAndNotWithTheBuild() throws Exception {
        WorkflowRun build = waiting("""
            def value = deployment(environment: 'production', version: '1.4.2') {
              echo "$DEPLOYMENT_ID|$DEPLOYMENT_ENVIRONMENT|$DEPLOYMENT_VERSION|$DEPLOYMENT_APPROVERS|$DEPLOYMENT_URL"
              'deployed'
            }
            echo "the block returned $value, and outside of it ${env.DEPLOYMENT_ID}"
            deploymentGate 'later'
            error 'after the deployment'
            """);
        long id = latest(build).id();
        j.assertLogNotContains("production|", build);
        approve(build, "bob");
        j.waitForMessage("The deployment to later is blocked", build);
        String url = j.getURL() + build.getUrl() + "deployment-gate/#deployment-" + id;
        j.assertLogContains(id + "|production|1.4.2|bob|" + url, build);
        j.assertLogContains("the block returned deployed, and outside of it null", build);
        assertEquals(Status.SUCCESS, deployment(build, id).status(), "while the build still runs");
        approve(build, "bob");
        ended(j, Result.FAILURE, build);
        assertEquals(Status.SUCCESS, deployment(build, id).status());
        assertEquals("success", action(build).getStatus());
        assertEquals(List.of("bob"), action(build).getApprovers());
    }

    private static DeploymentAction action(WorkflowRun build) {
        for (FlowNode node : new DepthFirstScanner().allNodes(build.getExecution())) {
            DeploymentAction action = node.getPersistentAction(DeploymentAction.class);
            if (action != null && action.getEnvironment().equals("production")) {
                return action;
            }
        }
        throw new AssertionError("no flow node has a deployment to production");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
        echo 'done'                                                                              | SUCCESS  | SUCCESS  |
        unstable 'some tests'                                                                    | UNSTABLE | SUCCESS  |
        warnError('warned') { error 'x' }                                                        | UNSTABLE | SUCCESS  |
        catchError(buildResult: 'SUCCESS', stageResult: 'UNSTABLE') { error 'x' }                | SUCCESS  | SUCCESS  |
        error 'x'                                                                                | FAILURE  | FAILED   | DEPLOYMENT_FAILED
        stage('inner') { catchError { error 'x' } }; echo 'went on'                              | FAILURE  | FAILED   | DEPLOYMENT_FAILED
        catchError(buildResult: 'SUCCESS', stageResult: 'FAILURE') { error 'x' }                 | SUCCESS  | FAILED   | DEPLOYMENT_FAILED
        parallel(a: { echo 'a' }, b: { catchError { error 'x' } })                               | FAILURE  | FAILED   | DEPLOYMENT_FAILED
        currentBuild.result = 'FAILURE'                                                          | FAILURE  | FAILED   | DEPLOYMENT_FAILED
        catchError(buildResult: 'ABORTED', stageResult: 'ABORTED') { error 'x' }                 | ABORTED  | CANCELED | BUILD_ABORTED
        timeout(time: 1, unit: 'SECONDS') { sleep 600 }                                          | ABORTED  | CANCELED | BUILD_TIMED_OUT
        """)
    void theDeploymentEndsAsTheBlockDoes(String block, String result, Status status, EndReason reason)
            throws Exception {
        WorkflowRun build = ended(j, Result.fromString(result), released(block));
        assertEquals(status, latest(build).status());
        assertEquals(reason, reason(latest(build)));
    }

    @Test
    void whoAbortsTheBlockIsNamed() throws Exception {
        WorkflowRun build = released("echo 'begun'; sleep 600");
        j.waitForMessage("begun", build);
        abort(build, "alice");
        ended(j, Result.ABORTED, build);
        assertEquals(Status.CANCELED, latest(build).status());
        assertEquals(EndReason.BUILD_ABORTED, reason(latest(build)));
        assertEquals("alice", latest(build).ending().orElseThrow().user());
    }

    @Test
    void aKilledBuildClosesTheDeployment() throws Exception {
        WorkflowRun build = released("echo 'begun'; sleep 600");
        j.waitForMessage("begun", build);
        build.doKill();
        ended(j, Result.ABORTED, build);
        assertEquals(Status.CANCELED, latest(build).status());
    }

    @Test
    void aFailureThatTheScriptCatchesIsStillOneOfTheDeployment() throws Exception {
        WorkflowRun build = waiting("try { deployment('production') { error 'x' } } catch (e) { echo 'caught' }");
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("caught", build);
        assertEquals(EndReason.DEPLOYMENT_FAILED, reason(latest(build)));
    }

    @Test
    void parallelBranchesEndOnTheirOwn() throws Exception {
        WorkflowRun build = waiting("""
            parallel(
              bad: { deployment(environment: 'production', version: 'bad') { currentBuild.result = 'FAILURE'; error 'x' } },
              good: {
                deployment(environment: 'production', version: 'good') {
                  waitUntil(initialRecurrencePeriod: 100, quiet: true) { currentBuild.result == 'FAILURE' }
                }
              })
            """);
        j.waitForMessage("(bad) is blocked", build);
        j.waitForMessage("(good) is blocked", build);
        for (long id : DeploymentViews.get().ids(build)) {
            vote(build, id, "bob", VoteDecision.APPROVED, "");
        }
        ended(j, Result.FAILURE, build);
        Map<String, Status> ends = new TreeMap<>();
        for (long id : DeploymentViews.get().ids(build)) {
            ends.put(
                    deployment(build, id).request().description().version(),
                    deployment(build, id).status());
        }
        assertEquals(Map.of("bad", Status.FAILED, "good", Status.SUCCESS), ends);
    }

    @Test
    void theBlockDoesNotRunIfTheDeploymentIsRejected() throws Exception {
        WorkflowRun failed = waiting("deployment('production') { echo 'deploying' }");
        vote(failed, latest(failed).id(), "bob", VoteDecision.REJECTED, "no");
        ended(j, Result.FAILURE, failed);
        j.assertLogNotContains("deploying", failed);
        WorkflowRun told = waiting("""
            def told = deployment(environment: 'production', propagate: false) { echo 'deploying' }
            echo "not now: ${told.status} ${told.reason} ${told.comment}"
            """);
        vote(told, latest(told).id(), "bob", VoteDecision.REJECTED, "no");
        ended(j, Result.SUCCESS, told);
        j.assertLogContains("not now: failed deployment_rejected no", told);
        j.assertLogNotContains("deploying", told);
    }

    @Test
    void anAbortWhileItWaitsCancelsIt() throws Exception {
        WorkflowRun build = waiting("deployment('production') { echo 'deploying' }");
        abort(build, "alice");
        ended(j, Result.ABORTED, build);
        j.assertLogNotContains("deploying", build);
        assertEquals(Status.CANCELED, latest(build).status());
        assertEquals("alice", latest(build).ending().orElseThrow().user());
    }

    @Test
    void whatNeedsNoApprovalRunsAtOnce() throws Exception {
        WorkflowRun build = start(pipeline(name(), "deployment('staging') { echo \"as $DEPLOYMENT_ID.\" }"), "alice");
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("as " + latest(build).id() + ".", build);
        j.assertLogContains("The deployment to staging needs no approval", build);
        assertEquals(Status.SUCCESS, latest(build).status());
        assertTrue(latest(build).anchored());
    }

    @Test
    void aDeploymentWithinOneToTheSameEnvironmentIsAnError() throws Exception {
        for (String inner :
                List.of("deployment('staging') { echo 'inner' }", "deploymentGate 'staging'; echo 'inner'")) {
            WorkflowRun build = ended(
                    j,
                    Result.FAILURE,
                    start(pipeline(name(), "deployment('staging') { stage('s') { " + inner + " } }"), "alice"));
            j.assertLogContains("cannot contain another one to the same environment", build);
            j.assertLogNotContains("[Pipeline] echo", build);
            assertEquals(1, DeploymentViews.get().ids(build).size());
        }
        WorkflowRun other =
                start(pipeline(name(), "deployment('staging') { deployment('production') { echo 'inner' } }"), "alice");
        awaitBlocked(j, other);
        approve(other, "bob");
        ended(j, Result.SUCCESS, other);
        j.assertLogContains("inner", other);
    }

    @Test
    void theConsoleWarnsWhileAnExecutorIsHeld() throws Exception {
        WorkflowRun held = waiting("node { deployment('production') { echo 'deploying' } }");
        j.waitForMessage("an executor is held", held);
        approve(held, "bob");
        ended(j, Result.SUCCESS, held);
        WorkflowRun free = waiting("deployment('production') { node { echo 'deploying' } }");
        assertFalse(j.jenkins.getComputers()[0].countBusy() > 0, "no executor while it waits");
        approve(free, "bob");
        ended(j, Result.SUCCESS, free);
        j.assertLogNotContains("an executor is held", free);
    }

    @Test
    void parallelStagesOfADeclarativePipelineWaitOnTheirOwnAndAskForTheirInputAfterwards() throws Exception {
        WorkflowRun build = waiting("""
            pipeline {
              agent none
              stages {
                stage('All') {
                  parallel {
                    stage('eu') {
                      agent any
                      options { deployment('production') }
                      input { message 'Really?' }
                      steps { echo "deploying eu as $DEPLOYMENT_ID" }
                    }
                    stage('us') {
                      agent any
                      options { deployment('production') }
                      steps { error 'no such region' }
                      post { failure { echo "not deployed as $DEPLOYMENT_ID" } }
                    }
                  }
                }
              }
            }
            """);
        await().until(() -> DeploymentViews.get().ids(build).size() == 2);
        Map<String, Long> ids = new TreeMap<>();
        for (long id : DeploymentViews.get().ids(build)) {
            ids.put(deployment(build, id).request().place().stage().orElseThrow(), id);
            vote(build, id, "bob", VoteDecision.APPROVED, "");
        }
        j.waitForMessage("not deployed as " + ids.get("us"), build);
        await().until(() -> build.getAction(InputAction.class) != null
                && build.getAction(InputAction.class).isWaitingForInput());
        assertEquals(Status.RUNNING, deployment(build, ids.get("eu")).status());
        build.getAction(InputAction.class).getExecutions().get(0).proceed(null);
        ended(j, Result.FAILURE, build);
        j.assertLogContains("deploying eu as " + ids.get("eu"), build);
        assertEquals(Status.SUCCESS, deployment(build, ids.get("eu")).status());
        assertEquals(EndReason.DEPLOYMENT_FAILED, reason(deployment(build, ids.get("us"))));
    }

    @Test
    void anAbortAtTheMomentOfTheApprovalLeavesNothingOpen() throws Exception {
        for (int i = 0; i < 15; i++) {
            WorkflowRun build = waiting("deployment('production') { echo 'begun'; sleep 600 }");
            long id = latest(build).id();
            CompletableFuture<Void> vote = CompletableFuture.runAsync(() -> {
                try {
                    vote(build, id, "bob", VoteDecision.APPROVED, "");
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            abort(build, "alice");
            vote.get();
            ended(j, Result.ABORTED, build);
            assertEquals(Status.CANCELED, deployment(build, id).status(), () -> "of " + build);
        }
    }
}
