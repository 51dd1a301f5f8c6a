package io.jenkins.plugins.deploymentgate.gate;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.environment;
import static io.jenkins.plugins.deploymentgate.World.folder;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.pipelineIn;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.protectIn;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.ApprovalService;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Environments where one deployment runs at a time, with real builds. */
@WithJenkins
class TurnsTest {

    private static JenkinsRule j;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        j = rule;
        World.people(j);
        protect("end", 1, "bob");
    }

    private static ProtectedEnvironment exclusive(String name, int required) {
        ProtectedEnvironment environment = environment(name, required, "bob");
        environment.setExclusive(true);
        return environment;
    }

    /** Deploys there until {@link #end}. */
    private static String script(String environment) {
        return "deploymentGate '" + environment + "'; deploymentGate 'end'";
    }

    private static WorkflowJob job(String environment) throws Exception {
        return pipeline("turn-" + System.nanoTime(), script(environment));
    }

    private static WorkflowRun reached(WorkflowRun build) {
        await().until(() -> !DeploymentViews.get().ids(build).isEmpty());
        return build;
    }

    private static WorkflowRun running(WorkflowRun build) {
        reached(build);
        await().until(() ->
                latest(build).environment().equals("end") && latest(build).status() == Status.BLOCKED);
        return build;
    }

    private static WorkflowRun queued(WorkflowRun build) {
        reached(build);
        await().until(() -> latest(build).times().queuedAt().isPresent());
        return build;
    }

    private static void end(WorkflowRun build) throws Exception {
        approve(running(build), "bob");
        ended(j, Result.SUCCESS, build);
    }

    private static void canceled(EndReason reason, WorkflowRun by, WorkflowRun build) throws Exception {
        ended(j, Result.ABORTED, build);
        Deployment last = latest(build);
        assertEquals(Status.CANCELED, last.status());
        assertEquals(reason, last.endReason());
        assertEquals(
                by.getNumber(), last.ending().orElseThrow().by().orElseThrow().build());
        j.assertLogContains(reason + ": the deployment to " + last.environment() + " was canceled", build);
        j.assertLogContains(by.getParent().getFullName() + " #" + by.getNumber(), build);
    }

    @Test
    void oneRunsAtATimeAndTheFirstReleasedIsServedFirst() throws Exception {
        protect(exclusive("serial", 1));
        WorkflowRun slow = reached(start(job("serial"), "alice"));
        WorkflowRun quick = reached(start(job("serial"), "alice"));
        WorkflowRun last = reached(start(job("serial"), "alice"));
        approve(quick, "bob");
        running(quick);
        approve(last, "bob");
        approve(slow, "bob");
        assertEquals(Status.BLOCKED, latest(slow).status());
        j.waitForMessage(
                "The deployment to serial is approved and waits for its turn after "
                        + quick.getParent().getName() + " #1",
                last);
        end(quick);
        running(last);
        j.assertLogContains("It is the turn of the deployment to serial, and the build goes on", last);
        assertEquals(Status.BLOCKED, latest(slow).status(), "last was released before it");
        end(last);
        end(slow);
    }

    @Test
    void aTurnEndsWithItsBuildHoweverThatEnds() throws Exception {
        protect(exclusive("killed", 0));
        WorkflowRun killed = running(start(job("killed"), "alice"));
        WorkflowRun aborted = queued(start(job("killed"), "alice"));
        WorkflowRun failed = queued(start(pipeline("failing", "deploymentGate 'killed'; error 'no'"), "alice"));
        WorkflowRun last = queued(start(job("killed"), "alice"));
        aborted.getExecutor().interrupt();
        ended(j, Result.ABORTED, aborted);
        killed.doTerm();
        killed.doKill();
        ended(j, Result.ABORTED, killed);
        ended(j, Result.FAILURE, failed);
        end(last);
    }

    @Test
    void aTurnEndsAlsoIfTheEndOfItsBuildCannotBeWritten() throws Exception {
        protect(exclusive("unwritable", 0));
        WorkflowRun first = running(start(job("unwritable"), "alice"));
        WorkflowRun second = queued(start(job("unwritable"), "alice"));
        long id = DeploymentViews.get().ids(first).get(0);
        HookedStore store = HookedStore.install();
        store.beforeWrite(deployment -> {
            if (deployment.id() == id && deployment.status().isFinal()) {
                throw new IOException("broken on purpose");
            }
        });
        try {
            end(first);
            running(second);
        } finally {
            store.reset();
        }
        Reevaluation.get().timePassed(Instant.now());
        assertEquals(
                Status.SUCCESS,
                DeploymentRecords.get()
                        .read(first.getRootDir(), id)
                        .orElseThrow()
                        .status(),
                "it was written later");
        end(second);
    }

    @Test
    void twoVotesAtTheSameMomentReleaseOne() throws Exception {
        protect(exclusive("raced", 1));
        WorkflowRun first = reached(start(job("raced"), "alice"));
        WorkflowRun second = reached(start(job("raced"), "alice"));
        Thread other = new Thread(() -> {
            try {
                approve(second, "bob");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        HookedStore store = HookedStore.install();
        store.beforeWrite(deployment -> {
            if (deployment.environment().equals("raced")
                    && deployment.status() == Status.RUNNING
                    && other.getState() == Thread.State.NEW) {
                other.start();
                // It comes to judge its vote, while the release of the first one is not on disk.
                await().until(() -> other.getState() == Thread.State.WAITING || !other.isAlive());
            }
        });
        try {
            approve(first, "bob");
            other.join();
        } finally {
            store.reset();
        }
        running(first);
        assertEquals(Status.BLOCKED, latest(second).status());
        assertEquals(1, latest(second).approvals().size());
        end(first);
        end(second);
    }

    @Test
    void aBuildDoesNotWaitForItself() throws Exception {
        protect(exclusive("again", 0));
        WorkflowRun build = start(pipeline("again", "deploymentGate 'again'; deploymentGate 'again'"), "alice");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void buildsThatWouldWaitForEachOtherForEverAreNotBothKept() throws Exception {
        protect(exclusive("left", 0));
        protect(exclusive("right", 1));
        WorkflowRun first = start(pipeline("left-right", "deploymentGate 'left'; deploymentGate 'right'"), "alice");
        WorkflowRun second = start(pipeline("right-left", "deploymentGate 'right'; deploymentGate 'left'"), "alice");
        await().until(() -> DeploymentViews.get().ids(first).size() == 2);
        reached(second);
        approve(second, "bob");
        await().until(() -> DeploymentViews.get().ids(second).size() == 2);
        queued(second);
        approve(first, "bob");
        canceled(EndReason.DEPLOYMENT_DEADLOCK, second, first);
        j.assertLogContains("that build waits for an environment that this build holds", first);
        ended(j, Result.SUCCESS, second);
    }

    @Test
    void nestedBlocksInOppositeOrderAreNotBothKept() throws Exception {
        protect(exclusive("port", 0));
        protect(exclusive("starboard", 1));
        String nested = "deployment('%s') { deployment('%s') { echo 'deploying' } }";
        WorkflowRun first = start(pipeline("port-first", nested.formatted("port", "starboard")), "alice");
        WorkflowRun second = start(pipeline("starboard-first", nested.formatted("starboard", "port")), "alice");
        await().until(() -> DeploymentViews.get().ids(first).size() == 2);
        reached(second);
        approve(second, "bob");
        await().until(() -> DeploymentViews.get().ids(second).size() == 2);
        queued(second);
        approve(first, "bob");
        canceled(EndReason.DEPLOYMENT_DEADLOCK, second, first);
        ended(j, Result.SUCCESS, second);
        j.assertLogContains("deploying", second);
        for (long id : DeploymentViews.get().ids(first)) {
            assertEquals(Status.CANCELED, World.deployment(first, id).status());
        }
    }

    @Test
    void theTurnOfABlockEndsWithTheBlock() throws Exception {
        protect(exclusive("brief", 0));
        String script = "deployment('brief') { sleep time: 1, unit: 'MILLISECONDS' }; deploymentGate 'end'";
        WorkflowRun first = running(start(pipeline("brief-1", script), "alice"));
        WorkflowRun second = running(start(pipeline("brief-2", script), "alice"));
        assertTrue(first.isBuilding(), "the first build still runs");
        end(second);
        end(first);
    }

    @Test
    void anEntryOfAFolderMakesTheJobsOfThatFolderTakeTurns() throws Exception {
        protect("wide", 0);
        Folder folder = folder(null, "turns");
        protectIn(folder, exclusive("wi*", 0));
        running(start(job("wide"), "alice"));
        WorkflowRun inside = running(start(pipelineIn(folder, "a", script("wide")), "alice"));
        running(start(job("wide"), "alice"));
        WorkflowRun other = queued(start(pipelineIn(folder(folder, "inner"), "b", script("wide")), "alice"));
        end(inside);
        end(other);
    }

    @Test
    void anOverrideSkipsEverythingButTheTurn() throws Exception {
        protect(exclusive("urgent", 1));
        WorkflowRun first = reached(start(job("urgent"), "alice"));
        WorkflowRun second = reached(start(job("urgent"), "alice"));
        override(first);
        running(first);
        override(second);
        j.assertLogContains("waits for its turn after " + first.getParent().getName(), second);
        assertEquals(Status.BLOCKED, latest(second).status());
        end(first);
        end(second);
    }

    private static void override(WorkflowRun build) throws Exception {
        try (ACLContext ignored = ACL.as2(User.getById("root", true).impersonate2())) {
            assertInstanceOf(
                    VoteResult.Recorded.class,
                    ApprovalService.get().override(build, latest(build).id(), VoteDecision.APPROVED, "fire"));
        }
    }

    @Test
    void aPolicyThatChangesIsAppliedToThoseWhoWait() throws Exception {
        protect(exclusive("toggled", 0));
        WorkflowRun first = running(start(job("toggled"), "alice"));
        WorkflowRun second = queued(start(job("toggled"), "alice"));
        protect(environment("toggled", 0));
        running(second);
        protect(exclusive("toggled", 0));
        WorkflowRun third = queued(start(job("toggled"), "alice"));
        end(first);
        assertEquals(Status.BLOCKED, latest(third).status(), "two were running, and one still is");
        end(second);
        end(third);
    }

    @Test
    void aNewerBuildSupersedesThoseThatWaitWhenItIsReleased() throws Exception {
        ProtectedEnvironment environment = environment("released", 1, "bob");
        environment.setSupersede(ProtectedEnvironment.Supersede.onRelease);
        protect(environment);
        WorkflowJob job = job("released");
        WorkflowRun old = reached(start(job, "alice"));
        WorkflowRun rejected = reached(start(job, "alice"));
        vote(rejected, latest(rejected).id(), "bob", VoteDecision.REJECTED, "");
        ended(j, Result.FAILURE, rejected);
        WorkflowRun newest = reached(start(job, "alice"));
        assertEquals(Status.BLOCKED, latest(old).status());
        approve(newest, "bob");
        canceled(EndReason.DEPLOYMENT_SUPERSEDED, newest, old);
        end(newest);
    }

    @Test
    void aNewerBuildSupersedesThoseThatWaitWhenItArrives() throws Exception {
        ProtectedEnvironment environment = environment("arrived", 1, "bob");
        environment.setSupersede(ProtectedEnvironment.Supersede.onArrival);
        protect(environment);
        WorkflowJob job = job("arrived");
        WorkflowRun running = reached(start(job, "alice"));
        approve(running, "bob");
        running(running);
        WorkflowRun old = reached(start(job, "alice"));
        WorkflowRun newest = reached(start(job, "alice"));
        canceled(EndReason.DEPLOYMENT_SUPERSEDED, newest, old);
        end(running);
        approve(newest, "bob");
        end(newest);
    }

    @Test
    void anOutdatedBuildIsCanceledAndARollbackIsNot() throws Exception {
        ProtectedEnvironment environment = environment("forward", 1, "bob");
        environment.setRefuseOutdated(true);
        protect(environment);
        WorkflowJob job =
                pipeline("forward", "deploymentGate environment: 'forward', allowOlder: currentBuild.number == 2");
        WorkflowRun old = reached(start(job, "alice"));
        WorkflowRun rollback = reached(start(job, "alice"));
        WorkflowRun failing = reached(start(job, "alice"));
        WorkflowRun newest = reached(start(job, "alice"));
        vote(failing, latest(failing).id(), "bob", VoteDecision.REJECTED, "");
        ended(j, Result.FAILURE, failing);
        assertEquals(Status.BLOCKED, latest(old).status(), "what was rejected is not deployed");
        approve(newest, "bob");
        ended(j, Result.SUCCESS, newest);
        canceled(EndReason.DEPLOYMENT_OUTDATED, newest, old);
        await().until(() -> latest(rollback).request().newer().isPresent());
        assertEquals(4, latest(rollback).request().newer().orElseThrow().build());
        approve(rollback, "bob");
        ended(j, Result.SUCCESS, rollback);
    }

    @Test
    void aBuildThatArrivesAfterANewerOneWasDeployedIsCanceledAtItsGate() throws Exception {
        ProtectedEnvironment environment = environment("late", 0);
        environment.setRefuseOutdated(true);
        protect(environment);
        protect("before", 1, "bob");
        WorkflowJob job =
                pipeline("late", "if (currentBuild.number == 1) { deploymentGate 'before' }\ndeploymentGate 'late'");
        WorkflowRun old = reached(start(job, "alice"));
        WorkflowRun newest = start(job, "alice");
        ended(j, Result.SUCCESS, newest);
        approve(old, "bob");
        canceled(EndReason.DEPLOYMENT_OUTDATED, newest, old);
        assertEquals(Status.CANCELED, latest(old).status());
    }
}
