package io.jenkins.plugins.deploymentgate.origin;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.awaitBlocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Result;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.io.IOException;
import java.util.List;
import jenkins.model.InterruptedBuildAction;
import org.jenkinsci.plugins.pipeline.modeldefinition.actions.RestartDeclarativePipelineAction;
import org.jenkinsci.plugins.pipeline.modeldefinition.causes.RestartDeclarativePipelineCause;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A restart of a Declarative pipeline from a stage, which takes Job/Build only, does not go round a gate. */
@WithJenkins
class RestartFromStageTest {

    private static final String SIMPLE = """
        pipeline {
            agent none
            stages {
                stage('Build') { steps { echo 'building' } }
                stage('Approve') { steps { deploymentGate 'production' } }
                stage('Deploy') { steps { echo 'deploying' } }
                stage('Verify') { steps { echo 'verifying' } }
            }
        }
        """;

    private static JenkinsRule j;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        j = rule;
        World.people(j);
        protect("production", 1, "alice", "bob", "carol");
        protect("staging", 0);
    }

    private static WorkflowJob job(String script) throws Exception {
        return pipeline("restarted-" + System.nanoTime(), script);
    }

    private static WorkflowRun approved(WorkflowRun build) throws Exception {
        awaitBlocked(j, build);
        approve(build, "bob");
        return ended(j, Result.SUCCESS, build);
    }

    private static WorkflowRun restart(WorkflowRun original, String stage, String user) throws Exception {
        WorkflowJob job = original.getParent();
        int number = job.getNextBuildNumber();
        try (ACLContext ignored = World.actingAs(user)) {
            original.getAction(RestartDeclarativePipelineAction.class).run(stage);
        }
        await().until(() -> job.getBuildByNumber(number) != null);
        return job.getBuildByNumber(number);
    }

    private static void assertEndedAtOnce(WorkflowRun build, String reason) throws Exception {
        ended(j, Result.FAILURE, build);
        j.assertLogContains(reason, build);
        j.assertLogNotContains("deploying", build);
        j.assertLogNotContains("verifying", build);
        j.assertLogNotContains("Exception", build);
        assertEquals(List.of(), DeploymentViews.get().ids(build));
        InterruptedBuildAction why = build.getAction(InterruptedBuildAction.class);
        assertThat(why.getCauses().get(0).getShortDescription(), containsString(reason));
    }

    @Test
    void aRestartBehindTheGateIsEndedBeforeItsScriptRuns() throws Exception {
        WorkflowRun original = approved(start(job(SIMPLE), "alice"));
        String reason = "would skip the gate of production in stage Approve. Restart it from stage Approve or from";
        assertEndedAtOnce(restart(original, "Deploy", "alice"), "restarting build 1 from stage Deploy " + reason);
        assertEndedAtOnce(restart(original, "Verify", "alice"), "restarting build 1 from stage Verify " + reason);
    }

    @Test
    void aRestartAtTheGateOrBeforeItIsAskedAgainForThePeopleOfBoth() throws Exception {
        WorkflowRun original = approved(start(job(SIMPLE), "carol"));
        for (String stage : List.of("Build", "Approve")) {
            WorkflowRun again = restart(original, stage, "alice");
            awaitBlocked(j, again);
            assertEquals(List.of("alice", "carol"), latest(again).requesters());
            VoteResult own = vote(again, latest(again).id(), "carol", VoteDecision.APPROVED, "");
            assertEquals(DenialReason.OWN_DEPLOYMENT, ((VoteResult.Refused) own).why());
            approved(again);
        }
    }

    @Test
    void aRestartOfARestart() throws Exception {
        WorkflowRun original = approved(start(job(SIMPLE), "alice"));
        WorkflowRun again = approved(restart(original, "Approve", "alice"));
        assertEndedAtOnce(restart(again, "Deploy", "alice"), "the gate of production in stage Approve");
        approved(restart(again, "Approve", "alice"));
    }

    @Test
    void aRestartOfARestartThatBeganBehindTheGateOfTheFirst() throws Exception {
        WorkflowJob job = job("""
            pipeline {
                agent none
                stages {
                    stage('Build') { steps { echo 'building' } }
                    stage('Approve') {
                        when { expression { currentBuild.number == 1 } }
                        steps { deploymentGate 'production' }
                    }
                    stage('Deploy') { steps { echo 'deploying' } }
                }
            }
            """);
        WorkflowRun original = approved(start(job, "alice"));
        WorkflowRun again = ended(j, Result.SUCCESS, restart(original, "Build", "alice"));
        assertEquals(List.of(), DeploymentViews.get().ids(again));
        assertEndedAtOnce(restart(again, "Deploy", "alice"), "the gate of production in stage Approve");
    }

    @Test
    void aRestartOfARestartWhoseOriginalIsGone() throws Exception {
        WorkflowRun original = approved(start(job(SIMPLE), "alice"));
        WorkflowRun again = approved(restart(original, "Approve", "alice"));
        original.delete();
        assertEndedAtOnce(restart(again, "Deploy", "alice"), "the gate of production in stage Approve");
        WorkflowRun begun = restart(again, "Build", "alice");
        ended(j, Result.FAILURE, begun);
        j.assertLogContains("building", begun);
        assertEquals(
                List.of("RestartDeclarativePipelineCause: Restarted from build #1, stage Approve (no longer there)"),
                latest(begun).request().origin().unknown());
    }

    @Test
    void anOriginalThatIsGone() throws Exception {
        WorkflowRun original = approved(start(job(SIMPLE), "alice"));
        WorkflowJob job = original.getParent();
        Cause cause = new RestartDeclarativePipelineCause(original, "Deploy");
        WorkflowRun copied = job.scheduleBuild2(0, new CauseAction(new Cause.UserIdCause("alice"), cause))
                .waitForStart();
        assertEndedAtOnce(copied, "it cannot be told whether restarting build 1 from stage Deploy would skip a gate");
        original.delete();
        copied = job.scheduleBuild2(0, new CauseAction(new Cause.UserIdCause("alice"), cause))
                .waitForStart();
        assertEndedAtOnce(copied, "it cannot be told whether restarting build 1 from stage Deploy would skip a gate");
    }

    @Test
    void aRejectedGateThatThePipelineHasCaught() throws Exception {
        WorkflowRun original = start(
                job(SIMPLE.replace(
                        "deploymentGate 'production'",
                        "catchError(buildResult: 'SUCCESS', catchInterruptions: true) { deploymentGate"
                                + " 'production' }")),
                "alice");
        awaitBlocked(j, original);
        vote(original, latest(original).id(), "bob", VoteDecision.REJECTED, "");
        j.waitForCompletion(original);
        j.assertLogContains("deploying", original);
        assertEndedAtOnce(restart(original, "Deploy", "alice"), "the gate of production in stage Approve");
    }

    @Test
    void gatesInNestedStagesInParallelAndInMatrix() throws Exception {
        for (String approve : List.of("""
            stages {
                stage('Prepare') { steps { echo 'inner' } }
                stage('Inner') { steps { deploymentGate 'production' } }
            }
            """, """
            parallel {
                stage('One') { steps { deploymentGate 'production' } }
                stage('Two') { steps { echo 'two' } }
            }
            """, """
            matrix {
                axes { axis { name 'REGION'; values 'eu' } }
                stages { stage('Cell') { steps { deploymentGate 'production' } } }
            }
            """)) {
            String script = SIMPLE.replace("steps { deploymentGate 'production' }", approve);
            WorkflowRun original = approved(start(job(script), "alice"));
            assertEndedAtOnce(restart(original, "Deploy", "alice"), "the gate of production in stage Approve");
            approved(restart(original, "Approve", "alice"));
        }
    }

    @Test
    void theFirstOfSeveralGatesIsWhereARestartMayBegin() throws Exception {
        WorkflowRun original =
                approved(start(job(SIMPLE.replace("echo 'building'", "deploymentGate 'staging'")), "alice"));
        assertEndedAtOnce(
                restart(original, "Deploy", "alice"),
                "the gate of staging in stage Build. Restart it from stage Build");
        assertEndedAtOnce(restart(original, "Approve", "alice"), "the gate of staging in stage Build");
        approved(restart(original, "Build", "alice"));
    }

    @Test
    void gatesThatARestartDoesNotSkip() throws Exception {
        WorkflowRun original = approved(start(
                job("deploymentGate 'staging'\n" + SIMPLE.replace("echo 'verifying'", "deploymentGate 'staging'")),
                "alice"));
        WorkflowRun again = restart(original, "Approve", "alice");
        approved(again);
        assertEquals(
                List.of("staging", "production", "staging"),
                DeploymentViews.get().ids(again).stream()
                        .map(id -> deployment(again, id).environment())
                        .toList());
    }

    private static Deployment deployment(WorkflowRun build, long id) {
        try {
            return World.deployment(build, id);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aJobThatHasNeverReachedAGate() throws Exception {
        WorkflowJob job = job(SIMPLE.replace("deploymentGate 'production'", "echo 'no gate'"));
        WorkflowRun original = ended(j, Result.SUCCESS, start(job, "alice"));
        WorkflowRun again = ended(j, Result.SUCCESS, restart(original, "Deploy", "alice"));
        j.assertLogContains("deploying", again);
        j.assertLogNotContains("no gate", again);
    }
}
