package io.jenkins.plugins.deploymentgate.api;

import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jenkins.plugins.deploymentgate.api.Caller.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.logging.Level;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.LogRecorder;

/**
 * Requests that nobody would send on purpose, made of pieces of sensible ones. Whatever comes, the answer is JSON, comes
 * soon, is no error of the server, and fills no log. The seeds are fixed, so a failure can be repeated.
 */
class RandomRequestsTest extends ApiTestCase {

    private static final int REQUESTS = 600;

    private static final List<String> VERBS = List.of("GET", "GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");
    private static final List<String> PIECES = List.of(
            "projects",
            "groups",
            "deployments",
            "environments",
            "protected_environments",
            "approval",
            "user",
            "users",
            "version",
            "metadata",
            "random",
            "production",
            "review%2Fa",
            "1",
            "-1",
            "0",
            "9007199254740993",
            "99999999999999999999",
            "%20",
            "a%2Fb%2F..",
            "%2E%2E",
            "%C3%BC",
            "%F0%9F%98%80",
            "x".repeat(300),
            "{id}",
            "*");
    private static final List<String> KEYS = List.of(
            "page",
            "per_page",
            "status",
            "environment",
            "order_by",
            "sort",
            "updated_after",
            "finished_before",
            "name",
            "search",
            "states",
            "username",
            "unheard_of",
            "");
    private static final List<String> VALUES = List.of(
            "1",
            "0",
            "-1",
            "2147483648",
            "asc",
            "desc",
            "id",
            "ref",
            "blocked",
            "skipped",
            "2026-11-23T00:00:00Z",
            "2026",
            "%00",
            "%C3%BC",
            "+",
            "",
            "true",
            "null",
            "[]",
            "y".repeat(500));
    private static final List<String> BODIES = List.of(
            "",
            "{",
            "[]",
            "null",
            "1",
            "\"a\"",
            "{}",
            "{\"status\": \"approved\"}",
            "{\"status\": 1}",
            "{\"status\": [\"approved\"]}",
            "{\"name\": null}",
            "{\"name\": \"\\u0000\"}",
            "{\"name\": {\"a\": 1}}",
            "{\"name\": \"a\", \"approval_rules\": 1}",
            "{\"name\": \"a\", \"approval_rules\": [null]}",
            "{\"name\": \"a\", \"required_approval_count\": 1e99}",
            "{\"name\": \"a\", \"name\": \"b\"}",
            "{\"name\": \"?\"}",
            "[".repeat(5000),
            "status=approved",
            "status=%zz",
            "a=b&a=c&=&&",
            "\ufeff{}",
            "{\"comment\": \"" + "z".repeat(20_000) + "\", \"status\": \"rejected\"}");
    private static final List<String> TYPES = List.of(
            Caller.JSON,
            Caller.FORM,
            "application/json; charset=utf-16",
            "text/plain",
            "nonsense",
            "multipart/form-data");

    @Test
    void noRequestIsAnErrorOfTheServer() throws Exception {
        protect("production", 2, "bob", "carol");
        WorkflowRun build = blocked(j, pipeline("random", "deploymentGate 'production'"), "alice");
        String one = "projects/random/deployments/" + latest(build).id();
        try (LogRecorder log = new LogRecorder()
                .record("io.jenkins.plugins.deploymentgate", Level.WARNING)
                .capture(100)) {
            for (int seed = 0; seed < REQUESTS; seed++) {
                send(new Random(seed), seed, one);
            }
            assertEquals(List.of(), log.getMessages());
        }
        assertTrue(build.isBuilding(), "eve can change nothing");
        build.doStop();
    }

    private static void send(Random random, int seed, String one) {
        String user = List.of("eve", "mallory", "alice").get(random.nextInt(3));
        String verb = pick(VERBS, random);
        StringBuilder path = new StringBuilder();
        if (random.nextInt(4) == 0) {
            path.append('/').append(one);
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            path.append('/').append(pick(PIECES, random));
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            path.append(path.indexOf("?") < 0 ? '?' : '&')
                    .append(pick(KEYS, random))
                    .append('=')
                    .append(pick(VALUES, random));
        }
        String address = path.toString()
                .replace("{", "%7B")
                .replace("}", "%7D")
                .replace("[", "%5B")
                .replace("]", "%5D");
        String body = verb.equals("GET") ? null : pick(BODIES, random);
        String type = body == null ? null : pick(TYPES, random);
        String what = "seed " + seed + ": " + user + " " + verb + " " + address + " " + type;
        Answer answer = assertTimeout(Duration.ofSeconds(20), () -> as(user).call(verb, address, type, body), what);
        assertTrue(answer.status() < 500, () -> what + ": " + answer.status() + " " + answer.text());
        boolean json = answer.text().isEmpty()
                || answer.text().startsWith("{")
                || answer.text().startsWith("[");
        boolean refusedByTheServer =
                answer.status() == 400 && answer.header("Content-Type").startsWith("text/html");
        assertTrue(json || refusedByTheServer, () -> what + ": " + answer.status() + " " + answer.text());
    }

    private static String pick(List<String> some, Random random) {
        return some.get(random.nextInt(some.size()));
    }
}
