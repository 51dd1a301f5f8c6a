package io.jenkins.plugins.deploymentgate.changes;

import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.User;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.FakeChangeLogSCM;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Which builds' changes a deployment brings. */
@WithJenkins
class ChangeAuthorsTest {

    private static final String ALICE = "Alice <alice@example.org>";
    private static final String BOB = "Bob <bob@example.org>";
    private static final String CAROL = "Carol <carol@example.org>";

    private static JenkinsRule j;

    @TempDir
    private static Path repositories;

    private GitRepository repository;
    private WorkflowJob job;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) throws Exception {
        j = rule;
        World.people(j);
        for (String person : List.of("alice", "bob", "carol")) {
            User.getById(person, true).save();
        }
    }

    @BeforeEach
    void protectEnvironments() throws Exception {
        protect("production", 0);
        protect("staging", 0);
        protect("guarded", 1, "dave");
        repository = new GitRepository(repositories).commit(CAROL);
        job = pipeline("changed-" + System.nanoTime(), "");
    }

    /** Builds until the end, with this after the checkout. */
    private WorkflowRun build(Result result, String then) throws Exception {
        script("node { %s }\n%s".formatted(repository.checkout(), then));
        return ended(j, result, start(job, null));
    }

    private void script(String script) throws Exception {
        job.setDefinition(new CpsFlowDefinition(script, true));
    }

    private WorkflowRun deploy() throws Exception {
        return build(Result.SUCCESS, "deploymentGate 'production'");
    }

    private static Found changes(Run<?, ?> build) {
        return Found.of(ChangeAuthors.of(build, "production"));
    }

    /** What was found, whatever the changes are called. */
    private record Found(Set<String> authors, boolean complete) {

        static Found of(Changes changes) {
            return new Found(changes.authors(), changes.complete());
        }
    }

    private static Found complete(String... authors) {
        return new Found(Set.of(authors), true);
    }

    private static Found incomplete(String... authors) {
        return new Found(Set.of(authors), false);
    }

    @Test
    void theFirstDeploymentHasNothingToCompareWith() throws Exception {
        assertEquals(incomplete(), changes(deploy()), "Git has no change log for a first build");
        repository.commit(ALICE);
        assertEquals(complete("alice"), changes(deploy()));
    }

    @Test
    void withoutASuccessEveryBuildThatIsThereCounts() throws Exception {
        build(Result.SUCCESS, "");
        repository.commit(ALICE);
        build(Result.SUCCESS, "");
        repository.commit(BOB);
        assertEquals(incomplete("alice", "bob"), changes(deploy()));
    }

    @Test
    void buildsSinceTheLastSuccessCountAndThoseBeforeItDoNot() throws Exception {
        deploy();
        repository.commit(ALICE);
        build(Result.SUCCESS, "");
        repository.commit(BOB);
        assertEquals(complete("alice", "bob"), changes(deploy()));
        repository.commit(CAROL);
        assertEquals(complete("carol"), changes(deploy()));
        assertEquals(complete(), changes(deploy()), "the same revision again");
    }

    @Test
    void aRejectedDeploymentBringsNothing() throws Exception {
        build(Result.FAILURE, "deploymentGate 'production'; error 'no'");
        assertEquals(incomplete(), changes(deploy()));
        repository.commit(ALICE);
        script("node { %s }\ndeploymentGate 'guarded'".formatted(repository.checkout()));
        WorkflowRun rejected = blocked(j, job, null);
        assertEquals(
                VoteResult.Recorded.class,
                vote(rejected, latest(rejected).id(), "dave", VoteDecision.REJECTED, "no")
                        .getClass());
        ended(j, Result.FAILURE, rejected);
        repository.commit(BOB);
        WorkflowRun next = build(Result.SUCCESS, "deploymentGate 'production'");
        assertEquals(
                Set.of("alice", "bob"),
                Found.of(ChangeAuthors.of(next, "guarded")).authors());
        assertEquals(complete("alice", "bob"), changes(next));
    }

    @Test
    void aDeploymentThatFailedBringsNothing() throws Exception {
        deploy();
        repository.commit(ALICE);
        build(Result.FAILURE, "deploymentGate 'production'; error 'the disk was full'");
        repository.commit(BOB);
        assertEquals(complete("alice", "bob"), changes(deploy()));
    }

    @Test
    void everyEnvironmentHasASuccessOfItsOwn() throws Exception {
        String both = "parallel a: { deploymentGate 'production' }, b: { deploymentGate 'staging' }";
        build(Result.SUCCESS, both);
        repository.commit(ALICE);
        build(Result.SUCCESS, "deploymentGate 'staging'");
        repository.commit(BOB);
        WorkflowRun build = build(Result.SUCCESS, both);
        assertEquals(complete("alice", "bob"), changes(build));
        assertEquals(complete("bob"), Found.of(ChangeAuthors.of(build, "staging")));
        repository.commit(CAROL);
        WorkflowRun last = build(Result.SUCCESS, "");
        assertEquals(complete("carol"), changes(last));
        assertEquals(complete("carol"), Found.of(ChangeAuthors.of(last, "staging")));
    }

    @Test
    void aBuildThatIsBlockedKnowsItsOwnChanges() throws Exception {
        build(Result.SUCCESS, "deploymentGate 'production'");
        repository.commit(ALICE);
        script("node { %s }\ndeploymentGate 'guarded'".formatted(repository.checkout()));
        WorkflowRun build = blocked(j, job, null);
        assertEquals(complete("alice"), changes(build));
        World.approve(build, "dave");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void theChangesOfADeletedBuildAreUnknown() throws Exception {
        deploy();
        repository.commit(ALICE);
        WorkflowRun deleted = build(Result.SUCCESS, "");
        repository.commit(BOB);
        WorkflowRun next = deploy();
        assertEquals(complete("alice", "bob"), changes(next));
        deleted.delete();
        assertEquals(incomplete("bob"), changes(next));
        repository.commit(CAROL);
        assertEquals(complete("carol"), changes(deploy()));
    }

    @Test
    void aRecordThatCannotBeReadIsNoSuccess() throws Exception {
        deploy();
        repository.commit(ALICE);
        WorkflowRun damaged = deploy();
        Files.writeString(
                damaged.getRootDir()
                        .toPath()
                        .resolve("deployment-gate/" + latest(damaged).id() + ".json"),
                "{");
        repository.commit(BOB);
        assertEquals(complete("alice", "bob"), changes(deploy()));
    }

    @Test
    void tooManyBuildsAreTold() throws Exception {
        WorkflowRun first = deploy();
        WorkflowRun second = build(Result.SUCCESS, "");
        WorkflowRun third = build(Result.SUCCESS, "");
        ChangeRange all = ChangeRange.back(third, first::equals, 2);
        assertEquals(List.of(second, third), all.builds());
        assertEquals(first, all.before().orElseThrow());
        assertTrue(all.complete());
        ChangeRange cut = ChangeRange.back(third, first::equals, 1);
        assertEquals(List.of(third), cut.builds());
        assertFalse(cut.complete());
    }

    @Test
    void aReplayBringsWhatItsOriginalBrought() throws Exception {
        deploy();
        repository.commit(ALICE);
        WorkflowRun original = deploy();
        repository.commit(BOB);
        deploy();
        assertEquals(complete("alice"), changes(replay(original)));
    }

    @Test
    void aReplayOfABuildThatIsGoneIsIncomplete() throws Exception {
        deploy();
        repository.commit(ALICE);
        WorkflowRun original = deploy();
        deploy();
        WorkflowRun replayed = replay(original);
        original.delete();
        assertEquals(incomplete(), changes(replayed));
    }

    private WorkflowRun replay(WorkflowRun original) throws Exception {
        int number = job.getNextBuildNumber();
        ReplayAction action = original.getAction(ReplayAction.class);
        action.run2(action.getOriginalScript(), Map.of());
        await().until(() -> job.getBuildByNumber(number) != null);
        return ended(j, Result.SUCCESS, job.getBuildByNumber(number));
    }

    @Test
    void theChangesOfTheJobUpstreamCountSinceTheBuildThatWasDeployed() throws Exception {
        WorkflowJob downstream = pipeline("downstream-" + System.nanoTime(), "deploymentGate 'production'");
        startedBy(downstream, build(Result.SUCCESS, ""));
        repository.commit(ALICE);
        build(Result.FAILURE, "error 'started nothing'");
        repository.commit(BOB);
        WorkflowRun upstream = build(Result.SUCCESS, "");
        assertEquals(complete("alice", "bob"), changes(startedBy(downstream, upstream)));
        repository.commit(CAROL);
        assertEquals(complete("carol"), changes(startedBy(downstream, build(Result.SUCCESS, ""))));
        assertEquals(complete("bob"), changes(startedBy(downstream, upstream)), "an older one again");
    }

    @Test
    void afterADeploymentThatNoJobUpstreamHasStartedItsChangesAreNotAllKnown() throws Exception {
        WorkflowJob downstream = pipeline("downstream-" + System.nanoTime(), "deploymentGate 'production'");
        build(Result.SUCCESS, "");
        ended(j, Result.SUCCESS, start(downstream, "dave"));
        repository.commit(ALICE);
        build(Result.SUCCESS, "");
        repository.commit(BOB);
        assertEquals(incomplete("bob"), changes(startedBy(downstream, build(Result.SUCCESS, ""))));
    }

    private static WorkflowRun startedBy(WorkflowJob job, Run<?, ?> upstream) throws Exception {
        return ended(
                j,
                Result.SUCCESS,
                job.scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause(upstream)))
                        .waitForStart());
    }

    @Test
    void anUpstreamBuildThatIsGoneIsTold() throws Exception {
        WorkflowJob downstream = pipeline("downstream-" + System.nanoTime(), "deploymentGate 'production'");
        startedBy(downstream, build(Result.SUCCESS, ""));
        repository.commit(ALICE);
        WorkflowRun upstream = build(Result.SUCCESS, "");
        WorkflowRun build = startedBy(downstream, upstream);
        upstream.delete();
        assertEquals(incomplete(), changes(build));
    }

    @Test
    void otherSourcesTellOfAuthorsThemselves() throws Exception {
        FreeStyleProject upstream = j.createFreeStyleProject();
        WorkflowJob downstream = pipeline("downstream-" + System.nanoTime(), "deploymentGate 'production'");
        FakeChangeLogSCM source = new FakeChangeLogSCM();
        upstream.setScm(source);
        startedBy(downstream, j.buildAndAssertSuccess(upstream));
        source.addChange().withAuthor("Bob").withMsg("A change");
        assertEquals(complete("bob"), changes(startedBy(downstream, j.buildAndAssertSuccess(upstream))));
        source.addChange().withAuthor(User.getUnknown().getId()).withMsg("Another");
        assertEquals(incomplete(), changes(startedBy(downstream, j.buildAndAssertSuccess(upstream))));
    }

    @Test
    void aJobThatStartsItselfIsNotUpstreamOfItself() throws Exception {
        WorkflowRun first = deploy();
        repository.commit(ALICE);
        script("node { %s }\ndeploymentGate 'production'".formatted(repository.checkout()));
        assertEquals(complete("alice"), changes(startedBy(job, first)));
    }

    @Test
    void theChangesAreFoundAfterTheJobWasRenamed() throws Exception {
        deploy();
        repository.commit(ALICE);
        build(Result.SUCCESS, "");
        job.renameTo("renamed-" + System.nanoTime());
        reload();
        repository.commit(BOB);
        assertEquals(complete("alice", "bob"), changes(deploy()));
    }

    private void reload() throws IOException {
        job.doReload();
        job = j.jenkins.getItemByFullName(job.getFullName(), WorkflowJob.class);
    }
}
