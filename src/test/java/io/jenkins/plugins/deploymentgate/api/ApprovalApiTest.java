package io.jenkins.plugins.deploymentgate.api;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.rule;
import static io.jenkins.plugins.deploymentgate.World.withRules;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.api.Caller.Answer;
import io.jenkins.plugins.deploymentgate.api.http.RequestBody;
import io.jenkins.plugins.deploymentgate.approval.ApprovalService;
import io.jenkins.plugins.deploymentgate.audit.Ledger;
import io.jenkins.plugins.deploymentgate.config.AccessLevelApprover;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.config.UserApprover;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.List;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Votes over the API: what is taken, what is answered, and what is refused. */
class ApprovalApiTest extends ApiTestCase {

    private static int jobs;

    @BeforeEach
    void protectEnvironments() {
        protect("production", 1, "bob", "carol");
    }

    private static WorkflowRun waiting(String environment) throws Exception {
        return blocked(j, pipeline("vote-" + jobs++, "deploymentGate '" + environment + "'"), "alice");
    }

    private static String deployment(WorkflowRun build) throws Exception {
        return "/projects/" + build.getParent().getName() + "/deployments/"
                + latest(build).id();
    }

    private static String approval(WorkflowRun build) throws Exception {
        return deployment(build) + "/approval";
    }

    @Test
    void theWalkThroughWorksAsItStands() throws Exception {
        WorkflowRun build = waiting("production");
        String list = "/projects/" + build.getParent().getName() + "/deployments?environment=production&sort=desc";
        JsonNode first = as("alice").get(list).json().path(0);
        assertEquals(latest(build).id(), first.path("id").asLong());
        assertEquals(1, first.path("iid").asInt());
        assertEquals("blocked", first.path("status").asText());
        assertEquals(1, first.path("required_approval_count").asInt());
        assertEquals("[]", first.path("approvals").toString());

        Answer answer = as("bob").form(approval(build), "status=approved");
        assertEquals(201, answer.status());
        JsonNode bob = as("bob").get("/user").json();
        String at = answer.json().path("created_at").asText();
        assertTrue(at.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"), at);
        assertEquals(
                "{\"user\":" + bob + ",\"status\":\"approved\",\"created_at\":\"" + at + "\",\"comment\":null}",
                answer.text());
        ended(j, Result.SUCCESS, build);

        JsonNode last = as("alice").get(list).json().path(0);
        assertEquals("success", last.path("status").asText());
        assertEquals(0, last.path("required_approval_count").asInt());
        assertEquals(0, last.path("pending_approval_count").asInt());
        assertEquals(List.of(answer.json()), List.of(last.path("approvals").path(0)));
        assertEquals(1, last.path("approvals").size());
        assertEquals(
                answer.json(),
                last.at("/approval_summary/rules/0/deployment_approvals/0"),
                last.path("approval_summary").toString());
    }

    @Test
    void theLedgerKnowsThatAVoteOrAnAttemptCameOverTheApiAndFromWhere() throws Exception {
        WorkflowRun build = waiting("production");
        assertEquals(403, as("mallory").form(approval(build), "status=approved").status());
        assertEquals(201, as("bob").form(approval(build), "status=approved").status());
        assertEquals(List.of("rest 127.0.0.1"), Ledger.originsOf(build, "mallory"));
        assertEquals(List.of("rest 127.0.0.1"), Ledger.originsOf(build, "bob"));
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void aVoteThatTheLedgerCannotBeToldOfIsAnsweredInWordsAndMayBeRepeated() throws Exception {
        WorkflowRun build = waiting("production");
        Ledger.fail();
        try {
            Answer answer = as("bob").form(approval(build), "status=approved");
            assertEquals(503, answer.status());
            assertEquals("10", answer.header("Retry-After"));
            assertThat(
                    answer.message(),
                    containsString("recorded, but not in force yet, because the audit ledger cannot be written"));
            assertTrue(build.isBuilding());
        } finally {
            Ledger.heal();
        }
        assertEquals(201, as("bob").form(approval(build), "status=approved").status());
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void aRejectionInJsonFailsTheBuildWithItsReason() throws Exception {
        WorkflowRun build = waiting("production");
        String body = "{\"status\": \"rejected\", \"comment\": \" Größe <b> \\u0007\", \"unknown\": {\"a\": [1]}}";
        Answer answer = as("carol").post(approval(build), body);
        assertEquals(201, answer.status(), answer.text());
        assertEquals("rejected", answer.json().path("status").asText());
        assertThat(answer.json().path("comment").asText(), containsString("Größe <b>"));
        ended(j, Result.FAILURE, build);
        JsonNode after = as("alice").get(deployment(build)).json();
        assertEquals("failed", after.path("status").asText());
        assertEquals("deployment_rejected", after.path("failure_reason").asText());
        assertEquals("failed", after.at("/deployable/status").asText());
    }

    @Test
    void theSameVoteAgainIsAnsweredTheSameAndTheOppositeIsAConflict() throws Exception {
        WorkflowRun build = waiting("production");
        Answer first = as("bob").form(approval(build), "status=approved&comment=Looks+good%21");
        Answer again = as("bob").form(approval(build), "status=approved&comment=once+more");
        assertEquals(201, first.status());
        assertEquals(201, again.status());
        assertEquals(first.text(), again.text());
        assertEquals("Looks good!", again.json().path("comment").asText());
        assertEquals(409, as("bob").form(approval(build), "status=rejected").status());
        ended(j, Result.SUCCESS, build);
        Answer late = as("carol").form(approval(build), "status=approved");
        assertEquals(409, late.status());
        assertThat(late.message(), containsString("no longer waiting"));
    }

    @Test
    void whoeverMayNotVoteIsToldWhyAndNothingChanges() throws Exception {
        WorkflowRun build = waiting("production");
        Deployment before = latest(build);
        Answer stranger = as("mallory").form(approval(build), "status=approved");
        assertEquals(403, stranger.status());
        assertThat(stranger.message(), containsString("You are not an approver"));
        protect("production", 1, "alice", "bob");
        assertEquals(403, as("alice").form(approval(build), "status=approved").status());
        assertEquals(404, as("eve").form(approval(build), "status=approved").status());
        assertEquals(401, nobody().form(approval(build), "status=approved").status());
        assertEquals(before.approvals(), latest(build).approvals());
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|application/json|{}",
                "400|application/json|{\"status\": null}",
                "400|application/json|{\"status\": \"\"}",
                "400|application/json|{\"status\": \"maybe\"}",
                "400|application/json|{\"status\": \"Approved\"}",
                "400|application/json|{\"status\": 1}",
                "400|application/json|{\"status\": true}",
                "400|application/json|{\"status\": [\"approved\"]}",
                "400|application/json|{\"status\": \"approved\", \"comment\": 5}",
                "400|application/json|{\"status\": \"approved\", \"comment\": \"half a pair: \\ud83d\"}",
                "400|application/json|{\"status\": \"approved\", \"comment\": \"\\u0000\"}",
                "400|application/json|{\"status\": \"approved\", \"status\": \"rejected\"}",
                "400|application/json|{\"status\": \"approved\"} {}",
                "400|application/json|{\"status\": \"approved\"",
                "400|application/json|[]",
                "400|application/json|\"approved\"",
                "400|application/json|status=approved",
                "400|application/x-www-form-urlencoded|comment=only",
                "400|application/x-www-form-urlencoded|status=approved&status=rejected",
                "400|application/x-www-form-urlencoded|status=approved&a[b]=c",
                "415|text/plain|{\"status\": \"approved\"}",
                "415|multipart/form-data; boundary=x|--x--",
                "415||{\"status\": \"approved\"}",
                "415|text/json|{\"status\": \"approved\"}"
            })
    void whatIsNoDecisionIsNotTakenForOne(int status, String type, String body) throws Exception {
        WorkflowRun build = shared();
        Answer answer = as("bob").call("POST", approval(build), type, body);
        assertEquals(status, answer.status(), answer.text());
        assertEquals(answer.message(), answer.json().path("error").asText());
        assertEquals(Status.BLOCKED, latest(build).status());
        assertEquals(List.of(), latest(build).approvals());
    }

    private static WorkflowRun shared() throws Exception {
        WorkflowJob job = Jenkins.get().getItemByFullName("shared", WorkflowJob.class);
        return job == null
                ? blocked(j, pipeline("shared", "deploymentGate 'production'"), "alice")
                : job.getLastBuild();
    }

    @Test
    void jsonThatIsWrongIsToldWhere() throws Exception {
        Answer answer = as("bob").post(approval(shared()), "{\"status\":\n  approved}");
        assertThat(answer.message(), startsWith("The body is not valid JSON: line 2, column "));
        assertEquals(
                "comment is invalid",
                as("bob").post(approval(shared()), "{\"comment\":{}}").message());
    }

    @Test
    void whatIsTooLargeIsNotRead() throws Exception {
        String huge = "x".repeat(RequestBody.MAX_BYTES);
        String wordy = "x".repeat(ApprovalService.MAX_COMMENT + 1);
        Caller bob = as("bob");
        assertEquals(
                413,
                bob.post(approval(shared()), "{\"comment\":\"" + huge + "\"}").status());
        assertEquals(
                413,
                bob.form(approval(shared()), "status=approved&comment=" + huge).status());
        Answer tooLong = bob.form(approval(shared()), "status=approved&comment=" + wordy);
        assertEquals(400, tooLong.status());
        assertThat(tooLong.message(), containsString("more than 10,000 characters"));
        assertEquals(List.of(), latest(shared()).approvals());
    }

    @Test
    void sessionsNeedTheirCrumbAndTokensDoNot() throws Exception {
        WorkflowRun build = waiting("production");
        Caller bob = nobody().login("bob");
        String yes = "{\"status\": \"approved\"}";
        assertEquals(403, bob.post(approval(build), yes).status());
        assertThat(bob.form(approval(build), "status=approved").message(), containsString("crumb"));
        assertEquals(
                403,
                bob.with("Jenkins-Crumb", "wrong").post(approval(build), yes).status());
        assertEquals(
                403, nobody().basic("bob", "bob").post(approval(build), yes).status());
        assertEquals(Status.BLOCKED, latest(build).status());
        assertEquals(201, bob.crumb().post(approval(build), yes).status());
        assertEquals(
                201,
                nobody().basic("bob", token("bob"))
                        .form(approval(build), "status=approved")
                        .status());
        assertEquals(403, bob.post(approval(build), yes).status(), "also when there is nothing left to do");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void aCommentIsDemandedWhereTheEnvironmentDoes() throws Exception {
        WorkflowRun build = waiting("production");
        ProtectedEnvironment strict = protect("production", 1, "bob");
        strict.setCommentToApprove(true);
        protect(strict);
        assertEquals(400, as("bob").form(approval(build), "status=approved").status());
        assertEquals(
                201,
                as("bob")
                        .form(approval(build), "status=approved&comment=tested")
                        .status());
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void aVoteMayNameItsRuleInAllTheWaysOfGitLab() throws Exception {
        protect(withRules(
                "both",
                rule("Security", 2, new UserApprover("bob"), new UserApprover("carol")),
                rule("Builders", 2, new AccessLevelApprover(30), new UserApprover("carol")),
                rule("Carol", 1, new UserApprover("carol"), new UserApprover("dave"), new UserApprover("bob"))));
        WorkflowRun build = waiting("both");
        Caller carol = as("carol");
        assertEquals(
                403,
                carol.form(approval(build), "status=approved&represented_as=Nobody")
                        .status());
        assertEquals(
                201,
                carol.form(approval(build), "status=approved&represented_as=Developers")
                        .status());
        assertEquals(
                201,
                as("dave")
                        .post(approval(build), "{\"status\":\"approved\",\"represented_as\":\"both: Carol\"}")
                        .status());
        assertEquals(
                201,
                as("bob")
                        .form(approval(build), "status=approved&represented_as=Security")
                        .status());
        JsonNode rules = as("alice").get(deployment(build)).json().at("/approval_summary/rules");
        assertEquals("both: Builders", rules.path(2).path("name").asText());
        assertEquals(
                "carol", rules.at("/2/deployment_approvals/0/user/username").asText());
        assertEquals("dave", rules.at("/3/deployment_approvals/0/user/username").asText());
        assertEquals("bob", rules.at("/1/deployment_approvals/0/user/username").asText());
        assertEquals(
                2,
                as("alice")
                        .get(deployment(build))
                        .json()
                        .path("pending_approval_count")
                        .asInt());
        build.doKill();
        j.waitForCompletion(build);
        JsonNode canceled = as("alice").get(deployment(build)).json();
        assertEquals("canceled", canceled.path("status").asText());
        assertEquals("build_aborted", canceled.path("reason").asText());
        assertTrue(canceled.path("failure_reason").isNull());
        assertTrue(canceled.path("canceled_by").isNull());
    }

    @Test
    void theSummaryShowsTheRuleForWhichAVoteCountsNow() throws Exception {
        protect(withRules(
                "seats",
                rule("Security", 1, new UserApprover("bob"), new UserApprover("carol")),
                rule("Operations", 1, new UserApprover("bob"))));
        WorkflowRun build = waiting("seats");
        assertEquals(201, as("bob").form(approval(build), "status=approved").status());
        JsonNode rules = as("alice").get(deployment(build)).json().at("/approval_summary/rules");
        assertEquals("bob", rules.at("/1/deployment_approvals/0/user/username").asText());
        assertEquals(201, as("carol").form(approval(build), "status=approved").status());
        rules = as("alice").get(deployment(build)).json().at("/approval_summary/rules");
        assertEquals(
                "carol", rules.at("/1/deployment_approvals/0/user/username").asText());
        assertEquals("bob", rules.at("/2/deployment_approvals/0/user/username").asText());
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void aDeploymentBelongsToItsProject() throws Exception {
        WorkflowRun build = waiting("production");
        pipeline("another", "");
        long id = latest(build).id();
        assertEquals(
                404,
                as("bob")
                        .form("/projects/another/deployments/" + id + "/approval", "status=approved")
                        .status());
        assertEquals(404, as("bob").get("/projects/another/deployments/" + id).status());
        assertEquals(404, as("bob").get("/projects/another/deployments/none").status());
        assertEquals(405, as("bob").get(approval(build)).status());
        World.vote(build, id, "bob", VoteDecision.REJECTED, "");
        ended(j, Result.FAILURE, build);
    }
}
