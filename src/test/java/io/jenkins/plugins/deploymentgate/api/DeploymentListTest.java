package io.jenkins.plugins.deploymentgate.api;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.api.Caller.piece;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.api.Caller.Answer;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.MockFolder;

/** Deployments and environments of a project, as lists and one by one. */
class DeploymentListTest extends ApiTestCase {

    private static final String PROJECT = "/projects/" + piece("team/shop front");

    private static WorkflowJob job;
    private static List<Long> ids;

    /** Five deployments: success to open, failed, canceled, success, and a blocked one. */
    @BeforeAll
    static void deploy() throws Exception {
        MockFolder folder = j.createFolder("team");
        protect("open", 0);
        protect("production", 1, "bob", "carol");
        job = folder.createProject(WorkflowJob.class, "shop front");
        ids = new ArrayList<>();
        script("deploymentGate 'open'");
        WorkflowRun open = ended(j, Result.SUCCESS, start(job, "alice"));
        ids.add(latest(open).id());
        script("deploymentGate 'production'");
        WorkflowRun rejected = waiting();
        World.vote(rejected, latest(rejected).id(), "bob", VoteDecision.REJECTED, "");
        ended(j, Result.FAILURE, rejected);
        WorkflowRun aborted = waiting();
        aborted.getExecutor().interrupt();
        ended(j, Result.ABORTED, aborted);
        WorkflowRun good = waiting();
        approve(good, "bob");
        ended(j, Result.SUCCESS, good);
        waiting();
    }

    private static void script(String script) throws Exception {
        job.setDefinition(new CpsFlowDefinition(script, true));
    }

    private static WorkflowRun waiting() throws Exception {
        WorkflowRun build = blocked(j, job, "alice");
        ids.add(latest(build).id());
        return build;
    }

    private static List<Long> list(String parameters) throws Exception {
        Answer answer = as("alice").get(PROJECT + "/deployments?" + parameters);
        assertEquals(200, answer.status(), answer.text());
        List<Long> found = new ArrayList<>();
        answer.json().forEach(one -> found.add(one.path("id").asLong()));
        return found;
    }

    private static List<Long> at(int... indexes) {
        List<Long> some = new ArrayList<>();
        for (int index : indexes) {
            some.add(ids.get(index));
        }
        return some;
    }

    private static JsonNode one(int index) throws Exception {
        return as("alice").get(PROJECT + "/deployments/" + ids.get(index)).json();
    }

    @Test
    void everyFilterKeepsWhatItSays() throws Exception {
        assertEquals(ids, list(""));
        assertEquals(at(0), list("environment=open"));
        assertEquals(List.of(), list("environment=ope"));
        assertEquals(at(1, 2, 3, 4), list("environment=production"));
        assertEquals(at(0, 3), list("status=success"));
        assertEquals(at(1), list("status=failed"));
        assertEquals(at(2), list("status=canceled"));
        assertEquals(at(4), list("status=blocked"));
        assertEquals(List.of(), list("status=running"));
        assertEquals(List.of(), list("status=created"));
        assertEquals(List.of(), list("status=skipped"));
        assertEquals(at(3), list("status=success&environment=production"));
        String third = one(2).path("updated_at").asText();
        assertEquals(at(3, 4), list("updated_after=" + third.replace("Z", "999Z")));
        assertEquals(
                at(0, 1, 2), list("updated_before=" + one(3).path("created_at").asText()));
        assertEquals(
                at(0, 1), list("finished_before=" + one(2).path("created_at").asText()));
        assertEquals(at(3), list("finished_after=" + one(3).path("created_at").asText()));
        assertEquals(ids, list("updated_after=2020-01-01"));
        assertEquals(List.of(), list("updated_after=2999-01-01T00:00:00%2B02:00"));
        assertEquals(List.of(), list("updated_after=2999-01-01T00:00:00+0200"));
        assertEquals(ids, list("environment=&unknown=1"));
    }

    @Test
    void everyOrderIsKept() throws Exception {
        for (String order : List.of("id", "iid", "created_at", "updated_at", "finished_at", "ref")) {
            assertEquals(ids, list("order_by=" + order), order);
            assertEquals(at(4, 3, 2, 1, 0), list("sort=desc&order_by=" + order), order);
        }
        assertEquals(ids, list("sort=asc"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status=Blocked",
                "status=x",
                "order_by=name",
                "sort=up",
                "updated_after=yesterday",
                "page=0",
                "page=-1",
                "page=x",
                "per_page=0",
                "pagination=cursor",
                "cursor=x&pagination=keyset",
                "cursor=1:x&pagination=keyset",
                "cursor=x:1&pagination=keyset&order_by=updated_at",
                "cursor=1:99999999999999999999&pagination=keyset",
                "finished_before=2026-13-01",
                "updated_before=2026-01-01Tx"
            })
    void parametersThatMakeNoSenseAreNamed(String parameter) throws Exception {
        Answer answer = as("alice").get(PROJECT + "/deployments?" + parameter);
        assertEquals(400, answer.status(), answer.text());
        String name = parameter.split("=", 2)[0];
        assertEquals(
                name + " does not have a valid value",
                answer.json().path("error").asText());
    }

    @Test
    void pagesSayWhereTheyAre() throws Exception {
        Answer second = as("alice").get(PROJECT + "/deployments?page=2&per_page=2&environment=production&sort=desc");
        assertEquals("2", second.header("X-Page"));
        assertEquals("2", second.header("X-Per-Page"));
        assertEquals("", second.header("X-Next-Page"));
        assertEquals("1", second.header("X-Prev-Page"));
        assertEquals("4", second.header("X-Total"));
        assertEquals("2", second.header("X-Total-Pages"));
        String base = j.getURL() + "deployment-gate/api/v4" + PROJECT + "/deployments?page=1&per_page=2";
        assertEquals(
                "<" + base + "&environment=production&sort=desc>; rel=\"prev\", <" + base
                        + "&environment=production&sort=desc>; rel=\"first\", <" + base.replace("page=1", "page=2")
                        + "&environment=production&sort=desc>; rel=\"last\"",
                second.header("Link"));
        assertEquals(at(2, 1), list("page=2&per_page=2&environment=production&sort=desc"));
        assertEquals(List.of(), list("page=4&per_page=2"));
        assertEquals(
                "3", as("alice").get(PROJECT + "/deployments?page=9&per_page=2").header("X-Prev-Page"));
        assertEquals(
                "100", as("alice").get(PROJECT + "/deployments?per_page=100000").header("X-Per-Page"));
        assertEquals(List.of(), list("page=999999999&per_page=100"));
    }

    @Test
    void keysetPaginationFollowsTheLinkInEveryOrder() throws Exception {
        for (String order : List.of("id", "iid", "created_at", "updated_at", "finished_at", "ref")) {
            assertEquals(ids, followLinks("order_by=" + order), order);
            assertEquals(at(4, 3, 2, 1, 0), followLinks("sort=desc&order_by=" + order), order);
        }
        assertEquals(at(4, 3, 2, 1), followLinks("sort=desc&environment=production"));
        assertEquals(List.of(), followLinks("status=skipped"));
        Answer first = as("alice").get(PROJECT + "/deployments?pagination=keyset&per_page=2&page=7");
        assertEquals("2", first.header("X-Per-Page"));
        assertEquals(null, first.header("X-Total"));
        assertEquals(ids.get(0), first.json().at("/0/id").asLong(), "the number of a page means nothing");
    }

    /** Reads a list as clients do, from link to link, until there is none. */
    private static List<Long> followLinks(String parameters) throws Exception {
        List<Long> found = new ArrayList<>();
        String path = PROJECT + "/deployments?pagination=keyset&per_page=2&" + parameters;
        while (path != null) {
            Answer answer = as("alice").get(path);
            answer.json().forEach(one -> found.add(one.path("id").asLong()));
            path = linked(answer);
        }
        return found;
    }

    private static String linked(Answer answer) {
        String link = answer.header("Link");
        assertTrue(link == null || link.endsWith("; rel=\"next\"") && !link.contains(", "), link);
        return link == null ? null : link.substring(link.indexOf("/projects"), link.indexOf('>'));
    }

    @Test
    void keysetPaginationSeesNothingTwiceWhenTheNewestComeFirst() throws Exception {
        WorkflowJob growing = pipeline("growing-keyset", "deploymentGate 'open'");
        ended(j, Result.SUCCESS, start(growing, "alice"));
        ended(j, Result.SUCCESS, start(growing, "alice"));
        Answer first = as("alice").get("/projects/growing-keyset/deployments?pagination=keyset&sort=desc&per_page=1");
        assertEquals(2, first.json().at("/0/iid").asInt());
        ended(j, Result.SUCCESS, start(growing, "alice"));
        assertEquals(List.of(1L), numbers(linked(first)));
    }

    @Test
    void pagesOfAGrowingListMissNothing() throws Exception {
        WorkflowJob growing = pipeline("growing", "deploymentGate 'open'");
        List<Long> seen = new ArrayList<>();
        for (int page = 1; page <= 4; page++) {
            ended(j, Result.SUCCESS, start(growing, "alice"));
            ended(j, Result.SUCCESS, start(growing, "alice"));
            as("alice")
                    .get("/projects/growing/deployments?per_page=2&page=" + page)
                    .json()
                    .forEach(one -> seen.add(one.path("iid").asLong()));
        }
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L), seen);
    }

    @Test
    void whatIsAddedMovesTheRestWhenTheNewestComeFirst() throws Exception {
        WorkflowJob growing = pipeline("growing-down", "deploymentGate 'open'");
        List<Long> seen = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ended(j, Result.SUCCESS, start(growing, "alice"));
        }
        for (int page = 1; page <= 3; page++) {
            seen.addAll(numbers("/projects/growing-down/deployments?sort=desc&per_page=2&page=" + page));
            ended(j, Result.SUCCESS, start(growing, "alice"));
        }
        assertEquals(List.of(4L, 3L, 3L, 2L, 2L, 1L), seen, "seen twice, but not missed");
    }

    @Test
    void pagesStayConsistentWhileOthersDeploy() throws Exception {
        WorkflowJob busy = pipeline("busy", "deploymentGate 'open'");
        ended(j, Result.SUCCESS, start(busy, "alice"));
        CompletableFuture<Void> others = CompletableFuture.runAsync(() -> {
            try {
                for (int i = 0; i < 12; i++) {
                    ended(j, Result.SUCCESS, start(busy, "alice"));
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        long before = 0;
        boolean added;
        do {
            added = !others.isDone();
            List<Long> up = follow("/projects/busy/deployments?per_page=2");
            assertEquals(upTo(up.size()), up, "nothing twice, and nothing missed");
            assertTrue(up.size() >= before, "a list does not shrink");
            before = up.size();
            List<Long> down = follow("/projects/busy/deployments?per_page=2&sort=desc");
            assertEquals(
                    upTo(down.get(0)),
                    down.stream().sorted().distinct().toList(),
                    "nothing missed of what was there at the beginning");
        } while (added);
        others.get();
        assertEquals(13, before);
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    private static List<Long> numbers(String path) throws Exception {
        List<Long> numbers = new ArrayList<>();
        as("alice").get(path).json().forEach(one -> numbers.add(one.path("iid").asLong()));
        return numbers;
    }

    /** Reads a list as clients do, from page to next page. */
    private static List<Long> follow(String path) throws Exception {
        List<Long> numbers = new ArrayList<>();
        for (String page = "1"; !page.isEmpty(); ) {
            Answer answer = as("alice").get(path + "&page=" + page);
            answer.json().forEach(one -> numbers.add(one.path("iid").asLong()));
            page = answer.header("X-Next-Page");
        }
        return numbers;
    }

    @Test
    void aDeploymentHasTheFieldsOfGitLabAndNothingInvented() throws Exception {
        JsonNode one = one(3);
        List<String> names = new ArrayList<>();
        one.fieldNames().forEachRemaining(names::add);
        assertEquals(
                "id iid ref sha created_at updated_at status failure_reason reason canceled_by reason_text reason_deployment user requesters requesters_complete "
                        + "origin environment deployable place required_approval_count pending_approval_count approvals approval_summary deadline waiting_for allow_older rollback_from override",
                String.join(" ", names));
        assertTrue(one.path("ref").isNull()
                && one.path("sha").isNull()
                && one.path("failure_reason").isNull());
        assertEquals(4, one.path("iid").asInt());
        assertEquals("alice", one.at("/user/username").asText());
        assertEquals("production", one.at("/environment/slug").asText());
        JsonNode build = one.path("deployable");
        assertEquals("success", build.path("status").asText());
        assertEquals("shop front", build.path("name").asText());
        assertEquals(
                j.getURL() + "job/team/job/shop%20front/4/",
                build.path("web_url").asText());
        assertEquals(4, build.at("/pipeline/iid").asInt());
        for (String unknown : List.of("commit", "stage", "tag")) {
            assertTrue(build.path(unknown).isNull(), unknown);
        }
        assertFalse(build.path("finished_at").isNull());
        assertTrue(one(4).at("/deployable/finished_at").isNull());
        assertEquals(1, one(4).path("required_approval_count").asInt());
        assertEquals(
                one,
                as("alice").get(PROJECT + "/deployments?status=success").json().path(1));
    }

    @Test
    void environmentsAreThoseDeployedTo() throws Exception {
        JsonNode environments = as("alice").get(PROJECT + "/environments").json();
        assertEquals("open", environments.at("/0/name").asText());
        assertEquals("production", environments.at("/1/name").asText());
        assertEquals(2, environments.size());
        long id = environments.at("/1/id").asLong();
        assertEquals(one(3).at("/environment/id").asLong(), id);
        Answer production = as("alice").get(PROJECT + "/environments/" + id);
        assertEquals(ids.get(3), production.json().at("/last_deployment/id").asLong());
        assertEquals("available", production.json().path("state").asText());
        assertEquals(404, as("alice").get(PROJECT + "/environments/5").status());
        assertEquals(
                1, as("alice").get(PROJECT + "/environments?search=PROD").json().size());
        assertEquals(
                1, as("alice").get(PROJECT + "/environments?name=open").json().size());
        assertEquals(
                0,
                as("alice").get(PROJECT + "/environments?states=stopped").json().size());
        assertEquals(400, as("alice").get(PROJECT + "/environments?states=x").status());
        assertEquals("2", as("alice").get(PROJECT + "/environments?per_page=1").header("X-Next-Page"));
    }

    @Test
    void whoeverCannotReadTheJobSeesNothingOfIt() throws Exception {
        String number =
                "/projects/" + as("alice").get(PROJECT).json().path("id").asLong();
        for (String project : List.of(PROJECT, number)) {
            for (String below : List.of("", "/deployments", "/deployments/" + ids.get(0), "/environments")) {
                assertEquals(200, as("mallory").get(project + below).status(), below);
                Answer answer = as("eve").get(project + below);
                assertEquals(404, answer.status(), below);
                assertEquals("404 Project Not Found", answer.message());
                assertThat(answer.text(), not(containsString("team")));
                assertEquals(null, answer.header("X-Total"));
            }
        }
    }

    @Test
    void aTimerHasNoRequester() throws Exception {
        WorkflowJob timed = pipeline("timed", "deploymentGate 'open'");
        ended(j, Result.SUCCESS, start(timed, null));
        JsonNode one = as("alice").get("/projects/timed/deployments").json().path(0);
        assertTrue(one.path("user").isNull());
        assertTrue(one.at("/deployable/user").isNull());
    }
}
