package io.jenkins.plugins.deploymentgate.origin;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.awaitBlocked;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Nobody approves what they asked for, by whatever way they asked. */
@WithJenkins
class RequesterTest {

    private static JenkinsRule j;

    private int jobs;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        j = rule;
        World.people(j);
    }

    @BeforeEach
    void protectProduction() {
        protect("production", 1, "alice", "bob", "carol");
    }

    private WorkflowJob job() throws Exception {
        return pipeline("requested-" + System.nanoTime() + "-" + jobs++, "deploymentGate 'production'");
    }

    private static DenialReason refusal(WorkflowRun build, String user) throws Exception {
        VoteResult result = vote(build, latest(build).id(), user, VoteDecision.APPROVED, "");
        return ((VoteResult.Refused) result).why();
    }

    @Test
    void whoeverStartedTheBuild() throws Exception {
        WorkflowRun build = blocked(j, job(), "alice");
        assertEquals(List.of("alice"), latest(build).requesters());
        assertEquals(DenialReason.OWN_DEPLOYMENT, refusal(build, "alice"));
        assertEquals(DenialReason.OWN_DEPLOYMENT, refusal(build, "ALICE"), "the realm does not care about case");
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void whoeverStartedTheBuildUpstreamOfTheBuildUpstream() throws Exception {
        WorkflowRun first = start(pipeline("first-" + System.nanoTime(), ""), "alice");
        ended(j, Result.SUCCESS, first);
        WorkflowRun second = pipeline("second-" + System.nanoTime(), "")
                .scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause(first)))
                .get();
        WorkflowRun third = job().scheduleBuild2(
                        0, new CauseAction(new Cause.UserIdCause("bob"), new Cause.UpstreamCause(second)))
                .waitForStart();
        awaitBlocked(j, third);
        assertEquals(List.of("bob", "alice"), latest(third).requesters());
        assertEquals(DenialReason.OWN_DEPLOYMENT, refusal(third, "alice"));
        assertEquals(DenialReason.OWN_DEPLOYMENT, refusal(third, "bob"));
        approve(third, "carol");
        ended(j, Result.SUCCESS, third);
    }

    @Test
    void whoeverReplayedItAndWhoeverStartedWhatWasReplayed() throws Exception {
        WorkflowRun original = blocked(j, job(), "alice");
        approve(original, "bob");
        ended(j, Result.SUCCESS, original);
        try (ACLContext ignored = ACL.as2(User.getById("carol", true).impersonate2())) {
            original.getAction(ReplayAction.class).run2("deploymentGate 'production'; echo 'replayed'", Map.of());
        }
        await().until(() -> original.getParent().getBuildByNumber(2) != null);
        WorkflowRun replayed = original.getParent().getBuildByNumber(2);
        awaitBlocked(j, replayed);
        assertEquals(List.of("carol", "alice"), latest(replayed).requesters());
        assertEquals(DenialReason.OWN_DEPLOYMENT, refusal(replayed, "alice"));
        assertEquals(DenialReason.OWN_DEPLOYMENT, refusal(replayed, "carol"));
        approve(replayed, "bob");
        ended(j, Result.SUCCESS, replayed);
        j.assertLogContains("replayed", replayed);
    }

    @Test
    void aTimerAsksForNobody() throws Exception {
        WorkflowRun build = blocked(j, job(), null);
        assertEquals(List.of(), latest(build).requesters());
        approve(build, "alice");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void selfApprovalWhereTheEnvironmentAllowsIt() throws Exception {
        ProtectedEnvironment lenient = protect("production", 1, "alice");
        lenient.setAllowSelfApproval(true);
        protect(lenient);
        WorkflowRun build = blocked(j, job(), "alice");
        approve(build, "alice");
        ended(j, Result.SUCCESS, build);
    }
}
