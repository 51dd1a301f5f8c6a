package io.jenkins.plugins.deploymentgate.ui;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import hudson.model.Result;
import java.net.URL;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlElement;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule.WebClient;

/** Pages ask whether they are still right, and the overview of a build shows its deployments at a glance. */
class LivePageTest extends PageTestCase {

    private static Page ask(WebClient browser, String address, String tag) throws Exception {
        WebRequest request = new WebRequest(new URL(j.getURL(), address));
        request.setAdditionalHeader("If-None-Match", tag);
        browser.setThrowExceptionOnFailingStatusCode(false);
        return browser.getPage(request);
    }

    private static HtmlElement live(HtmlPage page) {
        return page.querySelector(".deployment-gate-live");
    }

    @Test
    void aPageIsToldWhenAnybodyHasVotedAndWhenNothingWillChangeAnyMore() throws Exception {
        WorkflowRun build = waiting("two");
        WebClient bob = as("bob");
        String address = build.getUrl() + "deployment-gate/state";
        HtmlElement loaded = live(bob.getPage(build, "deployment-gate/"));
        assertEquals("true", loaded.getAttribute("data-open"));
        assertThat(loaded.getAttribute("data-url"), containsString(address));
        String tag = loaded.getAttribute("data-tag");
        Page same = ask(bob, address, tag);
        assertEquals(304, code(same));
        assertEquals("", same.getWebResponse().getContentAsString());

        approve(build, "carol");
        Page changed = ask(bob, address, tag);
        assertEquals(200, code(changed));
        assertEquals("{\"open\":true}", changed.getWebResponse().getContentAsString());
        assertNotEquals(tag, changed.getWebResponse().getResponseHeaderValue("ETag"));

        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        Page over = ask(bob, address, tag);
        assertEquals("{\"open\":false}", over.getWebResponse().getContentAsString());
        assertEquals("false", live(bob.getPage(build, "deployment-gate/")).getAttribute("data-open"));
        assertEquals(404, code(ask(as("eve"), address, tag)));
    }

    @Test
    void theDeskIsToldWhenSomethingElseWaits() throws Exception {
        WebClient bob = as("bob");
        String tag = live(bob.goTo("deployments/")).getAttribute("data-tag");
        assertEquals(304, code(ask(bob, "deployments/state", tag)));
        waiting("production");
        Page changed = ask(bob, "deployments/state", tag);
        assertEquals(200, code(changed));
        assertEquals(
                changed.getWebResponse().getResponseHeaderValue("ETag"),
                live(bob.goTo("deployments/")).getAttribute("data-tag"));
    }

    @Test
    void theOverviewOfABuildShowsItsDeploymentsAtAGlance() throws Exception {
        WorkflowRun build = waiting("two");
        approve(build, "bob");
        HtmlPage page = as("alice").getPage(build);
        assertThat(page.asNormalizedText(), containsString("two: Blocked, waiting for approval, 1 of 2 approvals"));
        DeploymentDetail detail = (DeploymentDetail)
                new DeploymentDetail.Factory().createFor(build).get(0);
        assertEquals("two: Blocked, waiting for approval", detail.getDisplayName());
        assertEquals("symbol-status-nobuilt", detail.getIconClassName());
        approve(build, "carol");
        ended(j, Result.SUCCESS, build);
        assertThat(as("alice").getPage(build).asNormalizedText(), containsString("two: Successful"));
        assertEquals(1, new DeploymentDetail.Factory().createFor(build).size());
        assertEquals(
                0,
                new DeploymentDetail.Factory()
                        .createFor(ended(
                                j,
                                Result.SUCCESS,
                                job("echo 'no gate'").scheduleBuild2(0).waitForStart()))
                        .size());
    }
}
