package io.jenkins.plugins.deploymentgate.unlock;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import com.cloudbees.plugins.credentials.CredentialsUnavailableException;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.model.Slave;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.World;
import java.io.IOException;
import java.util.stream.Stream;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Jenkins restarts while builds use, or wait for, what an approval unlocks. */
class UnlockRestartTest {

    @RegisterExtension
    final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @RegisterExtension
    final InboundAgentExtension agents = new InboundAgentExtension();

    private static WorkflowRun build(JenkinsRule j, String job) {
        return j.jenkins.getItemByFullName(job, WorkflowJob.class).getBuildByNumber(1);
    }

    private static void awaitQueue(String why) {
        await().until(() -> {
            try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
                return Stream.of(Queue.getInstance().getItems())
                        .anyMatch(item -> String.valueOf(item.getWhy()).contains(why));
            }
        });
    }

    private static void assertLocked(JenkinsRule j, WorkflowRun build, String when) throws IOException {
        for (String id : Secrets.IDS) {
            j.assertLogContains(when + " " + id + " refused: The credentials " + id + " are locked", build);
        }
    }

    @Test
    void whatIsUnlockedStaysUnlockedAndWhatIsLockedStaysLocked() throws Throwable {
        sessions.then(j -> {
            World.people(j);
            protect("production", 1, "bob");
            protect("hold", 1, "bob");
            Secrets.store(j.jenkins, "production", Secrets.ofEachType(""));
            Slave agent = agents.createAgent(j, "prod-1");
            agent.getNodeProperties().add(new EnvironmentAgentProperty("production"));
            j.jenkins.updateNode(agent);
            WorkflowRun body = blocked(j, pipeline("body", Secrets.TRIES + """
                deploymentGate 'production'
                withCredentials([
                        string(credentialsId: 'token', variable: 'A'),
                        usernamePassword(credentialsId: 'login', usernameVariable: 'U', passwordVariable: 'B')]) {
                    deploymentGate 'hold'
                    echo "still bound ${A.hashCode()} ${B.hashCode()}"
                }
                tries('restarted')
                """), "alice");
            approve(body, "bob");
            j.waitForMessage("to hold is blocked", body);
            WorkflowRun block = blocked(j, pipeline("block", Secrets.TRIES + """
                deployment('production') {
                    withCredentials([string(credentialsId: 'token', variable: 'A')]) {
                        deploymentGate 'hold'
                        echo "block still bound ${A.hashCode()}"
                    }
                    tries('body')
                }
                tries('after')
                """), "alice");
            approve(block, "bob");
            j.waitForMessage("to hold is blocked", block);
            WorkflowRun waiting = blocked(j, pipeline("waiting", """
                parallel gate: { deploymentGate 'production' }, agent: { node('prod-1') { echo 'got it' } }
                """), "alice");
            awaitQueue(waiting.getFullDisplayName() + " has none");
            blocked(j, pipeline("locked", Secrets.TRIES + "deploymentGate 'hold'; tries('locked')"), "alice");
        });
        agents.stop("prod-1");
        Secrets.assertNowhere(sessions.getHome());
        sessions.then(j -> {
            World.people(j);
            agents.start(j, "prod-1");
            WorkflowRun body = build(j, "body");
            StringCredentials copy = CredentialsProvider.findCredentialById("token", StringCredentials.class, body);
            assertEquals(Secrets.TOKEN, copy.getSecret().getPlainText());
            approve(body, "bob");
            ended(j, Result.SUCCESS, body);
            j.assertLogContains("still bound " + Secrets.TOKEN.hashCode() + " " + Secrets.PASSWORD.hashCode(), body);
            for (String line : Secrets.bound("restarted", "")) {
                j.assertLogContains(line, body);
            }
            assertThrows(CredentialsUnavailableException.class, copy::getSecret);

            WorkflowRun block = build(j, "block");
            approve(block, "bob");
            ended(j, Result.SUCCESS, block);
            j.assertLogContains("block still bound " + Secrets.TOKEN.hashCode(), block);
            for (String line : Secrets.bound("body", "")) {
                j.assertLogContains(line, block);
            }
            assertLocked(j, block, "after");

            WorkflowRun waiting = build(j, "waiting");
            awaitQueue(waiting.getFullDisplayName() + " has none");
            j.assertLogNotContains("got it", waiting);
            approve(waiting, "bob");
            ended(j, Result.SUCCESS, waiting);
            j.assertLogContains("got it", waiting);

            WorkflowRun locked = build(j, "locked");
            approve(locked, "bob");
            ended(j, Result.SUCCESS, locked);
            assertLocked(j, locked, "locked");
        });
        Secrets.assertNowhere(sessions.getHome());
    }
}
