package io.jenkins.plugins.deploymentgate.steps;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.deployment;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Ending;
import io.jenkins.plugins.deploymentgate.core.deployment.Rivals;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.deployment.VoteOutcome;
import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.Approver;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentDescription;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.core.policy.Voter;
import io.jenkins.plugins.deploymentgate.gate.DeploymentLifecycle;
import io.jenkins.plugins.deploymentgate.gate.StepArguments;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Jenkins is stopped in good order and started again: nothing is lost, and nothing passes that should not. */
class RestartTest {

    @RegisterExtension
    final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @RegisterExtension
    final InboundAgentExtension agents = new InboundAgentExtension();

    private static WorkflowRun build(JenkinsRule j, String job) {
        return j.jenkins.getItemByFullName(job, WorkflowJob.class).getBuildByNumber(1);
    }

    @Test
    void votesAreKeptOverRestartsAndTheBuildGoesOn() throws Throwable {
        sessions.then(j -> {
            World.people(j);
            protect("production", 1, "bob");
            protect("two", 2, "bob", "carol");
            blocked(
                    j,
                    pipeline("one", "def d = deploymentGate 'production'; echo \"by ${d.approvals*.user}\""),
                    "alice");
            WorkflowRun two = blocked(
                    j, pipeline("two", "def d = deploymentGate 'two'; echo \"by ${d.approvals*.user}\""), "alice");
            vote(two, latest(two).id(), "bob", VoteDecision.APPROVED, "before the restart");
        });
        sessions.then(j -> {
            World.people(j);
            WorkflowRun one = build(j, "one");
            WorkflowRun two = build(j, "two");
            assertEquals(Status.BLOCKED, latest(one).status());
            assertEquals("before the restart", latest(two).approvals().get(0).comment());
            assertEquals(1, DeploymentViews.get().countBlocked(two), "the badge is there before anybody looks");
            assertInstanceOf(
                    VoteResult.Recorded.class,
                    vote(two, latest(two).id(), "bob", VoteDecision.APPROVED, "again"),
                    "a retry is answered the same");
            assertEquals(1, latest(two).approvals().size());
            approve(one, "bob");
            ended(j, Result.SUCCESS, one);
        });
        sessions.then(j -> {
            World.people(j);
            WorkflowRun two = build(j, "two");
            approve(two, "carol");
            ended(j, Result.SUCCESS, two);
            j.assertLogContains("by [bob, carol]", two);
            assertEquals(Status.SUCCESS, latest(build(j, "one")).status());
            assertEquals(1, DeploymentViews.get().ids(two).size(), "no gate was passed or opened twice");
        });
    }

    @Test
    void aBlockIsStartedOnceAndGoesOnAfterARestart() throws Throwable {
        sessions.then(j -> {
            World.people(j);
            protect("production", 1, "bob");
            protect("later", 1, "bob");
            blocked(j, pipeline("block", """
                def value = deployment('production') {
                  echo "begins $DEPLOYMENT_APPROVERS"
                  deploymentGate 'later'
                  echo "still $DEPLOYMENT_APPROVERS"
                  'done'
                }
                echo "ended with $value"
                """), "alice");
        });
        sessions.then(j -> {
            World.people(j);
            WorkflowRun build = build(j, "block");
            approve(build, "bob");
            j.waitForMessage("begins bob", build);
            j.waitForMessage("The deployment to later is blocked", build);
        });
        sessions.then(j -> {
            World.people(j);
            WorkflowRun build = build(j, "block");
            assertEquals(
                    Status.RUNNING,
                    deployment(build, DeploymentViews.get().ids(build).get(0)).status());
            approve(build, "bob");
            ended(j, Result.SUCCESS, build);
            j.assertLogContains("still bob", build);
            j.assertLogContains("ended with done", build);
            assertEquals(2, j.getLog(build).split("begins bob", -1).length, "the block begins once");
            List<Long> ids = DeploymentViews.get().ids(build);
            assertEquals(2, ids.size(), "nobody is asked again");
            for (long id : ids) {
                assertEquals(Status.SUCCESS, deployment(build, id).status());
            }
        });
    }

    @Test
    void aDecisionThatWasNotDeliveredIsDeliveredAfterTheRestart() throws Throwable {
        sessions.then(j -> {
            World.people(j);
            protect("production", 1, "bob");
            blocked(
                    j,
                    pipeline("approved", "def d = deploymentGate 'production'; echo \"by ${d.approvals*.user}\""),
                    "alice");
            blocked(j, pipeline("rejected", "deploymentGate 'production'"), "alice");
            blocked(j, pipeline("canceled", "deploymentGate 'production'"), "alice");
        });
        // What a crash between the write and the delivery leaves: the decision is in the file and nowhere else.
        sessions.then(j -> {
            World.people(j);
            for (String job : List.of("approved", "rejected")) {
                Deployment blocked = latest(build(j, job));
                assertEquals(Status.BLOCKED, blocked.status());
            }
            decide(j, "approved", VoteDecision.APPROVED);
            decide(j, "rejected", VoteDecision.REJECTED);
            WorkflowRun canceled = build(j, "canceled");
            DeploymentRecords.get()
                    .write(
                            canceled.getRootDir(),
                            latest(canceled).cancel(Ending.canceled(EndReason.BUILD_ABORTED, "", ""), Instant.now()));
        });
        sessions.then(j -> {
            WorkflowRun approved = build(j, "approved");
            ended(j, Result.SUCCESS, approved);
            j.assertLogContains("by [bob]", approved);
            WorkflowRun rejected = build(j, "rejected");
            ended(j, Result.FAILURE, rejected);
            j.assertLogContains("deployment_rejected", rejected);
            ended(j, Result.ABORTED, build(j, "canceled"));
        });
    }

    /** Writes the file as the last vote does, behind the back of the running step. */
    private static void decide(JenkinsRule j, String job, VoteDecision decision) throws Exception {
        WorkflowRun build = build(j, job);
        Deployment blocked = latest(build);
        var policy =
                EnvironmentPolicy.of(List.of(new ApprovalRule("production", 1, List.of(new Approver.User("bob")))));
        var outcome = VoteOutcome.cast(
                blocked,
                policy,
                Rivals.NONE,
                new Voter("bob", Set.of(), false, Set.of()),
                decision,
                "",
                Optional.empty(),
                Instant.now());
        DeploymentRecords.get().write(build.getRootDir(), ((VoteOutcome.Accepted) outcome).following());
    }

    @Test
    void aVoteCountsThatWasCastWhileTheAgentOfTheBuildWasAway() throws Throwable {
        sessions.then(j -> {
            World.people(j);
            protect("production", 1, "bob");
            agents.createAgent(j, "remote");
            blocked(j, pipeline("away", "node('remote') { deploymentGate 'production'; echo 'deploying' }"), "alice");
        });
        agents.stop("remote");
        sessions.then(j -> {
            World.people(j);
            WorkflowRun build = build(j, "away");
            assertTrue(j.jenkins.getComputer("remote").isOffline());
            assertEquals(1, DeploymentViews.get().countBlocked(build));
            approve(build, "bob");
            assertEquals(Status.RUNNING, latest(build).status());
            assertTrue(build.isBuilding());
            j.assertLogNotContains("deploying", build);
            agents.start(j, "remote");
            ended(j, Result.SUCCESS, build);
            j.assertLogContains("deploying", build);
            assertEquals(Status.SUCCESS, latest(build).status());
        });
    }

    @Test
    void aGateThatThePipelineReachesTwiceAfterACrashIsTheSameDeployment() throws Throwable {
        sessions.then(j -> {
            World.people(j);
            protect("two", 2, "bob", "carol");
            WorkflowRun build = blocked(j, pipeline("again", "deploymentGate 'two'"), "alice");
            vote(build, latest(build).id(), "bob", VoteDecision.APPROVED, "");
        });
        sessions.then(j -> {
            World.people(j);
            WorkflowRun build = build(j, "again");
            long id = latest(build).id();
            await().until(() -> build.getExecution()
                    .getCurrentHeads()
                    .get(0)
                    .getDisplayFunctionName()
                    .equals("deploymentGate"));
            StepArguments two = new StepArguments("two", DeploymentDescription.NONE, Optional.empty(), false);
            // A step that waits is left alone: another gate in the same build is another deployment.
            Deployment other = DeploymentLifecycle.get().open(build, two, PipelinePlace.UNKNOWN);
            assertFalse(other.id() == id);
            // This other one has no step, as after a crash before the pipeline was saved: it is found again.
            vote(build, other.id(), "carol", VoteDecision.APPROVED, "kept");
            Deployment found = DeploymentLifecycle.get().open(build, two, PipelinePlace.UNKNOWN);
            assertEquals(other.id(), found.id());
            assertEquals("kept", found.approvals().get(0).comment());
            // Decided before the pipeline is there again: found again, and with its decision.
            vote(build, other.id(), "bob", VoteDecision.APPROVED, "");
            Deployment decided = DeploymentLifecycle.get().open(build, two, PipelinePlace.UNKNOWN);
            assertEquals(other.id(), decided.id());
            assertEquals(Status.RUNNING, decided.status());
            assertNotEquals(
                    other.id(),
                    DeploymentLifecycle.get()
                            .open(build, two, PipelinePlace.UNKNOWN)
                            .id(),
                    "a decision lets the pipeline pass once");
            vote(build, id, "carol", VoteDecision.APPROVED, "");
            ended(j, Result.SUCCESS, build);
            assertEquals(Status.SUCCESS, deployment(build, other.id()).status(), "and ends with its build");
        });
    }

    @Test
    void aDeadlineThatFellIntoATimeWithoutJenkinsIsKeptAtOnceAndADecisionIsNotAskedForAgain() throws Throwable {
        sessions.then(j -> {
            World.people(j);
            protect("production", 1, "bob");
            blocked(j, pipeline("late", "deploymentGate environment: 'production', deadlineMinutes: 60"), "alice");
            blocked(j, pipeline("forgotten", "deploymentGate 'production'"), "alice");
        });
        Path home = sessions.getHome().toPath();
        rewrite(home, "late", json -> json.replaceFirst("(\"created_at\" : \")[^\"]+", "$12026-02-01T00:00:00Z"));
        sessions.then(j -> {
            World.people(j);
            WorkflowRun late = build(j, "late");
            ended(j, Result.FAILURE, late);
            j.assertLogContains("deployment_expired", late);
            assertEquals(EndReason.DEPLOYMENT_EXPIRED, latest(late).endReason());
            assertEquals(Status.BLOCKED, latest(build(j, "forgotten")).status());
        });
        // What a crash leaves when a decision was written before the program was saved with the step in it.
        rewrite(home, "forgotten", json -> json.replace("\"anchored\" : true", "\"anchored\" : false"));
        sessions.then(j -> {
            World.people(j);
            WorkflowRun forgotten = build(j, "forgotten");
            long id = latest(forgotten).id();
            vote(forgotten, id, "bob", VoteDecision.APPROVED, "");
            ended(j, Result.SUCCESS, forgotten);
            assertEquals(List.of(id), DeploymentViews.get().ids(forgotten));
            assertTrue(latest(forgotten).anchored(), "no step is told before that is on disk");
        });
    }

    private static void rewrite(Path home, String job, UnaryOperator<String> change) throws IOException {
        Path directory = home.resolve("jobs/" + job + "/builds/1/deployment-gate");
        try (Stream<Path> files = Files.list(directory)) {
            Path file = files.findFirst().orElseThrow();
            Files.writeString(file, change.apply(Files.readString(file)));
        }
    }
}
