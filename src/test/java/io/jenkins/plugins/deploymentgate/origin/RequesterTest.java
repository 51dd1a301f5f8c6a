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
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.sonyericsson.rebuild.RebuildCause;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.Run;
import hudson.security.ACLContext;
import hudson.triggers.SCMTrigger;
import hudson.triggers.TimerTrigger;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.WorldTestCase;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.policy.RequestOrigin;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.transform.Source;
import javax.xml.transform.stream.StreamSource;
import jenkins.branch.BranchEventCause;
import jenkins.branch.BranchIndexingCause;
import org.apache.commons.lang3.function.FailableConsumer;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;

/** Nobody approves what they asked for, by whatever way they asked. */
class RequesterTest extends WorldTestCase {

    private int jobs;

    @BeforeEach
    void protectProduction() {
        protect("production", 1, "alice", "bob", "carol");
    }

    private WorkflowJob job() throws Exception {
        return pipeline("requested-" + System.nanoTime() + "-" + jobs++, "deploymentGate 'production'");
    }

    private static RequestOrigin origin(WorkflowRun build) throws Exception {
        return latest(build).request().origin();
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
        try (ACLContext ignored = World.actingAs("carol")) {
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
    void whoeverSentTheBuildTokenWhileLoggedIn() throws Exception {
        WorkflowJob job = job();
        String xml = job.getConfigFile().asString().replace("<disabled>", "<authToken>secret</authToken><disabled>");
        job.updateByXml((Source) new StreamSource(new StringReader(xml)));
        try (JenkinsRule.WebClient browser = World.browser(j, "alice")) {
            browser.goTo(job.getUrl() + "build?token=secret&delay=0sec", null);
        }
        await().until(() -> job.getLastBuild() != null);
        WorkflowRun build = job.getLastBuild();
        awaitBlocked(j, build);
        assertNotNull(build.getCause(Cause.RemoteCause.class), "the cause does not say who it was");
        assertEquals(new RequestOrigin(List.of("alice"), false, List.of()), origin(build));
        assertEquals(DenialReason.OWN_DEPLOYMENT, refusal(build, "alice"));
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void everybodyWhoseRequestsWereMergedInTheQueue() throws Exception {
        WorkflowJob job = job();
        j.jenkins.doQuietDown();
        for (String user : List.of("alice", "bob", "alice")) {
            try (ACLContext ignored = World.actingAs(user)) {
                job.scheduleBuild2(0, new CauseAction(new Cause.RemoteCause("192.0.2.7", null)));
            }
        }
        Queue.Item item = job.getQueueItem();
        assertEquals(List.of(item), List.of(j.jenkins.getQueue().getItems()), "the requests are merged");
        assertEquals(2, item.getActions(ScheduledBy.class).size());
        j.jenkins.doCancelQuietDown();
        await().until(() -> job.getLastBuild() != null);
        WorkflowRun build = job.getLastBuild();
        awaitBlocked(j, build);
        assertEquals(new RequestOrigin(List.of("alice", "bob"), false, List.of()), origin(build));
        assertEquals(DenialReason.OWN_DEPLOYMENT, refusal(build, "bob"));
        build.doStop();
        ended(j, Result.ABORTED, build);
    }

    @Test
    void whoeverStartedTheFirstOfManyJobsThatStartEachOther() throws Exception {
        WorkflowRun last = lastOfMany(jobs -> {});
        awaitBlocked(j, last);
        assertEquals(new RequestOrigin(List.of("alice"), false, List.of()), origin(last));
        assertEquals(DenialReason.OWN_DEPLOYMENT, refusal(last, "alice"));
        approve(last, "bob");
        ended(j, Result.SUCCESS, last);
    }

    @Test
    void aChainThatCannotBeFollowedToItsBeginning() throws Exception {
        WorkflowRun last = lastOfMany(before -> {
            for (WorkflowRun build : before) {
                build.delete();
            }
        });
        ended(j, Result.FAILURE, last);
        j.assertLogContains("DeeplyNestedUpstreamCause", last);
    }

    /** Runs builds that start each other, so many that the cause of the last one is cut off, does something, and runs it. */
    private WorkflowRun lastOfMany(FailableConsumer<List<WorkflowRun>, Exception> then) throws Exception {
        List<WorkflowRun> builds = new ArrayList<>();
        builds.add(ended(j, Result.SUCCESS, start(pipeline("chain-" + System.nanoTime(), ""), "alice")));
        for (int i = 1; i < 15; i++) {
            Cause cause = new Cause.UpstreamCause(builds.get(i - 1));
            builds.add(pipeline("chain-" + System.nanoTime(), "")
                    .scheduleBuild2(0, new CauseAction(cause))
                    .get());
        }
        CauseAction causes = new CauseAction(new Cause.UpstreamCause(builds.get(14)));
        then.accept(builds);
        return job().scheduleBuild2(0, causes).waitForStart();
    }

    @Test
    void whoeverStartedABuildUpstreamThatIsGone() throws Exception {
        WorkflowRun first = ended(j, Result.SUCCESS, start(pipeline("first-" + System.nanoTime(), ""), "alice"));
        CauseAction causes = new CauseAction(new Cause.UpstreamCause(first));
        first.getParent().delete();
        WorkflowRun build = job().scheduleBuild2(0, causes).waitForStart();
        awaitBlocked(j, build);
        assertEquals(new RequestOrigin(List.of("alice"), false, List.of()), origin(build));
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void whoeverStartedABuildWithTheNameOfOneThatIsGone() throws Exception {
        String name = "twice-" + System.nanoTime();
        WorkflowRun first = ended(j, Result.SUCCESS, start(pipeline(name, ""), "alice"));
        CauseAction causes = new CauseAction(new Cause.UpstreamCause(first));
        first.getParent().delete();
        ended(j, Result.SUCCESS, start(pipeline(name, ""), "bob"));
        WorkflowRun build = job().scheduleBuild2(0, causes).waitForStart();
        awaitBlocked(j, build);
        assertEquals(List.of("bob", "alice"), origin(build).people());
        approve(build, "carol");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void whoeverRebuiltItAndWhoeverStartedWhatWasRebuilt() throws Exception {
        WorkflowRun original = blocked(j, job(), "alice");
        approve(original, "bob");
        ended(j, Result.SUCCESS, original);
        WorkflowRun rebuilt = original.getParent()
                .scheduleBuild2(0, new CauseAction(new Cause.UserIdCause("carol"), new RebuildCause(original)))
                .waitForStart();
        awaitBlocked(j, rebuilt);
        assertEquals(new RequestOrigin(List.of("carol", "alice"), false, List.of()), origin(rebuilt));
        approve(rebuilt, "bob");
        ended(j, Result.SUCCESS, rebuilt);
    }

    @Test
    void automationAsksForNobody() throws Exception {
        for (Cause cause : List.of(
                new TimerTrigger.TimerTriggerCause(),
                new Push(),
                stored(BranchIndexingCause.class),
                stored(BranchEventCause.class))) {
            WorkflowRun build = job().scheduleBuild2(0, new CauseAction(cause)).waitForStart();
            awaitBlocked(j, build);
            assertEquals(new RequestOrigin(List.of(), true, List.of()), origin(build), cause.toString());
            approve(build, "alice");
            ended(j, Result.SUCCESS, build);
        }
    }

    /** Only its plugin can make a new one. */
    private static Cause stored(Class<? extends Cause> type) {
        return (Cause) Run.XSTREAM2.fromXML("<" + type.getName() + "/>");
    }

    /** As those of plugins that hear of pushes. */
    public static class Push extends SCMTrigger.SCMTriggerCause {

        Push() {
            super("pushed");
        }
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
