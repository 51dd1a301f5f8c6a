package io.jenkins.plugins.deploymentgate.gate;

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
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Result;
import hudson.security.FullControlOnceLoggedInAuthorizationStrategy;
import hudson.security.HudsonPrivateSecurityRealm;
import io.jenkins.plugins.deploymentgate.RealController;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.search.DeploymentSearch;
import java.util.concurrent.TimeUnit;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;
import org.kohsuke.stapler.StaplerRequest2;

/** A real controller is stopped as administrators stop it, and the plugin is switched off and on, while builds are blocked. */
class StopAndStartTest {

    private static final String SCRIPT = "deploymentGate 'production'; echo 'went on'";

    @RegisterExtension
    final RealJenkinsExtension controller = RealController.quick();

    private static void prepare(JenkinsRule j) throws Throwable {
        HudsonPrivateSecurityRealm realm = new HudsonPrivateSecurityRealm(false, false, null);
        j.jenkins.setSecurityRealm(realm);
        j.jenkins.setAuthorizationStrategy(new FullControlOnceLoggedInAuthorizationStrategy());
        for (String user : new String[] {"alice", "bob", "carol"}) {
            realm.createAccount(user, user);
        }
        protect("production", 2, "bob", "carol");
        WorkflowRun build = blocked(j, pipeline("gated", SCRIPT), "alice");
        approve(build, "bob");
        await().until(() -> DeploymentSearch.get().isComplete());
    }

    private static WorkflowRun build(int number) {
        return Jenkins.get().getItemByFullName("gated", WorkflowJob.class).getBuildByNumber(number);
    }

    @Test
    void aSafeStopKeepsTheVotesAndNothingPassesWithoutThePlugin() throws Throwable {
        controller.startJenkins();
        controller.runRemotely(StopAndStartTest::prepare);
        Process process = controller.getProcess();
        controller.runRemotely(StopAndStartTest::safeExit);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "nothing holds it up");
        controller.stopJenkinsForcibly();
        controller.startJenkins();
        controller.runRemotely(StopAndStartTest::theOtherApprovalIsEnough);
        controller.runRemotely(StopAndStartTest::disable);
        controller.stopJenkins();
        controller.startJenkins();
        controller.runRemotely(StopAndStartTest::nothingPasses);
        controller.stopJenkins();
        controller.startJenkins();
        controller.runRemotely(StopAndStartTest::theRecordsAreThere);
    }

    private static void safeExit(JenkinsRule j) throws Throwable {
        j.jenkins.doSafeExit((StaplerRequest2) null);
    }

    private static void theOtherApprovalIsEnough(JenkinsRule j) throws Throwable {
        WorkflowRun build = build(1);
        assertEquals(Status.BLOCKED, latest(build).status());
        assertTrue(DeploymentSearch.get().isComplete(), "the index was closed in good order");
        approve(build, "carol");
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("went on", build);
        assertEquals(2, latest(build).approvals().size());
    }

    private static void disable(JenkinsRule j) throws Throwable {
        approve(blocked(j, build(1).getParent(), "alice"), "bob");
        j.jenkins.pluginManager.getPlugin("deployment-gate").disable();
    }

    /** No class of the plugin can be used in here. */
    private static void nothingPasses(JenkinsRule j) throws Throwable {
        assertFalse(j.jenkins.pluginManager.getPlugin("deployment-gate").isActive());
        WorkflowJob job = j.jenkins.getItemByFullName("gated", WorkflowJob.class);
        WorkflowRun waiting = job.getBuildByNumber(2);
        await().until(() -> !waiting.isBuilding());
        j.assertBuildStatus(Result.FAILURE, waiting);
        j.assertLogNotContains("went on", waiting);
        WorkflowRun next = j.buildAndAssertStatus(Result.FAILURE, job);
        j.assertLogContains("No such DSL method 'deploymentGate'", next);
        j.jenkins.save();
        waiting.save();
        job.save();
        j.jenkins.pluginManager.getPlugin("deployment-gate").enable();
    }

    private static void theRecordsAreThere(JenkinsRule j) throws Throwable {
        WorkflowRun before = build(2);
        long id = DeploymentViews.get().ids(before).get(0);
        await().until(() -> deployment(before, id).status() == Status.CANCELED);
        await().until(() -> DeploymentSearch.get().find(id).orElseThrow().status() == Status.CANCELED);
        assertEquals("bob", deployment(before, id).approvals().get(0).voter().id());
        assertInstanceOf(VoteResult.Refused.class, vote(before, id, "carol", VoteDecision.APPROVED, ""));
        WorkflowRun build = blocked(j, before.getParent(), "alice");
        assertEquals(3, latest(build).iid(), "its number is not given again");
        approve(build, "bob");
        approve(build, "carol");
        ended(j, Result.SUCCESS, build);
    }
}
