package io.jenkins.plugins.deploymentgate.search;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.people;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.cli.CLICommandInvoker;
import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockFolder;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Lists are answered without loading a build: pages, REST and the command line. */
@WithJenkins
class NoBuildIsLoadedTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static JenkinsRule j;
    private static WorkflowJob over;
    private static WorkflowRun waiting;
    private static JsonNode first;

    /** A job with two builds that have ended, one of them released, and another job with a blocked one. */
    @BeforeAll
    static void world(JenkinsRule rule) throws Exception {
        j = rule;
        people(j);
        protect("production", 1, "bob");
        MockFolder team = j.createFolder("team");
        over = job(team, "over");
        WorkflowRun released = blocked(j, over, "alice");
        approve(released, "bob");
        ended(j, Result.SUCCESS, released);
        WorkflowRun stopped = blocked(j, over, "alice");
        stopped.doStop();
        ended(j, Result.ABORTED, stopped);
        waiting = blocked(j, job(team, "waiting"), "alice");
        first = rest("projects/team%2Fover/deployments/" + latest(released).id());
    }

    private static WorkflowJob job(MockFolder folder, String name) throws Exception {
        WorkflowJob job = folder.createProject(WorkflowJob.class, name);
        job.setDefinition(new CpsFlowDefinition("deploymentGate 'production'", true));
        return job;
    }

    @BeforeEach
    void forgetTheBuilds() {
        over.getLazyBuildMixIn()._getRuns().purgeCache();
        assertEquals(Map.of(), loaded());
    }

    private static Map<Integer, WorkflowRun> loaded() {
        return over.getLazyBuildMixIn()._getRuns().getLoadedBuilds();
    }

    private static JsonNode rest(String path) throws Exception {
        try (JenkinsRule.WebClient client = j.createWebClient().withBasicApiToken("bob")) {
            return JSON.readTree(client.goTo("deployment-gate/api/v4/" + path, "application/json")
                    .getWebResponse()
                    .getContentAsString());
        }
    }

    @Test
    void theListsOfRestAreTheSameAsWhatIsShownOfEachDeployment() throws Exception {
        JsonNode all = rest("projects/team%2Fover/deployments");
        assertEquals(Map.of(), loaded());
        assertEquals(2, all.size());
        assertEquals(first, all.get(0));
        assertEquals("bob", all.at("/0/approvals/0/user/username").asText());
        assertEquals("success", all.at("/0/deployable/status").asText());
        assertEquals("canceled", all.at("/1/deployable/status").asText());
        assertEquals(1, rest("projects/team%2Fover/environments").size());
        assertEquals(Map.of(), loaded());
        assertEquals(
                first,
                rest("projects/team%2Fover/environments/"
                                + first.at("/environment/id").asText())
                        .get("last_deployment"));
        assertEquals(Map.of(), loaded());
        assertEquals(
                all.get(1),
                rest("projects/team%2Fover/deployments/" + all.at("/1/id").asText()));
        assertFalse(loaded().isEmpty(), "one deployment is shown with its build");
    }

    @Test
    void pagesLoadNone() throws Exception {
        try (JenkinsRule.WebClient browser = j.createWebClient().login("bob")) {
            for (String page : List.of("history", "environments", "blocked")) {
                assertThat(browser.goTo("deployments/" + page).asNormalizedText(), containsString("production"));
            }
            assertThat(browser.goTo("job/team/deployments/history").asNormalizedText(), containsString("over"));
        }
        DeploymentFilter everywhere = DeploymentFilter.in(DeploymentScope.EVERYWHERE);
        assertEquals(1, DeploymentSearch.get().count(everywhere.with(Status.SUCCESS)));
        assertEquals(Map.of(), loaded());
    }

    @Test
    void theCommandLineLoadsNone() throws Exception {
        JsonNode all = JSON.readTree(list("--json"));
        assertEquals(3, all.size());
        assertEquals(first.get("id"), all.at("/2/id"));
        assertEquals(first.get("approvals").size(), all.at("/2/approvals").size());
        assertThat(list("--status", "success"), containsString("team/over #1"));
        assertEquals(Map.of(), loaded());
    }

    private static String list(String... arguments) {
        CLICommandInvoker.Result result =
                new CLICommandInvoker(j, "deployment-gate-list").asUser("bob").invokeWithArgs(arguments);
        assertEquals(0, result.returnCode(), result.stderr());
        return result.stdout();
    }

    @Test
    void ofABlockedOneTheListSaysWhatItsPolicyDemandsNow() throws Exception {
        assertEquals(1, pendingApprovals());
        protect("production", 3, "bob", "carol", "dave");
        assertEquals(3, pendingApprovals());
        approve(waiting, "carol");
        assertEquals(2, pendingApprovals());
        JsonNode one = rest("projects/team%2Fwaiting/deployments").get(0);
        assertEquals("carol", one.at("/approvals/0/user/username").asText());
        assertEquals("running", one.at("/deployable/status").asText());
        protect("production", 1, "bob");
    }

    private static int pendingApprovals() throws Exception {
        return rest("projects/team%2Fwaiting/deployments")
                .at("/0/pending_approval_count")
                .asInt();
    }
}
