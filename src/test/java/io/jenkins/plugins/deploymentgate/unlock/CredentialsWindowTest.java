package io.jenkins.plugins.deploymentgate.unlock;

import static io.jenkins.plugins.deploymentgate.World.approve;
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
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsUnavailableException;
import com.cloudbees.plugins.credentials.common.StandardCredentials;
import hudson.model.Result;
import hudson.security.ACL;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.audit.Ledger;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Credentials of an environment can be used by a build with a running deployment to it, for that time, and not otherwise. */
@WithJenkins
class CredentialsWindowTest {

    private static JenkinsRule j;
    private static Folder team;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) throws Exception {
        j = rule;
        World.people(j);
        protect("production", 1, "bob");
        protect("staging", 0);
        protect("hold", 1, "bob");
        team = folder(null, "team");
        Secrets.store(j.jenkins, "production", Secrets.ofEachType(""));
        Secrets.store(j.jenkins, "staging", Secrets.ofEachType("staging-"));
        Secrets.store(team, "production", Secrets.token("team-token"));
    }

    @AfterAll
    static void noSecretWasWritten() throws Exception {
        Secrets.assertNowhere(j.jenkins.getRootDir());
    }

    private static WorkflowJob job(String script) throws Exception {
        return pipeline("window-" + System.nanoTime(), script);
    }

    /** A build that holds a running deployment to production, and waits for another. */
    private static WorkflowRun holding(WorkflowJob job) throws Exception {
        WorkflowRun build = blocked(j, job, "alice");
        approve(build, "bob");
        j.waitForMessage("holding", build);
        j.waitForMessage("to hold is blocked", build);
        return build;
    }

    private static WorkflowJob holder() throws Exception {
        return job("deploymentGate 'production'; echo 'holding'; deploymentGate 'hold'");
    }

    @Test
    void everyTypeIsBoundWhileTheDeploymentRunsAndRefusedBefore() throws Exception {
        WorkflowRun build = blocked(j, job(Secrets.TRIES + """
                    tries('before')
                    deploymentGate 'production'
                    tries('inside')
                    tries('inside', 'staging-')
                    """), "alice");
        Secrets.assertRefused(build, "before", "", "production");
        assertEquals(List.of(), Secrets.used(build));
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        Secrets.assertBound(build, "inside", "");
        Secrets.assertRefused(build, "inside", "staging-", "staging");
        assertEquals(
                Secrets.IDS.stream()
                        .map(id -> "production {credentials=" + id + ", requesters=alice, approvers=bob}")
                        .toList(),
                Secrets.used(build),
                "one entry for each binding");
        Ledger.assertSound();
    }

    @Test
    void theWindowOfABlockEndsWithTheBlock() throws Exception {
        WorkflowRun build = start(job(Secrets.TRIES + """
                    deployment('staging') {
                        tries('inside', 'staging-')
                        tries('inside')
                    }
                    tries('after', 'staging-')
                    """), "alice");
        ended(j, Result.SUCCESS, build);
        Secrets.assertBound(build, "inside", "staging-");
        Secrets.assertRefused(build, "inside", "", "production");
        Secrets.assertRefused(build, "after", "staging-", "staging");
    }

    @Test
    void withoutADeploymentAndAfterARejectionEverythingIsRefused() throws Exception {
        WorkflowRun without = ended(j, Result.SUCCESS, start(job(Secrets.TRIES + "tries('without')"), "alice"));
        Secrets.assertRefused(without, "without", "", "production");
        WorkflowRun rejected = blocked(j, job(Secrets.TRIES + """
                    deploymentGate environment: 'production', propagate: false
                    tries('rejected')
                    """), "alice");
        vote(rejected, latest(rejected).id(), "bob", VoteDecision.REJECTED, "");
        ended(j, Result.SUCCESS, rejected);
        Secrets.assertRefused(rejected, "rejected", "", "production");
        assertEquals(List.of(), Secrets.used(rejected));
    }

    @Test
    void withTheBlockStepTheWindowIsItsBody() throws Exception {
        WorkflowRun build = blocked(j, job(Secrets.TRIES + """
                    deployment('production') { tries('inside') }
                    tries('after')
                    """), "alice");
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        Secrets.assertBound(build, "inside", "");
        Secrets.assertRefused(build, "after", "", "production");
        assertEquals(5, Secrets.used(build).size());
    }

    @Test
    void theConsoleShowsARefusalWithoutAStackTrace() throws Exception {
        WorkflowRun build = ended(j, Result.FAILURE, start(job("""
                withCredentials([string(credentialsId: 'token', variable: 'V')]) { echo 'bound' }
                """), "alice"));
        j.assertLogContains(Secrets.locked(build, "token", "production"), build);
        j.assertLogNotContains("\tat ", build);
    }

    @Test
    void theOptionsOfADeclarativeStageUnlockItsEnvironment() throws Exception {
        WorkflowRun build = blocked(j, job("""
            pipeline {
                agent none
                stages {
                    stage('Deploy') {
                        agent any
                        options { deployment('production') }
                        environment { TOKEN = credentials('token') }
                        steps { echo "bound ${TOKEN.hashCode()}" }
                    }
                }
            }
            """), "alice");
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("bound " + Secrets.TOKEN.hashCode(), build);
    }

    @Test
    void declarativePipelinesBindThemInTheEnvironmentOfAStage() throws Exception {
        WorkflowRun build = blocked(j, job("""
            pipeline {
                agent none
                stages {
                    stage('Approve') { steps { deploymentGate 'production' } }
                    stage('Deploy') {
                        environment { TOKEN = credentials('token'); LOGIN = credentials('login') }
                        steps { echo "bound ${TOKEN.hashCode()} and ${LOGIN_PSW.hashCode()}" }
                    }
                }
            }
            """), "alice");
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("bound " + Secrets.TOKEN.hashCode() + " and " + Secrets.PASSWORD.hashCode(), build);
        assertEquals(
                3,
                Secrets.used(build).size(),
                "one of the token and two of the login, none for the look-up of the type");

        WorkflowRun early = ended(j, Result.FAILURE, start(job("""
            pipeline {
                agent none
                environment { TOKEN = credentials('token') }
                stages { stage('Approve') { steps { deploymentGate 'production' } } }
            }
            """), "alice"));
        j.assertLogContains(Secrets.locked(early, "token", "production"), early);
        j.assertLogNotContains("CredentialsProvider.findCredentialById", early);
    }

    @Test
    void aCopyIsLockedAgainWhenTheDeploymentEnds() throws Exception {
        WorkflowRun build = holding(holder());
        StringCredentials copy = CredentialsProvider.findCredentialById("token", StringCredentials.class, build);
        StringCredentials unread = CredentialsProvider.findCredentialById("token", StringCredentials.class, build);
        assertEquals(Secrets.TOKEN, copy.getSecret().getPlainText());
        assertEquals(Secrets.TOKEN, copy.getSecret().getPlainText());
        assertEquals(1, Secrets.used(build).size());
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        for (StringCredentials each : List.of(copy, unread)) {
            CredentialsUnavailableException why = assertThrows(CredentialsUnavailableException.class, each::getSecret);
            assertThat(why.getMessage(), containsString(Secrets.locked(build, "token", "production")));
        }
        assertThrows(
                CredentialsUnavailableException.class,
                () -> CredentialsProvider.findCredentialById("token", StringCredentials.class, build));
        assertEquals(1, Secrets.used(build).size());
    }

    @Test
    void credentialsOfAFolderAreForItsJobsAndPoliciesOfItsOwn() throws Exception {
        String script = """
            deploymentGate 'production'
            withCredentials([string(credentialsId: 'team-token', variable: 'V')]) { echo "bound ${V.hashCode()}" }
            """;
        WorkflowRun inside = blocked(j, pipelineIn(folder(team, "web"), "inside", script), "alice");
        approve(inside, "bob");
        ended(j, Result.SUCCESS, inside);
        j.assertLogContains("bound " + Secrets.TOKEN.hashCode(), inside);
        assertEquals(
                List.of("production {credentials=team-token, store=team, requesters=alice, approvers=bob}"),
                Secrets.used(inside));

        WorkflowRun outside = blocked(j, pipelineIn(folder(null, "other"), "outside", script), "alice");
        approve(outside, "bob");
        ended(j, Result.FAILURE, outside);
        j.assertLogContains("Could not find credentials entry with ID 'team-token'", outside);

        WorkflowRun holder = holding(holder());
        StandardCredentials team = CredentialsProvider.findCredentialByIdInItemGroup(
                "team-token", StandardCredentials.class, CredentialsWindowTest.team, ACL.SYSTEM2, List.of());
        CredentialsUnavailableException why =
                assertThrows(CredentialsUnavailableException.class, () -> team.forRun(holder));
        assertThat(why.getMessage(), containsString("they belong to team, and " + holder.getFullDisplayName()));
        holder.doKill();
    }

    @Test
    void anEnvironmentThatOnlyAFolderProtectsUnlocksNothingAbove() throws Exception {
        Folder own = folder(null, "own");
        protectIn(own, World.environment("preview", 0));
        Secrets.store(j.jenkins, "preview", Secrets.token("preview-token"));
        Secrets.store(own, "preview", Secrets.token("own-token"));
        WorkflowRun build = ended(j, Result.FAILURE, start(pipelineIn(own, "deploy", """
                            deploymentGate 'preview'
                            withCredentials([string(credentialsId: 'own-token', variable: 'V')]) { echo "bound ${V.hashCode()}" }
                            withCredentials([string(credentialsId: 'preview-token', variable: 'V')]) { echo 'bound too' }
                            """), "alice"));
        j.assertLogContains("bound " + Secrets.TOKEN.hashCode(), build);
        j.assertLogNotContains("bound too", build);
        j.assertLogContains(
                "The credentials preview-token are locked: they belong to the environment preview, but nothing protects it"
                        + " for Jenkins, where they are stored.",
                build);
    }

    @Test
    void aPatternUnlocksWhatItMatches() throws Exception {
        protect("review/*", 0);
        Secrets.store(j.jenkins, "review/*", Secrets.token("review-token"));
        WorkflowRun build = ended(j, Result.SUCCESS, start(job("""
            deploymentGate 'review/feature-1'
            withCredentials([string(credentialsId: 'review-token', variable: 'V')]) { echo "bound ${V.hashCode()}" }
            """), "alice"));
        j.assertLogContains("bound " + Secrets.TOKEN.hashCode(), build);
        assertEquals(List.of("review/feature-1 {credentials=review-token, requesters=alice}"), Secrets.used(build));
    }
}
