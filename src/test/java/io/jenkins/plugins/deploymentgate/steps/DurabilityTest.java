package io.jenkins.plugins.deploymentgate.steps;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Result;
import hudson.security.FullControlOnceLoggedInAuthorizationStrategy;
import hudson.security.HudsonPrivateSecurityRealm;
import io.jenkins.plugins.deploymentgate.RealController;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import java.util.List;
import org.jenkinsci.plugins.workflow.flow.FlowDurabilityHint;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.job.properties.DurabilityHintJobProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** Each durability setting of pipelines, over a restart in good order and over a kill. */
class DurabilityTest {

    private static final String LOST = "it is lost if Jenkins crashes";
    private static final String DAMAGED = "it can be lost if the machine fails";

    private static final String KILLED = "killed";

    @RegisterExtension
    final RealJenkinsExtension controller = RealController.quick();

    @Test
    void whatThePipelineSettingAllowsIsSurvivedAndWhatItDoesNotIsSaid() throws Throwable {
        controller.startJenkins();
        controller.runRemotely(DurabilityTest::blockAll);
        controller.stopJenkins();
        controller.startJenkins();
        controller.runRemotely(DurabilityTest::findAllBlocked);
        controller.stopJenkinsForcibly();
        controller.startJenkins();
        controller.runRemotely(DurabilityTest::findWhatSurvivesAKill);
    }

    private static WorkflowRun build(JenkinsRule j, FlowDurabilityHint hint) {
        return j.jenkins.getItemByFullName(hint.name(), WorkflowJob.class).getBuildByNumber(1);
    }

    private static void blockAll(JenkinsRule j) throws Throwable {
        HudsonPrivateSecurityRealm realm = new HudsonPrivateSecurityRealm(false, false, null);
        for (String user : List.of("alice", "bob", "carol")) {
            realm.createAccount(user, user);
        }
        j.jenkins.setSecurityRealm(realm);
        j.jenkins.setAuthorizationStrategy(new FullControlOnceLoggedInAuthorizationStrategy());
        protect("two", 2, "bob", "carol");
        for (FlowDurabilityHint hint : FlowDurabilityHint.values()) {
            WorkflowRun build = blockedWithOneVote(j, hint.name(), hint);
            switch (hint) {
                case PERFORMANCE_OPTIMIZED -> j.assertLogContains(LOST, build);
                case SURVIVABLE_NONATOMIC -> j.assertLogContains(DAMAGED, build);
                case MAX_SURVIVABILITY -> {
                    j.assertLogNotContains(LOST, build);
                    j.assertLogNotContains(DAMAGED, build);
                }
            }
        }
    }

    private static WorkflowRun blockedWithOneVote(JenkinsRule j, String name, FlowDurabilityHint hint)
            throws Exception {
        WorkflowJob job = pipeline(name, "deploymentGate 'two'; echo 'went on'");
        job.addProperty(new DurabilityHintJobProperty(hint));
        WorkflowRun build = blocked(j, job, "alice");
        approve(build, "bob");
        return build;
    }

    private static void findAllBlocked(JenkinsRule j) throws Throwable {
        for (FlowDurabilityHint hint : FlowDurabilityHint.values()) {
            WorkflowRun build = build(j, hint);
            assertTrue(build.isBuilding(), hint::name);
            assertEquals(Status.BLOCKED, latest(build).status(), hint::name);
            assertEquals(1, latest(build).approvals().size(), hint::name);
            j.waitForMessage("Ready to run", build);
        }
        blockedWithOneVote(j, KILLED, FlowDurabilityHint.PERFORMANCE_OPTIMIZED);
    }

    private static void findWhatSurvivesAKill(JenkinsRule j) throws Throwable {
        // That which is optimized for performance has done nothing since it was saved in good order.
        for (FlowDurabilityHint hint : FlowDurabilityHint.values()) {
            WorkflowRun build = build(j, hint);
            assertEquals(Status.BLOCKED, latest(build).status(), hint::name);
            approve(build, "carol");
            ended(j, Result.SUCCESS, build);
            j.assertLogContains("went on", build);
            assertEquals(2, latest(build).approvals().size(), hint::name);
        }
        WorkflowRun lost =
                j.jenkins.getItemByFullName(KILLED, WorkflowJob.class).getBuildByNumber(1);
        await().until(() -> !lost.isBuilding());
        j.assertLogNotContains("went on", lost);
        Deployment record = latest(lost);
        assertEquals(Status.CANCELED, record.status());
        assertEquals("bob", record.approvals().get(0).voter().id(), "the record of the vote is there all the same");
        assertFalse(record.times().finishedAt().isEmpty());
    }
}
