package io.jenkins.plugins.deploymentgate.records;

import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.audit.Ledger;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.core.record.OwnerLock;
import io.jenkins.plugins.deploymentgate.search.DeploymentSearch;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Only one controller at a time writes to a home directory. */
class ControllerLockTest {

    private static final DeploymentQuery ALL =
            DeploymentQuery.latest(DeploymentFilter.in(DeploymentScope.EVERYWHERE), 10);
    private static final String OTHER = "Another Jenkins (the active one) uses the same home directory.";

    @RegisterExtension
    final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    private long id;

    private OwnerLock active() {
        return new OwnerLock(sessions.getHome().toPath().resolve("deployment-gate/controller.lock"), "the active one");
    }

    @Test
    void aSecondControllerRefusesVotesAndGatesUntilTheFirstHasEnded() throws Throwable {
        sessions.then(j -> {
            World.people(j);
            protect("production", 1, "bob");
            id = latest(blocked(j, pipeline("waiting", "deploymentGate 'production'"), "alice"))
                    .id();
            assertFalse(ControllerLock.get().isActivated());
        });
        OwnerLock active = active();
        assertTrue(active.own(), "a controller that stops releases the home directory");
        Path ledger = ledger();
        Path lists = sessions.getHome().toPath().resolve("deployment-gate/index.mv.db");
        Files.delete(lists);
        String written = Files.readString(ledger);
        sessions.then(j -> {
            World.people(j);
            assertTrue(ControllerLock.get().isActivated());
            assertThat(monitor(j), containsString(OTHER));
            WorkflowRun waiting =
                    j.jenkins.getItemByFullName("waiting", WorkflowJob.class).getBuildByNumber(1);
            UnavailableException refused = assertThrows(
                    UnavailableException.class, () -> vote(waiting, id, "bob", VoteDecision.APPROVED, "in vain"));
            assertThat(refused.getMessage(), containsString(OTHER));
            WorkflowRun gate = start(pipeline("gate", "deploymentGate 'production'"), "alice");
            ended(j, Result.FAILURE, gate);
            j.assertLogContains(OTHER, gate);
            j.assertLogNotContains("\tat ", gate);
            assertShownAsUnavailable(j, waiting);
            assertFalse(DeploymentSearch.get().list(ALL).complete());
            assertFalse(Files.exists(lists), "the first one may have the database open");
            protect("production", 2, "bob", "carol");
            Ledger.catchUp();
            assertTrue(waiting.isBuilding());
            assertEquals(written, Files.readString(ledger));

            active.release();
            Ledger.catchUp();
            assertFalse(ControllerLock.get().isActivated());
            assertEquals(List.of(), latest(waiting).approvals());
            vote(waiting, id, "bob", VoteDecision.APPROVED, "now");
            vote(waiting, id, "carol", VoteDecision.APPROVED, "now");
            ended(j, Result.SUCCESS, waiting);
            Ledger.assertSound();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> DeploymentSearch.get().list(ALL).complete());
        });
    }

    @Test
    void aControllerThatLostTheHomeDirectoryStaysOutUntilItIsRestarted() throws Throwable {
        sessions.then(j -> {
            World.people(j);
            protect("production", 1, "bob");
            WorkflowRun waiting = blocked(j, pipeline("waiting", "deploymentGate 'production'"), "alice");
            ControllerLock.get().lock().release();
            OwnerLock active = active();
            assertTrue(active.own());
            id = latest(waiting).id();
            assertThrows(UnavailableException.class, () -> vote(waiting, id, "bob", VoteDecision.APPROVED, ""));
            active.release();
            UnavailableException refused =
                    assertThrows(UnavailableException.class, () -> vote(waiting, id, "bob", VoteDecision.APPROVED, ""));
            assertThat(refused.getMessage(), containsString("Restart this one"));
        });
        sessions.then(j -> {
            World.people(j);
            WorkflowRun waiting =
                    j.jenkins.getItemByFullName("waiting", WorkflowJob.class).getBuildByNumber(1);
            vote(waiting, latest(waiting).id(), "bob", VoteDecision.APPROVED, "");
            ended(j, Result.SUCCESS, waiting);
        });
    }

    private void assertShownAsUnavailable(JenkinsRule j, WorkflowRun build) throws Exception {
        try (JenkinsRule.WebClient browser = World.browser(j, "bob")) {
            assertThat(browser.goTo(build.getUrl()).asNormalizedText(), containsString(OTHER));
            browser.setThrowExceptionOnFailingStatusCode(false);
            WebRequest vote = new WebRequest(
                    new URL(j.getURL(), build.getUrl() + "deployment-gate/" + id + "/vote?status=approved"),
                    HttpMethod.POST);
            for (String list : List.of("deployments", "environments", "deployments/" + id)) {
                WebResponse api = browser.goTo("deployment-gate/api/v4/projects/waiting/" + list, null)
                        .getWebResponse();
                assertEquals(503, api.getStatusCode(), list);
                assertThat(api.getContentAsString(), containsString(OTHER));
            }
            HtmlPage answer = browser.getPage(browser.addCrumb(vote));
            assertEquals(503, answer.getWebResponse().getStatusCode());
            assertEquals("10", answer.getWebResponse().getResponseHeaderValue("Retry-After"));
            assertThat(answer.asNormalizedText(), containsString(OTHER));
        }
    }

    private Path ledger() throws Exception {
        try (var files = Files.list(sessions.getHome().toPath().resolve("deployment-gate/audit"))) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String monitor(JenkinsRule j) throws Exception {
        return World.browser(j, "root").goTo("manage/").asNormalizedText();
    }
}
