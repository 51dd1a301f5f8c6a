package io.jenkins.plugins.deploymentgate.steps;

import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.security.ACLContext;
import hudson.util.FormValidation;
import io.jenkins.plugins.deploymentgate.World;
import java.net.URL;
import java.util.List;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What the Snippet Generator offers for the step, and what it writes. */
@WithJenkins
class SnippetGeneratorTest {

    private static JenkinsRule j;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        j = rule;
        World.people(j);
        protect("production", 1, "bob");
        protect("staging", 0);
        protect("review/*", 1, "bob");
    }

    @Test
    void theSnippetGeneratorWritesTheShortForm() throws Exception {
        assertEquals("deploymentGate 'production'", snippet(new JSONObject().element("environment", "production")));
        JSONObject both = new JSONObject().element("environment", "production").element("message", "Release 1.4.2");
        assertEquals("deploymentGate environment: 'production', message: 'Release 1.4.2'", snippet(both));
        JSONObject release = new JSONObject()
                .element("environment", "production")
                .element("version", "1.4.2")
                .element("url", "https://example.com/");
        assertEquals(
                "deploymentGate environment: 'production', url: 'https://example.com/', version: '1.4.2'",
                snippet(release));
        JSONObject rollback =
                new JSONObject().element("environment", "production").element("allowOlder", true);
        assertEquals("deploymentGate allowOlder: true, environment: 'production'", snippet(rollback));
    }

    @Test
    void theSnippetGeneratorWritesABlock() throws Exception {
        String block = snippet(DeploymentStep.class, new JSONObject().element("environment", "production"));
        assertEquals("deployment('production') { // some block }", block.replaceAll("\\s+", " "));
    }

    /** What the Snippet Generator answers for a form that was filled in so. */
    private static String snippet(JSONObject form) throws Exception {
        return snippet(DeploymentGateStep.class, form);
    }

    private static String snippet(Class<? extends Step> step, JSONObject form) throws Exception {
        JenkinsRule.WebClient browser = World.browser(j, "alice");
        WebRequest request = new WebRequest(
                new URL(
                        j.getURL(),
                        pipeline("snippet-" + System.nanoTime(), "").getUrl() + "pipeline-syntax/generateSnippet"),
                HttpMethod.POST);
        form.element("stapler-class", step.getName());
        form.element("$class", step.getName());
        request.setRequestParameters(List.of(new NameValuePair("json", form.toString())));
        browser.addCrumb(request);
        return browser.getPage(request).getWebResponse().getContentAsString().strip();
    }

    @Test
    void theSnippetGeneratorOffersTheEnvironmentsByName() throws Exception {
        WorkflowJob job = pipeline("snippet-" + System.nanoTime(), "");
        DeploymentGateStep.DescriptorImpl descriptor =
                j.jenkins.getDescriptorByType(DeploymentGateStep.DescriptorImpl.class);
        assertEquals(List.of("production", "staging"), descriptor.doFillEnvironmentItems(job));
        assertEquals(FormValidation.Kind.OK, descriptor.doCheckEnvironment(job, "review/x").kind);
        assertEquals(FormValidation.Kind.ERROR, descriptor.doCheckEnvironment(job, "prod").kind);
        assertEquals(FormValidation.Kind.ERROR, descriptor.doCheckEnvironment(job, " ").kind);
        assertEquals(FormValidation.Kind.OK, descriptor.doCheckVersion("1.4.2").kind);
        assertEquals(FormValidation.Kind.ERROR, descriptor.doCheckVersion("a\nb").kind);
        assertEquals(FormValidation.Kind.OK, descriptor.doCheckUrl("").kind);
        assertEquals(FormValidation.Kind.OK, descriptor.doCheckUrl("https://example.com/").kind);
        assertEquals(FormValidation.Kind.ERROR, descriptor.doCheckUrl("javascript:alert(1)").kind);
        try (ACLContext ignored = World.actingAs("bob")) {
            assertEquals(List.of(), descriptor.doFillEnvironmentItems(job), "bob may not see configurations");
        }
    }
}
