package io.jenkins.plugins.deploymentgate.browser;

import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;

import com.microsoft.playwright.Browser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.jvnet.hudson.test.JenkinsRule;

/**
 * People at their browsers, before a controller with two environments. Whatever a test does, no page may break the
 * content security policy, run a script that somebody has written into a field, or have an error in a script.
 */
abstract class BrowserCases {

    static JenkinsRule j;
    private static Chromium chromium;
    private static Gallery gallery;
    private static final Map<String, String> SESSIONS = new HashMap<>();

    private final List<Visitor> visitors = new ArrayList<>();
    private int jobs;

    static void place(JenkinsRule rule, Chromium browser) {
        j = rule;
        chromium = browser;
        SESSIONS.clear();
        gallery = null;
    }

    static Gallery gallery() throws Exception {
        if (gallery == null) {
            gallery = new Gallery(j);
        }
        return gallery;
    }

    @BeforeEach
    void protectEnvironments() {
        protect("production", 1, "bob", "carol");
        protect("two", 2, "bob", "carol", "dave");
    }

    @AfterEach
    void everybodyLeavesAndNoPageHasDoneWrong() {
        visitors.forEach(Visitor::leave);
        visitors.forEach(Visitor::assertNoComplaints);
    }

    Visitor visitor(String user) throws Exception {
        return visitor(user, new Browser.NewContextOptions());
    }

    Visitor visitor(String user, Browser.NewContextOptions options) throws Exception {
        options.setLocale("en-US").setTimezoneId("Europe/Berlin").setStorageState(SESSIONS.get(user));
        Visitor visitor =
                new Visitor(chromium.browser().newContext(options), j.getURL().toString());
        visitors.add(visitor);
        if (!SESSIONS.containsKey(user)) {
            SESSIONS.put(user, visitor.logIn(user));
        }
        return visitor;
    }

    WorkflowJob job(String script) throws Exception {
        return pipeline("browser-" + System.nanoTime() + "-" + jobs++, script);
    }

    WorkflowRun waiting(String environment) throws Exception {
        return blocked(j, job("deploymentGate '" + environment + "'"), "alice");
    }
}
