package io.jenkins.plugins.deploymentgate.steps;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.model.Result;
import hudson.security.FullControlOnceLoggedInAuthorizationStrategy;
import hudson.security.HudsonPrivateSecurityRealm;
import io.jenkins.plugins.deploymentgate.RealController;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** The controller is killed, as by {@code kill -9}, in a process of its own. */
class KillTest {

    @RegisterExtension
    final RealJenkinsExtension controller = RealController.quick();

    @Test
    void anAcknowledgedVoteSurvivesAKillAndTheBuildGoesOn() throws Throwable {
        controller.startJenkins();
        controller.runRemotely(KillTest::blockAndVoteOnce);
        controller.stopJenkinsForcibly();
        controller.startJenkins();
        controller.runRemotely(KillTest::findTheVoteAndCastTheLast);
        controller.stopJenkinsForcibly();
        controller.startJenkins();
        controller.runRemotely(KillTest::findTheEnd);
    }

    private static void blockAndVoteOnce(JenkinsRule j) throws Throwable {
        HudsonPrivateSecurityRealm realm = new HudsonPrivateSecurityRealm(false, false, null);
        for (String user : List.of("alice", "bob", "carol")) {
            realm.createAccount(user, user);
        }
        j.jenkins.setSecurityRealm(realm);
        j.jenkins.setAuthorizationStrategy(new FullControlOnceLoggedInAuthorizationStrategy());
        protect("two", 2, "bob", "carol");
        WorkflowRun build = blocked(j, pipeline("killed", "deploymentGate 'two'; echo 'went on'"), "alice");
        // A pipeline that was never saved is lost in a crash.
        for (StepExecution step :
                build.getExecution().getCurrentExecutions(true).get()) {
            step.getContext().saveState().get();
        }
        vote(build, latest(build).id(), "bob", VoteDecision.APPROVED, "before the kill");
    }

    private static void findTheVoteAndCastTheLast(JenkinsRule j) throws Throwable {
        WorkflowRun build =
                j.jenkins.getItemByFullName("killed", WorkflowJob.class).getBuildByNumber(1);
        assertEquals("before the kill", latest(build).approvals().get(0).comment());
        assertEquals(Status.BLOCKED, latest(build).status());
        approve(build, "carol");
        assertEquals(Status.RUNNING, latest(build).status());
    }

    private static void findTheEnd(JenkinsRule j) throws Throwable {
        WorkflowRun build =
                j.jenkins.getItemByFullName("killed", WorkflowJob.class).getBuildByNumber(1);
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("went on", build);
        assertEquals(2, latest(build).approvals().size());
        assertEquals(Status.SUCCESS, latest(build).status());
        assertEquals(1, DeploymentViews.get().ids(build).size());
    }
}
