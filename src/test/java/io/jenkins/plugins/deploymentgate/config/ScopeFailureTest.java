package io.jenkins.plugins.deploymentgate.config;

import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.environment;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipelineIn;
import static io.jenkins.plugins.deploymentgate.World.protectIn;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.ExtensionList;
import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;

/** Files of scopes that cannot be read or written, and how they are mended. */
class ScopeFailureTest extends ScopePageTestCase {

    @Test
    void aFileThatCannotBeReadClosesTheGatesBelowItOnly() throws Exception {
        protectIn(deploy, environment("production", 1, "carol"));
        WorkflowRun waiting = blocked(j, deploy, null);
        Path file = new File(team.getRootDir(), "protected-environments.xml").toPath();
        String good = Files.readString(file);
        UnreadableConfigurationMonitor monitor = ExtensionList.lookupSingleton(UnreadableConfigurationMonitor.class);
        for (String bad : List.of(
                "",
                good.substring(0, good.length() / 2),
                "<hudson.model.FreeStyleProject/>",
                good.replace("<name>production</name>", ""),
                good.replace("<requiredApprovals>2</requiredApprovals>", "<requiredApprovals>3</requiredApprovals>"),
                good.replace("config.UserApprover", "config.LaterApprover"),
                good.replace("<allowSelfApproval>", "<unheardOf>1</unheardOf><allowSelfApproval>"))) {
            Files.writeString(file, bad);
            j.jenkins.reload();
            findAgain();
            assertFalse(monitor.isActivated(), "nobody has asked");
            VoteResult vote = vote(waiting, latest(waiting).id(), "bob", VoteDecision.APPROVED, "");
            assertEquals(DenialReason.POLICY_UNAVAILABLE, ((VoteResult.Refused) vote).why(), bad);
            assertTrue(monitor.isActivated(), bad);
        }
        WorkflowRun closed = start(pipelineIn(team, "closed", "deploymentGate 'production'"), null);
        ended(j, Result.FAILURE, closed);
        j.assertLogContains("The protected environments of team could not be read", closed);
        protectIn(other, environment("free", 0));
        ended(j, Result.SUCCESS, start(pipelineIn(other, "elsewhere", "deploymentGate 'free'"), null));

        assertThat(as("root").goTo("manage/").asNormalizedText(), containsString("environments of team could not be"));
        assertThat(page("mona", team).asNormalizedText(), containsString("saved configuration could not be read"));
        assertThat(page("mona", deploy).asNormalizedText(), containsString("so all deployment gates are closed"));
        assertEquals(0, kept(file));
        assertEquals(
                200,
                save("mona", team.getUrl(), "{\"environments\": []}")
                        .getWebResponse()
                        .getStatusCode());
        assertFalse(monitor.isActivated(), "saving it anew mends it");
        assertEquals(1, kept(file), "what could not be read is kept");
        assertEquals(
                2, Protection.of(deploy).policyFor("production").orElseThrow().requiredApprovals());
        waiting.doStop();
        ended(j, Result.ABORTED, waiting);
    }

    private static void findAgain() {
        team = (Folder) j.jenkins.getItem("team");
        other = (Folder) j.jenkins.getItem("other");
        deploy = (WorkflowJob) team.getItem("deploy");
        j.jenkins.setAuthorizationStrategy(strategy());
    }

    private static long kept(Path file) throws Exception {
        try (Stream<Path> files = Files.list(file.getParent())) {
            return files.filter(path -> path.getFileName().toString().contains(".xml.unreadable-"))
                    .count();
        }
    }

    @Test
    void aRepairedFileIsReadWithoutARestart() throws Exception {
        Path file = new File(team.getRootDir(), "protected-environments.xml").toPath();
        String good = Files.readString(file);
        UnreadableConfigurationMonitor monitor = ExtensionList.lookupSingleton(UnreadableConfigurationMonitor.class);
        Files.writeString(file, "<damaged");
        j.jenkins.reload();
        findAgain();
        assertTrue(ItemScope.of(team).getLoadFailure().isPresent());
        assertTrue(monitor.isActivated());
        Files.writeString(file, good);
        assertFalse(monitor.isActivated());
        assertEquals(
                3, Protection.of(deploy).policyFor("production").orElseThrow().requiredApprovals());
    }

    @Test
    void aSaveThatFailsIsReportedAndChangesNothing() throws Exception {
        Path file = new File(team.getRootDir(), "protected-environments.xml").toPath();
        Path away = file.resolveSibling("kept.xml");
        Files.move(file, away);
        Files.createDirectories(file.resolve("in-the-way"));
        try {
            HtmlPage answer = (HtmlPage) save("mona", team.getUrl(), "{\"environments\": {\"name\": \"a\"}}");
            assertThat(answer.asNormalizedText(), containsString("could not be saved"));
            assertEquals(List.of("production"), names(ItemScope.of(team)));
        } finally {
            Files.delete(file.resolve("in-the-way"));
            Files.delete(file);
            Files.move(away, file);
        }
    }
}
