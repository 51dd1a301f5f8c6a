package io.jenkins.plugins.deploymentgate.config;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.rule;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static io.jenkins.plugins.deploymentgate.World.withRules;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.model.Item;
import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.WorldTestCase;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsRule.WebClient;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** What the configured environments demand of real builds and real people. */
class PolicyInForceTest extends WorldTestCase {

    @BeforeEach
    void protectProduction() {
        configuration().setEnvironments(List.of());
        protect("production", 2, "bob", "carol");
    }

    private static DeploymentGateConfiguration configuration() {
        return DeploymentGateConfiguration.get();
    }

    private static WebClient as(String user) throws Exception {
        WebClient browser = World.browser(j, user);
        browser.setThrowExceptionOnFailingStatusCode(false);
        return browser;
    }

    @Test
    void allRulesMustBeMetAndNobodyFillsTwoSeats() throws Exception {
        protect(withRules(
                "ruled",
                rule("Security", 1, new UserApprover("bob"), new UserApprover("carol")),
                rule("Operations", 1, new UserApprover("bob"), new UserApprover("dave")),
                rule("Builders", 1, new AccessLevelApprover(30))));
        WorkflowRun build = blocked(j, pipeline("rules-" + System.nanoTime(), "deploymentGate 'ruled'"), null);
        HtmlPage page = as("bob").getPage(build, "deployment-gate/");
        assertThat(page.asNormalizedText(), containsString("ruled: Security"));
        assertThat(page.asNormalizedText(), containsString("everyone with Job/Build on this job"));
        HtmlForm form = page.getFormByName("vote-" + latest(build).id());
        form.getSelectByName("rule").setSelectedAttribute("ruled: Operations", true);
        form.getButtonsByName("status").get(0).click();
        assertEquals(
                Optional.of("ruled: Operations"),
                latest(build).approvals().get(0).rule());
        assertThat(
                "the seat is taken",
                ((VoteResult.Refused) vote(build, latest(build).id(), "dave", VoteDecision.APPROVED, "")).why(),
                is(DenialReason.RULE_ALREADY_MET));
        approve(build, "carol");
        assertEquals(Status.BLOCKED, latest(build).status());
        assertEquals(2, latest(build).tally().given());
        approve(build, "alice");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void anApprovalThatChoosesNoRuleMovesSoThatTheNextOneCounts() throws Exception {
        protect(withRules(
                "movable",
                rule("Security", 1, new UserApprover("bob"), new UserApprover("carol")),
                rule("Operations", 1, new UserApprover("bob"))));
        WorkflowRun build =
                blocked(j, pipeline("movable-" + System.nanoTime(), "deploymentGate 'movable'; input 'x'"), null);
        HtmlPage page = as("bob").getPage(build, "deployment-gate/");
        HtmlForm form = page.getFormByName("vote-" + latest(build).id());
        assertEquals(
                "", form.getSelectByName("rule").getSelectedOptions().get(0).getValueAttribute());
        form.getButtonsByName("status").get(0).click();
        String seated = as("bob").<HtmlPage>getPage(build, "deployment-gate/").asNormalizedText();
        assertThat(seated, containsString("for movable: Security"));
        approve(build, "carol");
        assertEquals(Status.RUNNING, latest(build).status());
        String moved = as("bob").<HtmlPage>getPage(build, "deployment-gate/").asNormalizedText();
        assertThat(moved, containsString("for movable: Operations"));
        build.doStop();
        ended(j, Result.ABORTED, build);
    }

    @Test
    void anApproverOfARuleThatIsMetCanStillReject() throws Exception {
        protect(withRules(
                "stoppable",
                rule("Security", 1, new UserApprover("bob"), new UserApprover("carol")),
                rule("Operations", 1, new UserApprover("dave"))));
        WorkflowRun build = blocked(j, pipeline("stop-" + System.nanoTime(), "deploymentGate 'stoppable'"), null);
        approve(build, "bob");
        long id = latest(build).id();
        assertEquals(
                DenialReason.RULE_ALREADY_MET,
                ((VoteResult.Refused) vote(build, id, "carol", VoteDecision.APPROVED, "")).why());
        HtmlPage page = as("carol").getPage(build, "deployment-gate/");
        assertThat(page.asNormalizedText(), containsString("You cannot approve: Your approval is not needed"));
        page.getFormByName("vote-" + id).getButtonsByName("status").get(0).click();
        assertEquals(Status.FAILED, latest(build).status());
        ended(j, Result.FAILURE, build);
    }

    @Test
    void fewerRequiredApprovalsReleaseWhatIsBlocked() throws Exception {
        protect("production", 2, "bob", "carol");
        WorkflowRun build = blocked(j, pipeline("policy-" + System.nanoTime(), "deploymentGate 'production'"), "alice");
        approve(build, "bob");
        assertEquals(Status.BLOCKED, latest(build).status());
        protect("production", 1, "bob", "carol");
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("The protected environments have changed", build);
    }

    @Test
    void removingTheLastProtectionReleasesNothing() throws Exception {
        WorkflowRun build = blocked(j, pipeline("policy-" + System.nanoTime(), "deploymentGate 'production'"), "alice");
        approve(build, "bob");
        configuration().setEnvironments(List.of());
        VoteResult vote = vote(build, latest(build).id(), "carol", VoteDecision.APPROVED, "");
        assertEquals(DenialReason.NO_LONGER_PROTECTED, ((VoteResult.Refused) vote).why());
        assertThat(
                "what was recorded is answered the same",
                vote(build, latest(build).id(), "bob", VoteDecision.APPROVED, ""),
                instanceOf(VoteResult.Recorded.class));
        assertEquals(Status.BLOCKED, latest(build).status());
        assertThat(
                as("root").getPage(build, "deployment-gate/").getWebResponse().getContentAsString(),
                containsString("This environment is no longer protected"));
        protect("production", 1, "bob");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void withoutApproversTheHoldersOfThePermissionApprove() throws Exception {
        protect("open", 1);
        j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .toEveryone()
                .grant(DeploymentPermissions.APPROVE)
                .everywhere()
                .to("dave")
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("root"));
        try {
            WorkflowRun build =
                    blocked(j, pipeline("permission-" + System.nanoTime(), "deploymentGate 'open'"), "alice");
            VoteResult stranger = vote(build, latest(build).id(), "bob", VoteDecision.APPROVED, "");
            assertThat(stranger, instanceOf(VoteResult.Refused.class));
            approve(build, "dave");
            ended(j, Result.SUCCESS, build);
            WorkflowRun byAdministrator = blocked(j, build.getParent(), "alice");
            approve(byAdministrator, "root");
            ended(j, Result.SUCCESS, byAdministrator);
        } finally {
            World.people(j);
        }
    }

    @Test
    void groupsApproveByWhatTheVoterIsInNow() throws Exception {
        JenkinsRule.DummySecurityRealm realm = j.createDummySecurityRealm();
        realm.addGroups("dave", "managers");
        j.jenkins.setSecurityRealm(realm);
        ProtectedEnvironment environment = new ProtectedEnvironment("grouped");
        environment.setApprovers(List.of(new GroupApprover("managers")));
        protect(environment);
        WorkflowRun build = blocked(j, pipeline("group-" + System.nanoTime(), "deploymentGate 'grouped'"), "alice");
        assertThat(
                vote(build, latest(build).id(), "bob", VoteDecision.APPROVED, ""),
                instanceOf(VoteResult.Refused.class));
        approve(build, "dave");
        ended(j, Result.SUCCESS, build);
    }
}
