package io.jenkins.plugins.deploymentgate.ui;

import static hudson.cli.CLICommandInvoker.Matcher.succeeded;
import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.environment;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.cli.CLICommandInvoker;
import hudson.model.Item;
import hudson.model.User;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import jenkins.model.Jenkins;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** What people see of an approved deployment that waits, of one that was superseded, and of a rollback. */
class TurnPageTest extends PageTestCase {

    private WorkflowRun first;
    private WorkflowRun second;

    @BeforeEach
    void oneHasTheEnvironmentAndOneWaits() throws Exception {
        ProtectedEnvironment line = environment("line", 1, "bob");
        line.setExclusive(true);
        protect(line);
        first = reached(start(job("deploymentGate 'line'; sleep 600"), "alice"));
        approve(first, "bob");
        await().until(() -> latest(first).status() == Status.RUNNING);
        second = reached(start(job("deploymentGate 'line'"), "alice"));
        // Eve may read the job of the second build alone.
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ)
                .everywhere()
                .toEveryone()
                .grant(Item.READ)
                .everywhere()
                .to("alice", "bob", "carol")
                .grant(Item.READ)
                .onItems(second.getParent())
                .to("eve")
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("root"));
    }

    @AfterEach
    void end() throws Exception {
        for (WorkflowRun build : new WorkflowRun[] {second, first}) {
            build.doStop();
            j.waitForCompletion(build);
        }
    }

    private static WorkflowRun reached(WorkflowRun build) {
        await().until(() -> !DeploymentViews.get().ids(build).isEmpty());
        return build;
    }

    private static JsonNode json(String user, WorkflowRun build) throws Exception {
        CLICommandInvoker.Result result = new CLICommandInvoker(j, "deployment-gate-show")
                .asUser(User.getById(user, true).getId())
                .invokeWithArgs(String.valueOf(latest(build).id()), "--json");
        assertThat(result, succeeded());
        return new ObjectMapper().readTree(result.stdout());
    }

    @Test
    void whoeverWaitsForItsTurnIsApprovedAndSaysForWhom() throws Exception {
        assertTrue(page("carol", second).asNormalizedText().contains("Blocked, waiting for approval"));
        assertTrue(page("bob", second).asNormalizedText().contains("The build continues when it is its turn"));
        approve(second, "bob");
        String holder = first.getParent().getFullName() + " #1";
        HtmlPage page = page("carol", second);
        assertTrue(page.asNormalizedText().contains("Approved, waiting for its turn"));
        assertTrue(page.getAnchorByText(holder)
                .getHrefAttribute()
                .endsWith(first.getUrl() + "deployment-gate/#deployment-"
                        + latest(first).id()));
        assertFalse(page.asNormalizedText().contains("waiting for approval"));
        JsonNode shown = json("carol", second);
        assertEquals("blocked", shown.path("status").asText());
        assertEquals(0, shown.path("pending_approval_count").asInt());
        assertTrue(shown.at("/waiting_for/turn").asBoolean()
                && shown.at("/waiting_for/until").isNull());
        assertEquals(latest(first).id(), shown.at("/waiting_for/deployment/id").asLong());
        String line = new CLICommandInvoker(j, "deployment-gate-show")
                .asUser("carol")
                .invokeWithArgs(String.valueOf(latest(second).id()))
                .stdout();
        assertTrue(line.contains("approved\twaits for its turn after " + holder), line);
    }

    @Test
    void whoMayNotReadTheOtherJobIsNotToldItsName() throws Exception {
        approve(second, "bob");
        HtmlPage page = page("eve", second);
        assertTrue(page.asNormalizedText().contains("another deployment, which you cannot see"));
        assertFalse(page.getWebResponse()
                .getContentAsString()
                .contains(first.getParent().getFullName()));
        assertTrue(json("eve", second).at("/waiting_for/deployment").isNull());
        assertTrue(json("eve", second).at("/waiting_for/turn").asBoolean());
    }

    @Test
    void listsAndTheBadgeDoNotAskForVotesOnIt() throws Exception {
        BuildDeploymentsPage badge = second.getAction(BuildDeploymentsPage.class);
        assertTrue(badge.isBlocked());
        approve(second, "bob");
        assertFalse(badge.isBlocked(), "no approvals are missing");
        WorkflowJob job = second.getParent();
        String history =
                as("carol").getPage(job, "deployments/history").getWebResponse().getContentAsString();
        assertTrue(history.contains("Approved, waiting"), history);
    }

    @Test
    void aSupersededBuildSaysForWhichAndARollbackFromWhich() throws Exception {
        ProtectedEnvironment environment = environment("newest", 1, "bob");
        environment.setSupersede(ProtectedEnvironment.Supersede.onArrival);
        protect(environment);
        WorkflowJob job = job("deploymentGate environment: 'newest', allowOlder: currentBuild.number == 1");
        WorkflowRun rollback = reached(start(job, "alice"));
        WorkflowRun old = reached(start(job, "alice"));
        WorkflowRun newest = reached(start(job, "alice"));
        j.waitForCompletion(old);
        HtmlPage page = page("carol", old);
        assertTrue(page.asNormalizedText().contains("Canceled: superseded by a newer build"));
        assertEquals(
                job.getFullName() + " #3",
                page.getAnchorByText(job.getFullName() + " #3").asNormalizedText());
        assertEquals(3, json("carol", old).at("/reason_deployment/build").asInt());
        assertTrue(json("carol", rollback).path("rollback_from").isNull());
        assertTrue(json("carol", rollback).path("allow_older").asBoolean());
        approve(newest, "bob");
        j.waitForCompletion(newest);
        await().until(() -> latest(rollback).request().newer().isPresent());
        assertEquals(3, json("carol", rollback).at("/rollback_from/build").asInt());
        assertTrue(page("carol", rollback)
                .asNormalizedText()
                .contains("This build is older than one that was deployed with success"));
        approve(rollback, "bob");
        j.waitForCompletion(rollback);
        assertNull(latest(rollback).endReason());
    }
}
