package io.jenkins.plugins.deploymentgate.ui;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.rule;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.World.withRules;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.config.UserApprover;
import java.net.URL;
import java.util.List;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule.WebClient;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What people see and press, with crumbs on. */
@WithJenkins
class ApprovalPageTest extends PageTestCase {

    private static final String HOSTILE = "<script>alert('x')</script>\u001B[31m\n[Pipeline] forged line";

    @Test
    void oneApprovalThroughThePage() throws Exception {
        WorkflowRun build = waiting("production");
        HtmlPage page = page("bob", build);
        assertThat(page.asNormalizedText(), containsString("production"));
        assertThat(page.asNormalizedText(), containsString("Blocked, waiting for approval"));
        assertThat(page.asNormalizedText(), containsString("0 of 1"));
        assertThat(page.asNormalizedText(), containsString("alice"));
        HtmlPage after = press(form(page, build), "approved", "looks good");
        assertEquals(200, code(after));
        assertThat(after.asNormalizedText(), containsString("looks good"));
        assertThat(after.asNormalizedText(), containsString("1 of 1"));
        assertThat(after.getUrl().getPath(), containsString(build.getUrl() + "deployment-gate/"));
        ended(j, Result.SUCCESS, build);
        assertThat(page("bob", build).asNormalizedText(), containsString("Successful"));
    }

    @Test
    void eachRuleSaysWhoHasApprovedAndWhoMay() throws Exception {
        UserApprover bob = new UserApprover("bob");
        UserApprover carol = new UserApprover("carol");
        UserApprover dave = new UserApprover("dave");
        protect(withRules("ruled", rule("Quality", 1, carol, dave), rule("Operations", 1, bob, dave)));
        WorkflowRun build = waiting("ruled");
        approve(build, "carol");
        assertThat(
                page("bob", build).asNormalizedText(),
                containsString("ruled: Quality\n1 of 1: carol\nruled: Operations\n0 of 1\nApprovers: bob, dave\n"));
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        assertThat(
                page("dave", build).asNormalizedText(),
                containsString("ruled: Operations\n1 of 1: bob\nApprovers: bob, dave\n"));
    }

    @Test
    void twoApprovalsByTwoPeople() throws Exception {
        WorkflowRun build = waiting("two");
        press(form(page("bob", build), build), "approved", "first");
        HtmlPage again = page("bob", build);
        assertThat(again.asNormalizedText(), containsString("1 of 2"));
        assertThat(again.asNormalizedText(), containsString("You approved this deployment."));
        assertTrue(again.getForms().stream()
                .noneMatch(form -> form.getNameAttribute().startsWith("vote-")));
        assertTrue(build.isBuilding());
        press(form(page("dave", build), build), "approved", "second");
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("bob approved the deployment to two (1 of 2): first", build);
        j.assertLogContains("dave approved the deployment to two (2 of 2): second", build);
    }

    @Test
    void anApprovalIsTakenBackOnThePageAndStaysInTheHistory() throws Exception {
        WorkflowRun build = waiting("two");
        HtmlPage voted = press(form(page("bob", build), build), "approved", "too early");
        HtmlPage after = voted.getFormByName("withdraw-" + latest(build).id())
                .getElementsByTagName("button")
                .get(0)
                .click();
        assertEquals(200, code(after));
        assertThat(after.asNormalizedText(), containsString("0 of 2"));
        assertThat(after.asNormalizedText(), containsString("bob withdrew the approval"));
        assertThat(after.asNormalizedText(), containsString("too early"));
        j.assertLogContains("bob withdrew the approval of the deployment to two (0 of 2)", build);
        approve(build, "carol");
        press(form(page("bob", build), build), "approved", "now");
        ended(j, Result.SUCCESS, build);
        WebClient browser = as("bob");
        WebRequest late =
                new WebRequest(new URL(voteUrl(build).toString().replace("/vote", "/withdraw")), HttpMethod.POST);
        browser.addCrumb(late);
        assertEquals(409, code(browser.getPage(late)), "too late");
        assertEquals(405, code(as("bob").getPage(late.getUrl())));
    }

    @Test
    void aRejectionIsBehindAConfirmationAndFailsTheBuild() throws Exception {
        WorkflowRun build = waiting("production");
        HtmlPage page = page("carol", build);
        DomElement confirmation = page.querySelector("details button[value=rejected]");
        assertNotNull(confirmation, "it takes a second look to reject");
        assertNull(page.querySelector("details[open]"));
        press(form(page, build), "rejected", "not on a Friday");
        ended(j, Result.FAILURE, build);
        HtmlPage after = page("alice", build);
        assertThat(after.asNormalizedText(), containsString("Rejected"));
        assertThat(after.asNormalizedText(), containsString("not on a Friday"));
    }

    @Test
    void thePageHasNoInlineScript() throws Exception {
        WorkflowRun build = waiting("production");
        HtmlPage page = page("bob", build);
        assertNull(page.querySelector("#main-panel script:not([src])"));
        assertThat(page.querySelector("#main-panel").asXml(), not(containsString("onclick")));
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void anApiTokenNeedsNoCrumb() throws Exception {
        WorkflowRun build = waiting("production");
        WebClient script = j.createWebClient().withBasicApiToken("bob");
        WebRequest request = new WebRequest(voteUrl(build), HttpMethod.POST);
        request.setRequestParameters(List.of(status("approved"), new NameValuePair("comment", "by a script")));
        assertEquals(200, code(script.getPage(request)));
        assertEquals("by a script", latest(build).approvals().get(0).comment());
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void hostileTextsStayTexts() throws Exception {
        WorkflowJob job = job(
                "deploymentGate(environment: 'production', message: '<img src=x onerror=alert(1)>\\n\\u001b[31mred')");
        ProtectedEnvironment environment = protect("production", 1, "bob");
        environment.setInstructions("<b>bold</b> & co");
        protect(environment);
        WorkflowRun build = blocked(j, job, "alice");
        HtmlPage page = page("bob", build);
        assertThat(page.asNormalizedText(), containsString("<img src=x onerror=alert(1)>"));
        assertThat(page.asNormalizedText(), containsString("<b>bold</b> & co"));
        assertNull(page.querySelector("#main-panel dd img"));
        HtmlPage after = press(form(page, build), "approved", HOSTILE);
        assertThat(after.asNormalizedText(), containsString("<script>alert('x')</script>"));
        assertNull(after.querySelector("#main-panel script:not([src])"));
        ended(j, Result.SUCCESS, build);
        String line = build.getLog(1000).stream()
                .filter(text -> text.contains("bob approved"))
                .findFirst()
                .orElseThrow();
        assertThat(line, containsString("[Pipeline] forged line"));
        assertFalse(line.contains("\u001B"), "no control characters in the console");
    }

    @Test
    void theSidePanelLinksAndTheBadgeShowsWhileBlocked() throws Exception {
        WorkflowRun build = waiting("production");
        assertNotNull(as("alice").getPage(build).querySelector("#side-panel a[href$='/deployment-gate']"));
        HtmlPage jobPage = as("alice").getPage(build.getParent());
        assertEquals(1, badges(build));
        assertNotNull(jobPage);
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        assertEquals(0, badges(build));
        WorkflowRun plain = start(job("echo 'no gate'"), "alice");
        ended(j, Result.SUCCESS, plain);
        assertNull(as("alice").getPage(plain).querySelector("#side-panel a[href$='/deployment-gate']"));
    }

    private static int badges(WorkflowRun build) throws Exception {
        WebClient browser = as("alice");
        String history = browser.goTo(build.getParent().getUrl() + "buildHistory/ajax", null)
                .getWebResponse()
                .getContentAsString();
        return history.split("class=\"deployment-gate-badge\"", -1).length - 1;
    }

    @Test
    void anUnknownDeploymentIsNotFound() throws Exception {
        WorkflowRun build = waiting("production");
        assertEquals(404, code(as("bob").getPage(build, "deployment-gate/1/")));
        assertEquals(404, code(as("bob").getPage(build, "deployment-gate/..%2f..%2f/")));
        HtmlPage one =
                as("bob").getPage(build, "deployment-gate/" + latest(build).id() + "/");
        assertThat(
                one.getUrl().toString(),
                containsString("#deployment-" + latest(build).id()));
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
    }
}
