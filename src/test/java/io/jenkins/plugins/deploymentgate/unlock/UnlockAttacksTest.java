package io.jenkins.plugins.deploymentgate.unlock;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.awaitBlocked;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.folder;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.pipelineIn;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.protectIn;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jenkinsci.plugins.credentialsbinding.impl.SecretBuildWrapper;
import org.jenkinsci.plugins.credentialsbinding.impl.StringBinding;
import org.jenkinsci.plugins.pipeline.modeldefinition.actions.RestartDeclarativePipelineAction;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.cps.replay.ReplayAction;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Whoever may write a pipeline, run it in any way, and change what is around it, does not get the secret without an approval. */
@WithJenkins
class UnlockAttacksTest {

    private static final String STEAL = """
        withCredentials([string(credentialsId: 'token', variable: 'V')]) { echo "stolen ${V.hashCode()}" }
        """;

    private static JenkinsRule j;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) throws Exception {
        j = rule;
        World.people(j);
        protect("production", 1, "bob");
        protect("open", 0);
        Secrets.store(j.jenkins, "production", Secrets.ofEachType(""));
    }

    @AfterAll
    static void noSecretWasWritten() throws Exception {
        Secrets.assertNowhere(j.jenkins.getRootDir());
    }

    private static WorkflowJob job(String script) throws Exception {
        return pipeline("attack-" + System.nanoTime(), script);
    }

    /** Expects that a build that was not approved ends without the secret, and that the ledger has no use. */
    private static void assertNothingStolen(WorkflowRun build) throws Exception {
        ended(j, Result.FAILURE, build);
        j.assertLogNotContains("stolen", build);
        j.assertLogContains(Secrets.locked(build, "token", "production"), build);
        assertEquals(List.of(), Secrets.used(build));
    }

    private static WorkflowRun replay(WorkflowRun original, String script) throws Exception {
        return next(original, () -> original.getAction(ReplayAction.class).run2(script, Map.of()));
    }

    /** What Alice starts. */
    private static WorkflowRun next(WorkflowRun original, Callable<?> start) throws Exception {
        WorkflowJob job = original.getParent();
        int number = job.getNextBuildNumber();
        try (ACLContext ignored = ACL.as2(User.getById("alice", true).impersonate2())) {
            start.call();
        }
        await().until(() -> job.getBuildByNumber(number) != null);
        return job.getBuildByNumber(number);
    }

    @Test
    void aReplayNeedsADeploymentOfItsOwn() throws Exception {
        WorkflowJob job = job(Secrets.TRIES + """
            deploymentGate 'production'
            tries('replayable')
            """);
        WorkflowRun original = blocked(j, job, "alice");
        approve(original, "bob");
        ended(j, Result.SUCCESS, original);
        WorkflowRun again = replay(original, Secrets.TRIES + "deploymentGate 'production'; tries('replayable')");
        awaitBlocked(j, again);
        j.assertLogNotContains("replayable", again);
        approve(again, "bob");
        ended(j, Result.SUCCESS, again);
        Secrets.assertBound(again, "replayable", "");
        WorkflowRun changed = ended(j, Result.SUCCESS, replay(original, Secrets.TRIES + "tries('replayable')"));
        Secrets.assertRefused(changed, "replayable", "", "production");
    }

    @Test
    void aPipelineThatLeavesTheGateOut() throws Exception {
        WorkflowJob job = job("deploymentGate 'production'; " + STEAL);
        WorkflowRun approved = blocked(j, job, "alice");
        approve(approved, "bob");
        ended(j, Result.SUCCESS, approved);
        j.assertLogContains("stolen " + Secrets.TOKEN.hashCode(), approved);
        job.setDefinition(new CpsFlowDefinition(STEAL, true));
        assertNothingStolen(start(job, "alice"));
        job.setDefinition(new CpsFlowDefinition("deploymentGate 'open'; " + STEAL, true));
        assertNothingStolen(start(job, "alice"));
    }

    @Test
    void aRestartFromAStageBehindTheGate() throws Exception {
        WorkflowRun original = blocked(j, job("""
            pipeline {
                agent none
                stages {
                    stage('Approve') { steps { deploymentGate 'production' } }
                    stage('Deploy') { steps { %s } }
                }
            }
            """.formatted(STEAL)), "alice");
        approve(original, "bob");
        ended(j, Result.SUCCESS, original);
        WorkflowRun restarted = next(
                original,
                () -> original.getAction(RestartDeclarativePipelineAction.class).run("Deploy"));
        ended(j, Result.FAILURE, restarted);
        j.assertLogNotContains("stolen", restarted);
        assertEquals(List.of(), Secrets.used(restarted));
    }

    @Test
    void anotherBuildOrJobWhileADeploymentRuns() throws Exception {
        protect("hold", 1, "bob");
        Folder team = folder(null, "team");
        WorkflowRun holder =
                blocked(j, pipelineIn(team, "deploy", "deploymentGate 'production'; deploymentGate 'hold'"), "alice");
        approve(holder, "bob");
        j.waitForMessage("to hold is blocked", holder);
        assertNothingStolen(start(pipelineIn(team, "thief", STEAL), "alice"));
        holder.getParent().setDefinition(new CpsFlowDefinition(STEAL, true));
        assertNothingStolen(start(holder.getParent(), "alice"));
        holder.doKill();
    }

    @Test
    void aParallelBranchOfABuildThatWaits() throws Exception {
        WorkflowRun build = blocked(j, job("""
            parallel gate: { deploymentGate 'production' }, thief: { %s }
            """.formatted(STEAL)), "alice");
        vote(build, latest(build).id(), "bob", VoteDecision.REJECTED, "");
        assertNothingStolen(build);
    }

    @Test
    void aScriptThatIsLoaded() throws Exception {
        assertNothingStolen(start(job("""
            node {
                writeFile file: 'steal.groovy', text: '''%s'''
                load 'steal.groovy'
            }
            """.formatted(STEAL)), "alice"));
    }

    @Test
    void anIdThatIsComputedOrWrittenInAnotherWay() throws Exception {
        assertNothingStolen(start(job("""
            withEnv(['ID=token']) {
                withCredentials([string(credentialsId: env.ID, variable: 'V')]) { echo 'stolen' }
            }
            """), "alice"));
        assertNothingStolen(start(job("""
            withCredentials([[$class: 'StringBinding', credentialsId: '  token ', variable: 'V']]) { echo 'stolen' }
            """), "alice"));
    }

    @Test
    void aFolderThatProtectsTheSameNameWithoutApprovals() throws Exception {
        Folder own = folder(null, "own");
        protectIn(own, World.environment("production", 0));
        WorkflowRun build = blocked(j, pipelineIn(own, "thief", "deploymentGate 'production'; " + STEAL), "alice");
        vote(build, latest(build).id(), "bob", VoteDecision.REJECTED, "");
        ended(j, Result.FAILURE, build);
        j.assertLogNotContains("stolen", build);
    }

    @Test
    void theConfigurationOfAFolder() throws Exception {
        Folder folder = folder(null, "configured");
        Secrets.store(folder, "production", Secrets.login("configured-login"));
        assertThat(folder.getConfigFile().asString(), not(containsString("configured-login")));
        Folder copy = j.jenkins.copy(folder, "copied");
        assertEquals(List.of(), Secrets.storeOf(copy).getDomains());
    }

    @Test
    void aFreestyleJob() throws Exception {
        FreeStyleProject job = j.createFreeStyleProject("freestyle");
        job.getBuildWrappersList().add(new SecretBuildWrapper(List.of(new StringBinding("V", "token"))));
        FreeStyleBuild build = j.buildAndAssertStatus(Result.FAILURE, job);
        assertThat(build.getLog(1000).toString(), containsString(Secrets.locked(build, "token", "production")));
    }
}
