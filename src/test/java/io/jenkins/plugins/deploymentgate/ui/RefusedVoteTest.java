package io.jenkins.plugins.deploymentgate.ui;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import hudson.model.Item;
import hudson.model.Result;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.ApprovalService;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import java.net.URL;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.Page;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Votes that are not taken: each says why, and changes nothing. */
@WithJenkins
class RefusedVoteTest extends PageTestCase {

    @Test
    void aRequiredCommentIsAskedForAndNothingIsTakenWithoutIt() throws Exception {
        ProtectedEnvironment environment = protect("production", 1, "bob", "carol");
        environment.setCommentToApprove(true);
        protect(environment);
        WorkflowRun build = waiting("production");
        assertThat(page("bob", build).asNormalizedText(), containsString("Comment (required to approve)"));
        Page answer = post("bob", build, true, status("approved"), new NameValuePair("comment", "  "));
        assertEquals(400, code(answer));
        assertThat(answer.getWebResponse().getContentAsString(), containsString("requires a comment"));
        assertEquals(List.of(), latest(build).approvals());
        assertEquals(200, code(post("carol", build, true, status("rejected"))));
        ended(j, Result.FAILURE, build);
    }

    @Test
    void whoHasWithdrawnTwentyApprovalsCanOnlyReject() throws Exception {
        WorkflowRun build = waiting("two");
        long id = latest(build).id();
        for (int cycle = 0; cycle < 20; cycle++) {
            approve(build, "bob");
            try (ACLContext ignored = World.actingAs("bob")) {
                ApprovalService.get().withdraw(build, id);
            }
        }
        Page answer = post("bob", build, true, status("approved"));
        assertEquals(409, code(answer));
        assertThat(
                answer.getWebResponse().getContentAsString(),
                containsString("You have withdrawn your approval of this deployment 20 times"));
        assertEquals(200, code(post("bob", build, true, status("rejected"))));
        ended(j, Result.FAILURE, build);
    }

    @Test
    void thoseWhoMayNotVoteReadWhy() throws Exception {
        WorkflowRun build = waiting("production");
        HtmlPage stranger = page("mallory", build);
        assertThat(stranger.asNormalizedText(), containsString("You are not an approver of this environment."));
        assertNull(stranger.querySelector("form[name^=vote-]"));
        HtmlPage administrator = page("root", build);
        assertThat(administrator.asNormalizedText(), containsString("You are not an approver of this environment."));
        protect("production", 1, "alice", "bob");
        HtmlPage requester = page("alice", build);
        assertThat(requester.asNormalizedText(), containsString("You requested this deployment"));
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void refusedVotesChangeNothing() throws Exception {
        WorkflowRun build = waiting("production");
        Deployment before = latest(build);
        Page stranger = post("mallory", build, true, status("approved"));
        assertEquals(403, code(stranger));
        assertThat(stranger.getWebResponse().getContentAsString(), containsString("You are not an approver"));
        protect("production", 1, "alice", "bob");
        assertEquals(403, code(post("alice", build, true, status("rejected"))));
        assertEquals(before.approvals(), latest(build).approvals());
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        assertEquals(409, code(post("carol", build, true, status("approved"))), "too late");
    }

    @Test
    void anonymousPeopleCannotVoteEvenWhereTheyCanRead() throws Exception {
        WorkflowRun build = waiting("production");
        assertEquals(404, code(post(null, build, true, status("approved"))), "without Job/Read there is no such page");
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .toEveryone());
        try {
            Page answer = post(null, build, true, status("approved"));
            assertEquals(403, code(answer));
            assertThat(answer.getWebResponse().getContentAsString(), containsString("Log in to vote."));
            assertThat(page(null, build).asNormalizedText(), containsString("Log in to vote."));
        } finally {
            World.people(j);
        }
        assertEquals(Status.BLOCKED, latest(build).status());
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void withoutReadingTheJobThereIsNothing() throws Exception {
        WorkflowRun build = waiting("production");
        assertEquals(404, code(as("eve").getPage(build, "deployment-gate/")));
        assertEquals(404, code(post("eve", build, true, status("approved"))));
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void aGetOfTheVoteAddressDoesNothing() throws Exception {
        WorkflowRun build = waiting("production");
        Page answer = as("bob").getPage(new URL(voteUrl(build) + "?status=approved&comment=sneaky"));
        assertEquals(405, code(answer));
        assertEquals(List.of(), latest(build).approvals());
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void aPostWithoutCrumbDoesNothing() throws Exception {
        WorkflowRun build = waiting("production");
        assertEquals(403, code(post("bob", build, false, status("approved"))));
        assertEquals(List.of(), latest(build).approvals());
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void aPostWithoutDecisionIsABadRequestAndKeepsTheComment() throws Exception {
        WorkflowRun build = waiting("production");
        Page answer = post("bob", build, true, new NameValuePair("comment", "I forgot to say what"));
        assertEquals(400, code(answer));
        assertThat(answer.getWebResponse().getContentAsString(), containsString("I forgot to say what"));
        assertEquals(400, code(post("bob", build, true, status("APPROVED"))));
        assertEquals(400, code(post("bob", build, true)));
        assertEquals(Status.BLOCKED, latest(build).status());
        assertEquals(List.of(), latest(build).approvals());
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void aCommentThatIsTooLongIsRefusedAndNotCut() throws Exception {
        WorkflowRun build = waiting("production");
        Page answer = post("bob", build, true, status("approved"), new NameValuePair("comment", "y".repeat(10_001)));
        assertEquals(400, code(answer));
        assertThat(answer.getWebResponse().getContentAsString(), containsString("more than 10,000 characters"));
        assertEquals(List.of(), latest(build).approvals());
        assertEquals(
                200,
                code(post("bob", build, true, status("approved"), new NameValuePair("comment", "y".repeat(10_000)))));
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void theSameVoteAgainIsAnsweredTheSameAndTheOppositeIsAConflict() throws Exception {
        WorkflowRun build = waiting("two");
        assertEquals(200, code(post("bob", build, true, status("approved"))));
        assertEquals(200, code(post("bob", build, true, status("approved"))));
        assertEquals(1, latest(build).approvals().size());
        assertEquals(409, code(post("bob", build, true, status("rejected"))));
        assertEquals(Status.BLOCKED, latest(build).status());
        approve(build, "carol");
        ended(j, Result.SUCCESS, build);
        assertEquals(200, code(post("carol", build, true, status("approved"))), "also after the decision");
        assertEquals(2, latest(build).approvals().size());
    }
}
