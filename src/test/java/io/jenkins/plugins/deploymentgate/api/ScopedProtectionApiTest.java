package io.jenkins.plugins.deploymentgate.api;

import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.folder;
import static io.jenkins.plugins.deploymentgate.World.pipelineIn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.fasterxml.jackson.databind.JsonNode;
import hudson.model.Result;
import hudson.model.User;
import io.jenkins.plugins.deploymentgate.api.Caller.Answer;
import io.jenkins.plugins.deploymentgate.api.json.ItemNumbers;
import io.jenkins.plugins.deploymentgate.config.ItemScope;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protected environments of projects and of groups over the API. */
class ScopedProtectionApiTest extends ApiTestCase {

    private Folder team;
    private WorkflowJob deploy;

    @BeforeEach
    void makeAProjectInAGroup() throws Exception {
        User.getById("alice", true);
        team = folder(null, "team " + System.nanoTime());
        deploy = pipelineIn(team, "deploy", "deploymentGate 'production'");
    }

    private String group() {
        return "/groups/" + Caller.piece(team.getFullName()) + "/protected_environments";
    }

    private String project() {
        return "/projects/" + ItemNumbers.of(deploy) + "/protected_environments";
    }

    private static JsonNode created(String path, String body) throws Exception {
        Answer answer = as("root").post(path, body);
        assertEquals(201, answer.status(), answer.text());
        return answer.json();
    }

    @Test
    void theWalkThroughProtectsAProjectAndBlocksItsBuild() throws Exception {
        String body = """
            {"name": "production", "required_approval_count": 1, "deploy_access_levels": [{"access_level": 40}]}\
            """;
        JsonNode made = created(project(), body);
        assertEquals(made, as("root").get(project() + "/production").json());
        assertEquals(made, as("root").get(project()).json().path(0));
        assertEquals(1, ItemScope.of(deploy).getEnvironments().size());
        assertEquals("[]", as("root").get(group()).text(), "the group has none of its own");
        WorkflowRun build = blocked(j, deploy, "alice");
        JsonNode waiting = as("root")
                .get("/projects/" + Caller.piece(deploy.getFullName())
                        + "/deployments?environment=production&sort=desc")
                .json()
                .path(0);
        assertEquals("blocked", waiting.path("status").asText());
        Answer vote = as("root")
                .form(
                        "/projects/" + ItemNumbers.of(deploy) + "/deployments/" + waiting.path("id") + "/approval",
                        "status=approved");
        assertEquals(201, vote.status(), vote.text());
        ended(j, Result.SUCCESS, build);
        assertEquals(204, as("root").delete(project() + "/production").status());
        assertEquals(List.of(), ItemScope.of(deploy).getEnvironments());
    }

    @Test
    void aGroupProtectsWhatIsBelowIt() throws Exception {
        created(group(), "{\"name\": \"review/a\", \"required_approval_count\": 2}");
        Answer changed = as("root").put(group() + "/review%2Fa", "{\"required_approval_count\": 1}");
        assertEquals(200, changed.status(), changed.text());
        ProtectedEnvironment there = ItemScope.of(team).getEnvironments().get(0);
        assertEquals("review/a", there.getName());
        assertEquals(1, there.getRequiredApprovals());
        assertEquals(409, as("root").post(group(), "{\"name\": \"review/a\"}").status());
        assertEquals(
                422,
                as("root")
                        .post(group(), "{\"name\": \"a b*c?\", \"required_approval_count\": -1}")
                        .status());
        assertEquals(
                404,
                as("root")
                        .get("/groups/" + ItemNumbers.of(deploy) + "/protected_environments")
                        .status());
        assertEquals(1, ItemScope.of(team).getEnvironments().size());
    }

    @Test
    void noChangeOfManyAtOnceIsLost() throws Exception {
        List<CompletableFuture<Integer>> answers = IntStream.range(0, 16)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                    try {
                        return as("root")
                                .post(group(), "{\"name\": \"env-" + i + "\"}")
                                .status();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                }))
                .toList();
        answers.forEach(answer -> assertEquals(201, answer.join()));
        assertEquals(16, ItemScope.of(team).getEnvironments().size());
    }
}
