package io.jenkins.plugins.deploymentgate.config;

import static io.jenkins.plugins.deploymentgate.World.environment;
import static io.jenkins.plugins.deploymentgate.World.folder;
import static io.jenkins.plugins.deploymentgate.World.pipelineIn;
import static io.jenkins.plugins.deploymentgate.World.protectIn;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Item;
import java.net.URL;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsRule.WebClient;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A team's folder and another one, people with different rights, and their browsers. */
@WithJenkins
abstract class ScopePageTestCase {

    static final String PAGE = "protected-environments/";

    static final Map<String, WebClient> browsers = new HashMap<>();
    static JenkinsRule j;
    static Folder team;
    static Folder other;
    static WorkflowJob deploy;

    /**
     * Everybody reads jobs. Mona manages the team, Otto another folder, Gina all of Jenkins, Connie configures jobs, and
     * Rita reads the configuration of the system.
     */
    @BeforeAll
    static void startJenkins(JenkinsRule rule) throws Exception {
        j = rule;
        team = folder(null, "team");
        other = folder(null, "other");
        deploy = pipelineIn(team, "deploy", "deploymentGate 'production'");
        j.jenkins.setSecurityRealm(j.createDummySecurityRealm());
        j.jenkins.setAuthorizationStrategy(strategy());
    }

    static MockAuthorizationStrategy strategy() {
        return new MockAuthorizationStrategy()
                .grant(Jenkins.READ, Item.READ)
                .everywhere()
                .toEveryone()
                .grant(Jenkins.ADMINISTER)
                .everywhere()
                .to("root")
                .grant(DeploymentPermissions.MANAGE)
                .onFolders(team)
                .to("mona")
                .grant(DeploymentPermissions.MANAGE)
                .onFolders(other)
                .to("otto")
                .grant(DeploymentPermissions.MANAGE)
                .everywhere()
                .to("gina")
                .grant(Item.CONFIGURE)
                .everywhere()
                .to("connie")
                .grant(Jenkins.SYSTEM_READ)
                .everywhere()
                .to("rita");
    }

    @BeforeEach
    void protectProduction() {
        protectIn(team, environment("production", 2, "bob", "carol"));
        protectIn(other);
        protectIn(deploy);
        DeploymentGateConfiguration.get().setEnvironments(List.of(environment("production", 1, "bob")));
    }

    @AfterEach
    void closeBrowsers() {
        browsers.values().forEach(WebClient::close);
        browsers.clear();
    }

    /** The browser of somebody, in which they are logged in and no scripts run. */
    static WebClient as(String user) throws Exception {
        WebClient browser = browsers.get(user);
        if (browser == null) {
            browser = j.createWebClient();
            browsers.put(user, browser);
            browser.setThrowExceptionOnFailingStatusCode(false);
            browser.getOptions().setJavaScriptEnabled(false);
            if (!"anonymous".equals(user)) {
                browser.login(user);
            }
        }
        browser.getOptions().setJavaScriptEnabled(false);
        return browser;
    }

    /** The page with its scripts, which a form needs. */
    static HtmlForm form(String user, String address) throws Exception {
        WebClient browser = as(user);
        browser.getOptions().setJavaScriptEnabled(true);
        return browser.goTo(address + PAGE).getFormByName("config");
    }

    static HtmlPage page(String user, Item item) throws Exception {
        return as(user).goTo(item.getUrl() + PAGE);
    }

    static Page save(String user, String address, String json) throws Exception {
        WebClient browser = as(user);
        WebRequest request = new WebRequest(new URL(j.getURL(), address + PAGE + "save"), HttpMethod.POST);
        request.setRequestParameters(List.of(new NameValuePair("json", json)));
        browser.addCrumb(request);
        return browser.getPage(request);
    }

    static List<String> names(ProtectionScope scope) {
        return scope.getEnvironments().stream()
                .map(ProtectedEnvironment::getName)
                .toList();
    }
}
