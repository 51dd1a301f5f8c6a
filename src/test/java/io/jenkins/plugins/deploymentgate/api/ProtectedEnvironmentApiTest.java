package io.jenkins.plugins.deploymentgate.api;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hudson.model.User;
import io.jenkins.plugins.deploymentgate.api.Caller.Answer;
import io.jenkins.plugins.deploymentgate.api.json.Levels;
import io.jenkins.plugins.deploymentgate.api.json.UserJson;
import io.jenkins.plugins.deploymentgate.audit.Ledger;
import io.jenkins.plugins.deploymentgate.config.DatedFreeze;
import io.jenkins.plugins.deploymentgate.config.DeploySourceConfig;
import io.jenkins.plugins.deploymentgate.config.DeploymentGateConfiguration;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEntry;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Protected environments over the API. */
class ProtectedEnvironmentApiTest extends ApiTestCase {

    private static final String ALL = "/protected_environments";

    @BeforeEach
    void beginWithoutAny() {
        DeploymentGateConfiguration.get().setEnvironments(List.of());
    }

    private static ProtectedEnvironment configured(String name) {
        return DeploymentGateConfiguration.get().getEnvironments().stream()
                .filter(one -> one.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode created(String body) throws Exception {
        Answer answer = as("root").post(ALL, body);
        assertEquals(201, answer.status(), answer.text());
        return answer.json();
    }

    private static JsonNode changed(String body) throws Exception {
        Answer answer = as("root").put(ALL + "/production", body);
        assertEquals(200, answer.status(), answer.text());
        assertEquals(answer.json(), as("root").get(ALL + "/production").json(), "what is answered is what is there");
        return answer.json();
    }

    @Test
    void theWalkThroughMakesShowsAndRemovesOne() throws Exception {
        JsonNode made = created("""
            {"name": "production", "required_approval_count": 1, "deploy_access_levels": [{"access_level": 40}]}\
            """);
        assertEquals("production", made.path("name").asText());
        assertEquals(1, made.path("required_approval_count").asInt());
        assertEquals(1, made.path("deploy_access_levels").size());
        ObjectNode level = (ObjectNode) made.at("/deploy_access_levels/0");
        assertTrue(level.path("id").isIntegralNumber());
        assertEquals(40, level.path("access_level").asInt());
        assertEquals("Maintainers", level.path("access_level_description").asText());
        assertTrue(level.path("user_id").isNull() && level.path("group_id").isNull());
        assertEquals(made, as("root").get(ALL + "/production").json());
        assertEquals(made, as("root").get(ALL).json().path(0));
        Answer removed = as("root").delete(ALL + "/production");
        assertEquals(204, removed.status());
        assertEquals("", removed.text());
        assertEquals(404, as("root").get(ALL + "/production").status());
        assertEquals("[]", as("root").get(ALL).text());
        assertEquals(404, as("root").delete(ALL + "/production").status());
        assertEquals(404, as("root").put(ALL + "/production", "{}").status());
    }

    @Test
    void theLedgerKnowsThatAChangeCameOverTheApiAndFromWhere() throws Exception {
        created("{\"name\": \"production\", \"required_approval_count\": 1}");
        List<LedgerEntry> entries = Ledger.entries();
        LedgerEntry last = entries.get(entries.size() - 1);
        assertEquals(LedgerEvent.Kind.ENVIRONMENT_PROTECTED, last.event().kind());
        assertEquals("root", last.event().user());
        assertEquals(
                new LedgerEvent.Origin(LedgerEvent.Means.REST, "127.0.0.1"),
                last.event().origin());
    }

    @Test
    void everythingThatIsSentIsKept() throws Exception {
        User.getById("bob", true);
        JsonNode made = created("""
            {"name": "review/*", "required_approval_count": 0, "allow_self_approval": true,
             "prevent_author_approval": true, "require_comment": ["rejected"], "deadline_minutes": 90,
             "wait_minutes": 5, "allow_automated": false, "allow_unknown_requesters": true,
             "exclusive": true, "supersede": "on_arrival", "refuse_outdated": true, "instructions": "Look.",
             "approvers": [{"user": "Carol"}],
             "deploy_from": [{"branch": "release/*"}, {"tag": "v*"}, {"job": "shop/web"}, {"pull_request": true}],
             "deploy_access_levels": [{"group": "developers"}, {"user_id": %d}],
             "approval_rules": [{"access_level": 60, "required_approvals": 2}, {"group": "security"},
               {"name": "Either", "approvers": [{"user": "dave"}, {"access_level": 30}]}]}\
            """.formatted(UserJson.number("bob")));
        Answer shown = as("root").get(ALL + "/review%2F*");
        assertEquals(made, shown.json());
        assertEquals("[\"rejected\"]", made.path("require_comment").toString());
        assertEquals("Carol", made.at("/approvers/0/user").asText());
        assertEquals("bob", made.at("/deploy_access_levels/1/user").asText());
        assertEquals(
                Levels.group("developers"),
                made.at("/deploy_access_levels/0/group_id").asLong());
        assertEquals("Admins", made.at("/approval_rules/0/name").asText());
        assertEquals(2, made.at("/approval_rules/0/required_approvals").asInt());
        assertEquals("security", made.at("/approval_rules/1/name").asText());
        assertEquals(1, made.at("/approval_rules/1/required_approvals").asInt());
        assertTrue(made.at("/approval_rules/2/user_id").isNull());
        assertEquals(30, made.at("/approval_rules/2/approvers/1/access_level").asInt());
        ProtectedEnvironment kept = configured("review/*");
        assertTrue(kept.isAllowSelfApproval() && kept.isPreventAuthorApproval() && kept.isCommentToReject());
        assertEquals(90, kept.getDeadlineMinutes());
        assertEquals(5, kept.getWaitMinutes());
        assertEquals("Look.", kept.getInstructions());
        assertTrue(kept.isExclusive() && kept.isRefuseOutdated());
        assertEquals(ProtectedEnvironment.Supersede.onArrival, kept.getSupersede());
        assertEquals("on_arrival", made.path("supersede").asText());
        assertEquals(
                400,
                as("root")
                        .post(ALL, "{\"name\": \"x\", \"supersede\": \"often\"}")
                        .status());
    }

    @Test
    void theListOfSourcesIsReplacedAsAWholeOrRefused() throws Exception {
        JsonNode made = created("""
            {"name": "production", "required_approval_count": 1, "deploy_from": [{"branch": "release/*"}, {"tag": "v*"},
             {"job": "shop/web"}, {"pull_request": true}]}\
            """);
        List<DeploySourceConfig> kept = configured("production").getDeployFrom();
        assertEquals("release/*", kept.get(0).getBranch());
        assertEquals("v*", kept.get(1).getTag());
        assertEquals("shop/web", kept.get(2).getJob());
        assertTrue(kept.get(3).isPullRequest());
        assertEquals(
                "{\"branch\":null,\"tag\":\"v*\",\"job\":null,\"pull_request\":false}",
                made.at("/deploy_from/1").toString());
        String path = ALL + "/production";
        assertEquals(
                made,
                as("root").put(path, "{\"required_approval_count\": 1}").json(),
                "what is not sent stays as it is");
        Answer replaced = as("root").put(path, "{\"deploy_from\": [{\"branch\": \"main\"}]}");
        assertEquals(1, replaced.json().path("deploy_from").size());
        for (String bad :
                List.of("{}", "{\"branch\": \"a\", \"tag\": \"a\"}", "{\"branch\": \"a\"}, {\"branch\": \"a\"}")) {
            Answer refused = as("root").put(path, "{\"deploy_from\": [" + bad + "]}");
            assertEquals(422, refused.status(), bad);
            assertTrue(refused.text().contains("deployFrom"), refused.text());
        }
        assertEquals(400, as("root").put(path, "{\"deploy_from\": [null]}").status());
        assertEquals(replaced.json(), as("root").get(path).json());
        assertEquals(
                0,
                as("root")
                        .put(path, "{\"deploy_from\": []}")
                        .json()
                        .path("deploy_from")
                        .size());
    }

    @Test
    void aChangeMergesByIdAndLeavesTheRestAlone() throws Exception {
        JsonNode made = created("""
            {"name": "production", "required_approval_count": 1,
             "deploy_access_levels": [{"access_level": 40}, {"user": "bob"}],
             "approval_rules": [{"name": "A", "user": "bob"}, {"name": "B", "user": "carol"}]}\
            """);
        ProtectedEnvironment frozen = configured("production");
        frozen.setFreezeWindows(List.of(new DatedFreeze("2030-01-01T00:00", "2030-01-02T00:00", "UTC")));
        DeploymentGateConfiguration.get().setEnvironments(List.of(frozen));
        long maintainers = made.at("/deploy_access_levels/0/id").asLong();
        long bob = made.at("/deploy_access_levels/1/id").asLong();
        long a = made.at("/approval_rules/0/id").asLong();
        long b = made.at("/approval_rules/1/id").asLong();

        JsonNode levels = changed("""
            {"deploy_access_levels": [{"id": %d, "_destroy": true}, {"group": "ops"}]}\
            """.formatted(maintainers));
        assertEquals(bob, levels.at("/deploy_access_levels/0/id").asLong(), "the other keeps its id");
        assertEquals("ops", levels.at("/deploy_access_levels/1/group").asText());
        assertEquals(1, levels.path("required_approval_count").asInt());

        JsonNode rules = changed("""
            {"approval_rules": [{"id": %d, "required_approvals": 1, "group": "security"}, {"user": "dave"}]}\
            """.formatted(b));
        assertEquals(a, rules.at("/approval_rules/0/id").asLong());
        assertEquals(b, rules.at("/approval_rules/1/id").asLong());
        assertEquals("security", rules.at("/approval_rules/1/group").asText());
        assertEquals("dave", rules.at("/approval_rules/2/name").asText());

        assertEquals(
                3,
                changed("{\"required_approval_count\": 3, \"approvers\": []}")
                        .path("required_approval_count")
                        .asInt());
        assertEquals(rules.path("approval_rules"), changed("{}").path("approval_rules"));
        assertEquals(1, configured("production").getFreezeWindows().size(), "what the API does not know stays");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|{}|name is missing",
                "400|{\"name\": \"\"}|name is missing",
                "400|{\"name\": 5}|name is invalid",
                "400|{\"name\": \"x\", \"required_approval_count\": \"one\"}|required_approval_count is invalid",
                "400|{\"name\": \"x\", \"required_approval_count\": 1.5}|required_approval_count is invalid",
                "400|{\"name\": \"x\", \"allow_self_approval\": \"yes\"}|allow_self_approval is invalid",
                "400|{\"name\": \"x\", \"deploy_access_levels\": {}}|deploy_access_levels is invalid",
                "400|{\"name\": \"x\", \"deploy_access_levels\": [1]}|deploy_access_levels[0] is invalid",
                "400|{\"name\": \"x\", \"deploy_access_levels\": [null]}|deploy_access_levels[0] is invalid",
                "400|{\"name\": \"x\", \"deploy_access_levels\": [{}]}|deploy_access_levels[0] must have exactly one",
                "400|{\"name\": \"x\", \"approval_rules\": [{\"user\": \"a\", \"group\": \"b\"}]}|approval_rules[0]"
                        + " must",
                "400|{\"name\": \"x\", \"deploy_access_levels\": [{\"_destroy\": true}]}|but no id",
                "400|{\"name\": \"x\", \"require_comment\": [\"always\"]}|require_comment is invalid",
                "422|{\"name\": \"x\", \"deploy_access_levels\": [{\"id\": 5, \"user\": \"a\"}]}|has an unknown id",
                "422|{\"name\": \"x\", \"deploy_access_levels\": [{\"user_id\": 5}]}|deploy_access_levels[0].user_id",
                "422|{\"name\": \"x\", \"approval_rules\": [{\"group_id\": 5}]}|approval_rules[0].group_id",
                "422|{\"name\": \"x\", \"deploy_access_levels\": [{\"access_level\": 35}]}|must be 30",
                "422|{\"name\": \"x\", \"approval_rules\": [{\"access_level\": 61}]}|approval_rules[0].access_level",
                "422|{\"name\": \"x?\"}|x?",
                "422|{\"name\": \"x\", \"required_approval_count\": -1}|x",
                "422|{\"name\": \"x\", \"deadline_minutes\": 0}|x",
                "422|{\"name\": \"x\", \"approval_rules\": [{\"name\": \"A\", \"user\": \"a\"},"
                        + " {\"name\": \"A\", \"user\": \"b\"}]}|A",
                "409|{\"name\": \"there\"}|already exists"
            })
    void whatMakesNoSenseChangesNothing(int status, String body, String message) throws Exception {
        created("{\"name\": \"there\"}");
        Answer answer = as("root").post(ALL, body);
        assertEquals(status, answer.status(), answer.text());
        assertThat(answer.message(), containsString(message));
        assertEquals(1, DeploymentGateConfiguration.get().getEnvironments().size());
    }

    @Test
    void onlyAdministratorsMayChangeAndFewMayLook() throws Exception {
        created("{\"name\": \"production\"}");
        for (String user : List.of("alice", "bob", "eve")) {
            assertEquals(403, as(user).get(ALL).status());
            assertEquals(403, as(user).get(ALL + "/production").status());
            assertEquals(403, as(user).get(ALL + "/none").status());
            assertEquals(403, as(user).post(ALL, "{\"name\": \"x\"}").status());
            assertEquals(403, as(user).put(ALL + "/production", "{}").status());
            assertEquals(403, as(user).delete(ALL + "/production").status());
        }
        Caller session = nobody().login("root");
        assertEquals(200, session.get(ALL).status());
        assertEquals(403, session.post(ALL, "{\"name\": \"x\"}").status());
        assertEquals(403, session.put(ALL + "/production", "{}").status());
        assertEquals(403, session.delete(ALL + "/production").status());
        assertEquals(1, DeploymentGateConfiguration.get().getEnvironments().size());
        assertEquals(200, session.crumb().put(ALL + "/production", "{}").status());
        assertEquals(204, session.crumb().delete(ALL + "/production").status());
    }

    @Test
    void manyAtOnceAreAllKept() throws Exception {
        Caller root = as("root");
        List<CompletableFuture<Integer>> answers = IntStream.range(0, 20)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                    try {
                        return root.post(ALL, "{\"name\": \"env-" + i + "\"}").status();
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                }))
                .toList();
        for (CompletableFuture<Integer> answer : answers) {
            assertEquals(201, answer.get());
        }
        assertEquals(20, DeploymentGateConfiguration.get().getEnvironments().size());
        assertEquals("20", root.get(ALL + "?per_page=7&page=3").header("X-Total"));
        assertEquals(6, root.get(ALL + "?per_page=7&page=3").json().size());
    }

    @Test
    void whatCannotBeReadIsNotOverwritten() throws Exception {
        created("{\"name\": \"production\"}");
        DeploymentGateConfiguration configuration = DeploymentGateConfiguration.get();
        Path file = j.jenkins.getRootDir().toPath().resolve(configuration.getId() + ".xml");
        String good = Files.readString(file);
        Files.writeString(file, good.replace("<environments", "<surroundings").replace("</env", "</surr"));
        configuration.load();
        try {
            assertTrue(configuration.getLoadFailure().isPresent());
            assertEquals(409, as("root").get(ALL).status());
            assertEquals(409, as("root").post(ALL, "{\"name\": \"x\"}").status());
            assertEquals(409, as("root").delete(ALL + "/production").status());
        } finally {
            Files.writeString(file, good);
            configuration.load();
        }
        assertEquals(200, as("root").get(ALL + "/production").status());
        assertNull(as("root").get(ALL).json().path(0).get("surroundings"));
    }
}
