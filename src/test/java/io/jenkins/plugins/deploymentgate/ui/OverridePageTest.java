package io.jenkins.plugins.deploymentgate.ui;

import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Item;
import hudson.model.Result;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.ApprovalService;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.config.DeploymentGateConfiguration;
import io.jenkins.plugins.deploymentgate.config.DeploymentPermissions;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.net.URL;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule.WebClient;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** Breaking the glass: with a right of its own, a reason, and a record. */
class OverridePageTest extends PageTestCase {

    @BeforeEach
    void daveMayOverride() {
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .toEveryone()
                .grant(DeploymentPermissions.OVERRIDE)
                .everywhere()
                .to("dave")
                .grant(DeploymentPermissions.APPROVE)
                .everywhere()
                .to("bob")
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("root"));
    }

    private static Page post(String user, WorkflowRun build, String status, String reason) throws Exception {
        WebClient browser = as(user);
        WebRequest request =
                new WebRequest(new URL(voteUrl(build).toString().replaceFirst("vote$", "override")), HttpMethod.POST);
        request.setRequestParameters(List.of(status(status), new NameValuePair("reason", reason)));
        browser.addCrumb(request);
        return browser.getPage(request);
    }

    private static VoteResult override(WorkflowRun build, String user, VoteDecision decision, String reason)
            throws Exception {
        try (ACLContext ignored = World.actingAs(user)) {
            return ApprovalService.get().override(build, latest(build).id(), decision, reason);
        }
    }

    @Test
    void theButtonReleasesAgainstThePolicyAndIsRecordedAsThat() throws Exception {
        WorkflowRun build = waiting("two");
        HtmlPage page = page("dave", build);
        HtmlForm form = page.getFormByName("override-" + latest(build).id());
        form.getTextAreaByName("reason").setText("the shop is down <b>");
        HtmlPage after = form.getButtonsByName("status").get(0).click();
        ended(j, Result.SUCCESS, build);
        assertThat(after.asNormalizedText(), containsString("overrode the policy and released the deployment"));
        assertThat(after.asNormalizedText(), containsString("the shop is down <b>"));
        assertEquals(List.of(), latest(build).approvals(), "an override is no approval");
        j.assertLogContains("dave overrode the policy and released the deployment to two: the shop is down <b>", build);
    }

    @Test
    void anOverrideCanRejectToo() throws Exception {
        WorkflowRun build = waiting("two");
        assertEquals(200, code(post("dave", build, "rejected", "wrong version")));
        ended(j, Result.FAILURE, build);
        assertEquals(EndReason.DEPLOYMENT_REJECTED, latest(build).endReason());
        j.assertLogContains("rejected by dave, who overrode the policy: wrong version", build);
    }

    @Test
    void withoutAReasonOrADecisionNothingHappens() throws Exception {
        WorkflowRun build = waiting("two");
        Page page = post("dave", build, "approved", "  ");
        assertEquals(400, code(page));
        assertThat(page.getWebResponse().getContentAsString(), containsString("Give a reason for the override"));
        assertEquals(400, code(post("dave", build, "", "because")));
        assertEquals(400, code(post("dave", build, "approved", "x".repeat(10_001))));
        assertEquals(Status.BLOCKED, latest(build).status());
    }

    @Test
    void onlyHoldersOfThePermissionMayAndOnlyTheySeeTheButton() throws Exception {
        WorkflowRun build = waiting("two");
        assertEquals(403, code(post("bob", build, "approved", "please")));
        assertThat(
                page("bob", build).getWebResponse().getContentAsString(),
                not(containsString("override-" + latest(build).id())));
        assertTrue(((VoteResult.Refused) override(build, "alice", VoteDecision.APPROVED, "mine")).why()
                == DenialReason.MAY_NOT_OVERRIDE);
        assertEquals(Status.BLOCKED, latest(build).status());
        assertEquals(200, code(post("root", build, "approved", "administrators may")));
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void theSameAgainIsAnsweredTheSameAndTheOppositeIsAConflict() throws Exception {
        WorkflowRun build = waiting("two");
        VoteResult.Recorded first = (VoteResult.Recorded) override(build, "dave", VoteDecision.APPROVED, "one");
        VoteResult.Recorded second = (VoteResult.Recorded) override(build, "dave", VoteDecision.APPROVED, "two");
        assertEquals(first.action(), second.action());
        VoteResult opposite = override(build, "root", VoteDecision.REJECTED, "no");
        assertEquals(
                DenialReason.Kind.CONFLICT,
                ((VoteResult.Refused) opposite).why().kind());
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void itIsTheWayOutWhereNothingProtectsTheEnvironmentAnyMore() throws Exception {
        protect("doomed", 1, "bob");
        WorkflowRun build = waiting("doomed");
        DeploymentGateConfiguration.get()
                .setEnvironments(DeploymentGateConfiguration.get().getEnvironments().stream()
                        .filter(environment -> !environment.getName().equals("doomed"))
                        .toList());
        assertEquals(
                DenialReason.NO_LONGER_PROTECTED,
                ((VoteResult.Refused) vote(build, latest(build).id(), "bob", VoteDecision.APPROVED, "")).why());
        assertEquals(200, code(post("dave", build, "approved", "it was retired")));
        ended(j, Result.SUCCESS, build);
    }
}
