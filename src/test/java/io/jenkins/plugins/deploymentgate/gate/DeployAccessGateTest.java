package io.jenkins.plugins.deploymentgate.gate;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Result;
import hudson.model.User;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.config.AccessLevelApprover;
import io.jenkins.plugins.deploymentgate.config.GroupApprover;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.config.UserApprover;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Who may start a deployment. */
@WithJenkins
class DeployAccessGateTest {

    private static JenkinsRule j;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        j = rule;
        World.people(j);
        JenkinsRule.DummySecurityRealm realm = j.createDummySecurityRealm();
        realm.addGroups("dave", "deployers");
        j.jenkins.setSecurityRealm(realm);
        List.of("alice", "bob", "carol", "dave", "mallory").forEach(id -> User.getById(id, true));
    }

    private static ProtectedEnvironment environment(String name) {
        ProtectedEnvironment environment = new ProtectedEnvironment(name);
        environment.setDeployAccess(
                List.of(new UserApprover("Bob"), new GroupApprover("deployers"), new AccessLevelApprover(30)));
        protect(environment);
        return environment;
    }

    private static WorkflowJob job(String environment) throws Exception {
        return pipeline(
                "access-" + System.nanoTime(),
                "try { deploymentGate '" + environment + "' } finally { echo 'the end' }");
    }

    @Test
    void usersGroupsAndAccessLevelsMayDeploy() throws Exception {
        environment("restricted");
        for (String user : List.of("bob", "dave", "alice")) {
            assertEquals(
                    Status.BLOCKED, latest(blocked(j, job("restricted"), user)).status(), user);
        }
    }

    @Test
    void othersAreForbiddenAtOnceAndThatIsRecorded() throws Exception {
        environment("restricted");
        WorkflowRun build = start(job("restricted"), "carol");
        ended(j, Result.FAILURE, build);
        j.assertLogContains("deployment_forbidden: carol may not deploy to restricted", build);
        assertEquals(EndReason.DEPLOYMENT_FORBIDDEN, latest(build).endReason());
        assertEquals(Status.FAILED, latest(build).status());
        VoteResult late = vote(build, latest(build).id(), "dave", VoteDecision.APPROVED, "");
        assertEquals(DenialReason.ALREADY_DECIDED, ((VoteResult.Refused) late).why());
        assertFalse(DeploymentViews.get().countBlocked(build) > 0);
    }

    @Test
    void nobodyLendsTheirAccessToSomebodyElse() throws Exception {
        environment("restricted");
        WorkflowJob job = job("restricted");
        WorkflowRun build = job.scheduleBuild2(
                        0, new CauseAction(new Cause.UserIdCause("bob"), new Cause.UserIdCause("mallory")))
                .waitForStart();
        ended(j, Result.FAILURE, build);
        j.assertLogContains("deployment_forbidden", build);
    }

    @Test
    void whatNobodyAskedForIsForbiddenWhereAutomatedDeploymentsAre() throws Exception {
        ProtectedEnvironment environment = environment("manual");
        assertEquals(Status.BLOCKED, latest(blocked(j, job("manual"), null)).status());
        environment.setAllowAutomated(false);
        protect(environment);
        WorkflowRun build = start(job("manual"), null);
        ended(j, Result.FAILURE, build);
        j.assertLogContains(
                "deployment_forbidden: only automation started this build, and manual does not accept automated",
                build);
        assertEquals(Status.BLOCKED, latest(blocked(j, job("manual"), "bob")).status());
    }

    @Test
    void thePlainCountIsGivenByThoseWhoMayDeployWhereNobodyElseIsNamed() throws Exception {
        environment("restricted");
        WorkflowRun build = blocked(j, job("restricted"), "bob");
        assertEquals(
                DenialReason.NOT_AN_APPROVER,
                ((VoteResult.Refused) vote(build, latest(build).id(), "carol", VoteDecision.APPROVED, "")).why());
        approve(build, "dave");
        ended(j, Result.SUCCESS, build);
    }
}
