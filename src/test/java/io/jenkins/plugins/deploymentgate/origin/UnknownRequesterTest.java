package io.jenkins.plugins.deploymentgate.origin;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.awaitBlocked;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.environment;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.triggers.TimerTrigger;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.WorldTestCase;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.config.UserApprover;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.policy.RequestOrigin;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.TestExtension;

/** A build of which it is not known who started it does not reach an environment that has to know. */
class UnknownRequesterTest extends WorldTestCase {

    @BeforeEach
    void protectProduction() {
        protect("production", 1, "alice", "bob");
    }

    private static WorkflowJob job() throws Exception {
        return pipeline("unknown-" + System.nanoTime(), "deploymentGate 'production'");
    }

    private static WorkflowRun startedBy(WorkflowJob job, Cause... causes) throws Exception {
        return job.scheduleBuild2(0, new CauseAction(causes)).waitForStart();
    }

    private static void assertRefused(WorkflowRun build, String cause) throws Exception {
        ended(j, Result.FAILURE, build);
        assertEquals(EndReason.DEPLOYMENT_FORBIDDEN, latest(build).endReason());
        assertEquals(List.of(cause), latest(build).request().origin().unknown());
        j.assertLogContains("deployment_forbidden: it is not known who started this build (" + cause + ")", build);
        j.assertLogContains("allowUnknownRequesters", build);
    }

    @Test
    void aBuildTokenThatWasSentWithoutALogin() throws Exception {
        WorkflowJob job = job();
        WorkflowRun build;
        try (ACLContext ignored = ACL.as2(Jenkins.ANONYMOUS2)) {
            build = startedBy(job, new Cause.RemoteCause("192.0.2.7", "a\u2028note"));
        }
        assertRefused(build, "RemoteCause: Started by remote host 192.0.2.7 with note: a note");
    }

    @Test
    void oneOfTwoMergedRequestsThatWasSentWithoutALogin() throws Exception {
        for (List<String> senders : List.of(List.of("alice", ""), List.of("", "alice"))) {
            WorkflowJob job = job();
            j.jenkins.doQuietDown();
            for (String user : senders) {
                try (ACLContext ignored = ACL.as2(
                        user.isEmpty()
                                ? Jenkins.ANONYMOUS2
                                : User.getById(user, true).impersonate2())) {
                    job.scheduleBuild2(0, new CauseAction(new Cause.RemoteCause("192.0.2.7", null)));
                }
            }
            assertEquals(1, j.jenkins.getQueue().getItems().length);
            j.jenkins.doCancelQuietDown();
            await().until(() -> job.getLastBuild() != null);
            assertRefused(job.getLastBuild(), "RemoteCause: Started by remote host 192.0.2.7");
            assertEquals(List.of("alice"), latest(job.getLastBuild()).requesters());
        }
    }

    @Test
    void noCauseAtAll() throws Exception {
        assertRefused(job().scheduleBuild2(0).waitForStart(), "no cause");
    }

    @Test
    void noCauseButALogin() throws Exception {
        WorkflowJob job = job();
        WorkflowRun build;
        try (ACLContext ignored = World.actingAs("alice")) {
            build = job.scheduleBuild2(0).waitForStart();
        }
        awaitBlocked(j, build);
        assertEquals(
                new RequestOrigin(List.of("alice"), false, List.of()),
                latest(build).request().origin());
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void anAnonymousUser() throws Exception {
        assertRefused(startedBy(job(), new Cause.UserIdCause(null)), "UserIdCause: Started by user anonymous");
        assertRefused(startedBy(job(), new Cause.UserIdCause("anonymous")), "UserIdCause: Started by user anonymous");
        assertRefused(startedBy(job(), new Cause.UserIdCause("SYSTEM")), "UserIdCause: Started by user SYSTEM");
    }

    @Test
    void anUnknownCauseBesideAKnownOne() throws Exception {
        assertRefused(startedBy(job(), new Cause.UserIdCause("bob"), new ChatCause("")), "ChatCause: Asked in a chat");
    }

    @Test
    void aReplayWhoseOriginalIsGone() throws Exception {
        WorkflowRun original = blocked(j, job(), "alice");
        approve(original, "bob");
        ended(j, Result.SUCCESS, original);
        j.jenkins.doQuietDown();
        try (ACLContext ignored = World.actingAs("bob")) {
            original.getAction(ReplayAction.class).run2("deploymentGate 'production'", Map.of());
        }
        original.delete();
        j.jenkins.doCancelQuietDown();
        await().until(() -> original.getParent().getBuildByNumber(2) != null);
        WorkflowRun replayed = original.getParent().getBuildByNumber(2);
        assertRefused(replayed, "ReplayCause: Replayed #1 (no longer there)");
        assertEquals(
                Optional.of(new RequestOrigin.Replay(1, 2, RequestOrigin.Script.UNKNOWN)),
                latest(replayed).request().origin().replay());
    }

    @Test
    void aPluginsOwnCauseUnlessThatPluginTells() throws Exception {
        WorkflowRun build = startedBy(job(), new ChatCause("alice"));
        awaitBlocked(j, build);
        assertEquals(
                new RequestOrigin(List.of("alice"), false, List.of()),
                latest(build).request().origin());
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        assertRefused(startedBy(job(), new ChatCause("fails")), "ChatCause: Asked in a chat");
        assertRefused(startedBy(job(), new ChatCause("gone")), "ChatCause: Asked in a chat (no longer there)");
    }

    @Test
    void anEnvironmentThatAllowsIt() throws Exception {
        ProtectedEnvironment lenient = environment("production", 1, "alice");
        lenient.setAllowUnknownRequesters(true);
        protect(lenient);
        WorkflowRun build = startedBy(job(), new ChatCause(""));
        awaitBlocked(j, build);
        approve(build, "alice");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void anEnvironmentThatAllowsSelfApprovalAndRestrictsNobody() throws Exception {
        ProtectedEnvironment open = environment("production", 1, "alice");
        open.setAllowSelfApproval(true);
        protect(open);
        WorkflowRun build = startedBy(job(), new ChatCause(""));
        awaitBlocked(j, build);
        approve(build, "alice");
        ended(j, Result.SUCCESS, build);
        open.setDeployAccess(List.of(new UserApprover("alice")));
        protect(open);
        assertRefused(startedBy(job(), new ChatCause("")), "ChatCause: Asked in a chat");
    }

    @Test
    void anEnvironmentThatNeedsNoApproval() throws Exception {
        protect(environment("production", 0));
        ended(j, Result.SUCCESS, startedBy(job(), new ChatCause("")));
    }

    @Test
    void automationBesideSomethingUnknown() throws Exception {
        WorkflowRun build = startedBy(job(), new TimerTrigger.TimerTriggerCause(), new ChatCause(""));
        assertRefused(build, "ChatCause: Asked in a chat");
    }

    /** The cause of some plugin. */
    public static class ChatCause extends Cause {

        private final String who;

        ChatCause(String who) {
            this.who = who;
        }

        @Override
        public String getShortDescription() {
            return "Asked in a chat";
        }
    }

    /** What that plugin tells. */
    @TestExtension
    public static class ChatOrigin extends BuildOrigin {

        @Override
        public Optional<Source> of(Cause cause) {
            if (!(cause instanceof ChatCause chat) || chat.who.isEmpty()) {
                return Optional.empty();
            } else if (chat.who.equals("fails")) {
                throw new IllegalStateException("the chat is down");
            }
            return Optional.of(chat.who.equals("gone") ? new Gone() : new Person(chat.who));
        }
    }
}
