package io.jenkins.plugins.deploymentgate.gate;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Items;
import hudson.model.RestartListener;
import hudson.model.Result;
import hudson.slaves.DumbSlave;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Jobs, builds, agents and Jenkins itself come and go while builds are blocked. */
@WithJenkins
class LifeCycleTest {

    private static final String SCRIPT = "deploymentGate 'production'; echo 'went on'";

    private static JenkinsRule j;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        j = rule;
        World.people(j);
        protect("production", 1, "bob");
    }

    private static WorkflowRun blockedIn(Folder folder) throws Exception {
        WorkflowJob job = folder.createProject(WorkflowJob.class, "job");
        job.setDefinition(new CpsFlowDefinition(SCRIPT, true));
        return blocked(j, job, "alice");
    }

    private static void goesOn(WorkflowRun build) throws Exception {
        assertEquals(Status.BLOCKED, latest(build).status());
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("went on", build);
        assertEquals(Status.SUCCESS, latest(build).status());
        assertEquals(1, DeploymentViews.get().ids(build).size());
    }

    @Test
    void aFolderIsRenamedAndItsBlockedBuildGoesOn() throws Exception {
        Folder folder = j.jenkins.createProject(Folder.class, "before");
        WorkflowRun build = blockedIn(folder);
        folder.renameTo("after");
        assertEquals("after/job", build.getParent().getFullName());
        goesOn(build);
    }

    @Test
    void aFolderIsMovedAndItsBlockedBuildGoesOn() throws Exception {
        Folder folder = j.jenkins.createProject(Folder.class, "wanderer");
        Folder target = j.jenkins.createProject(Folder.class, "target");
        WorkflowRun build = blockedIn(folder);
        Items.move(folder, target);
        assertEquals("target/wanderer/job", build.getParent().getFullName());
        goesOn(build);
        assertTrue(j.jenkins
                .getItemByFullName("target/wanderer/job", WorkflowJob.class)
                .getBuildByNumber(1)
                .getRootDir()
                .toPath()
                .resolve("deployment-gate/" + latest(build).id() + ".json")
                .toFile()
                .exists());
    }

    @Test
    void aJobIsDeletedWhileItsBuildIsBlocked() throws Exception {
        WorkflowJob job = pipeline("deleted", SCRIPT);
        WorkflowRun build = blocked(j, job, "alice");
        long id = latest(build).id();
        job.delete();
        await().until(() -> !build.isBuilding());
        assertFalse(build.getRootDir().exists());
        await().until(() -> LiveDeployments.get().all().stream().noneMatch(live -> live.id() == id));
        assertThrows(IOException.class, () -> vote(build, id, "bob", VoteDecision.APPROVED, ""));
        assertFalse(build.getRootDir().exists(), "nothing of it comes back");
    }

    @Test
    void aBuildIsDeletedAfterItsEnd() throws Exception {
        WorkflowJob job = pipeline("discarded", SCRIPT);
        WorkflowRun build = blocked(j, job, "alice");
        long id = latest(build).id();
        goesOn(build);
        build.delete();
        assertThrows(IOException.class, () -> vote(build, id, "bob", VoteDecision.APPROVED, ""));
        assertFalse(build.getRootDir().exists(), "nothing of it comes back");
        WorkflowRun next = blocked(j, job, "alice");
        assertEquals(2, latest(next).iid(), "its number is not given again");
        goesOn(next);
    }

    @Test
    void theAgentOfABlockedBuildIsRemoved() throws Exception {
        DumbSlave agent = j.createOnlineSlave();
        WorkflowRun build = blocked(
                j,
                pipeline(
                        "homeless",
                        "node('" + agent.getNodeName()
                                + "') { echo 'built' }; deploymentGate 'production'; echo 'went on'"),
                "alice");
        j.jenkins.removeNode(agent);
        goesOn(build);
    }

    @Test
    void theAgentIsRemovedOnWhichTheGateItselfWaits() throws Exception {
        DumbSlave agent = j.createOnlineSlave();
        WorkflowRun build = blocked(
                j, pipeline("evicted", "node('" + agent.getNodeName() + "') { deploymentGate 'production' }"), "alice");
        long id = latest(build).id();
        j.jenkins.removeNode(agent);
        build.getExecutor().interrupt();
        ended(j, Result.ABORTED, build);
        assertEquals(Status.CANCELED, latest(build).status());
        VoteResult late = vote(build, id, "bob", VoteDecision.APPROVED, "");
        assertInstanceOf(VoteResult.Refused.class, late);
    }

    @Test
    void aVoteIsTakenWhileJenkinsPreparesToStopAndTheBuildGoesOnLater() throws Exception {
        WorkflowRun build = blocked(j, pipeline("quiet", SCRIPT), "alice");
        j.jenkins.doQuietDown();
        try {
            // The pipeline is busy until it is saved with the step.
            await("a blocked build holds up no safe restart").until(RestartListener::isAllReady);
            approve(build, "bob");
            assertEquals(Status.RUNNING, latest(build).status());
        } finally {
            j.jenkins.doCancelQuietDown();
        }
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("went on", build);
    }
}
