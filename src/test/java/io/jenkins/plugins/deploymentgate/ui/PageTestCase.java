package io.jenkins.plugins.deploymentgate.ui;

import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;

import io.jenkins.plugins.deploymentgate.WorldTestCase;
import java.net.URL;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.jvnet.hudson.test.JenkinsRule.WebClient;

/** A controller with two environments, and what people do with its pages. */
abstract class PageTestCase extends WorldTestCase {

    private static final Map<String, WebClient> BROWSERS = new HashMap<>();

    private int jobs;

    @AfterAll
    static void closeBrowsers() {
        BROWSERS.values().forEach(WebClient::close);
        BROWSERS.clear();
    }

    @BeforeEach
    void protectEnvironments() {
        protect("production", 1, "bob", "carol");
        protect("two", 2, "bob", "carol", "dave");
    }

    WorkflowJob job(String script) throws Exception {
        return pipeline("page-" + System.nanoTime() + "-" + jobs++, script);
    }

    WorkflowRun waiting(String environment) throws Exception {
        return blocked(j, job("deploymentGate '" + environment + "'"), "alice");
    }

    /**
     * The browser of somebody, in which they are logged in. No scripts run in it: those of Jenkins take most of the time of a
     * page. A real browser runs those of the plugin, see the package {@code browser}.
     */
    static WebClient as(String user) throws Exception {
        WebClient known = BROWSERS.get(user);
        if (known != null) {
            return known;
        }
        WebClient browser = j.createWebClient();
        browser.setThrowExceptionOnFailingStatusCode(false);
        browser.getOptions().setJavaScriptEnabled(false);
        // Not led to the page where people log in.
        browser.setRefreshHandler((page, address, seconds) -> {});
        BROWSERS.put(user, browser);
        return user == null ? browser : browser.login(user);
    }

    static HtmlPage page(String user, WorkflowRun build) throws Exception {
        return as(user).getPage(build, "deployment-gate/");
    }

    static HtmlForm form(HtmlPage page, WorkflowRun build) throws Exception {
        return page.getFormByName("vote-" + latest(build).id());
    }

    static HtmlPage press(HtmlForm form, String status, String comment) throws Exception {
        form.getTextAreaByName("comment").setText(comment);
        return form.getButtonsByName("status").stream()
                .filter(button -> button.getValueAttribute().equals(status))
                .findFirst()
                .orElseThrow()
                .click();
    }

    static Page post(String user, WorkflowRun build, boolean crumb, NameValuePair... parameters) throws Exception {
        WebClient browser = as(user);
        WebRequest request = new WebRequest(voteUrl(build), HttpMethod.POST);
        request.setRequestParameters(List.of(parameters));
        if (crumb) {
            browser.addCrumb(request);
        }
        return browser.getPage(request);
    }

    static URL voteUrl(WorkflowRun build) throws Exception {
        return new URL(
                j.getURL(), build.getUrl() + "deployment-gate/" + latest(build).id() + "/vote");
    }

    static NameValuePair status(String status) {
        return new NameValuePair("status", status);
    }

    static int code(Page page) {
        return page.getWebResponse().getStatusCode();
    }
}
