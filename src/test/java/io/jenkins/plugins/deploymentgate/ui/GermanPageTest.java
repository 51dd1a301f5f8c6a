package io.jenkins.plugins.deploymentgate.ui;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import java.util.Locale;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule.WebClient;
import org.jvnet.localizer.LocaleProvider;
import org.kohsuke.stapler.Stapler;
import org.kohsuke.stapler.StaplerRequest2;

/** Whoever prefers German is served in German. */
class GermanPageTest extends PageTestCase {

    private LocaleProvider before;

    /** Jenkins does so when it starts as a web application, which it does not here. */
    @BeforeEach
    void speakTheLanguageOfTheRequest() {
        before = LocaleProvider.getProvider();
        LocaleProvider.setProvider(new LocaleProvider() {
            @Override
            public Locale get() {
                StaplerRequest2 request = Stapler.getCurrentRequest2();
                return request == null ? Locale.getDefault() : request.getLocale();
            }
        });
    }

    @AfterEach
    void speakAsBefore() {
        LocaleProvider.setProvider(before);
    }

    private static WebClient inGerman(String user) throws Exception {
        WebClient browser = as(user);
        browser.addRequestHeader("Accept-Language", "de");
        return browser;
    }

    @Test
    void thePagesAreInGerman() throws Exception {
        WorkflowRun build = waiting("two");
        approve(build, "carol");
        HtmlPage page = inGerman("bob").getPage(build, "deployment-gate/");
        assertThat(page.asNormalizedText(), containsString("Blockiert, wartet auf Freigabe"));
        assertThat(page.asNormalizedText(), containsString("carol hat freigegeben"));
        assertThat(page.asNormalizedText(), containsString("Ihre Freigabe ist die letzte erforderliche."));
        assertThat(page.asNormalizedText(), containsString("Freigeben"));
        assertThat(page.asNormalizedText(), not(containsString("Approve")));
        HtmlPage refused = inGerman("mallory").getPage(build, "deployment-gate/");
        assertThat(
                refused.asNormalizedText(),
                containsString(
                        "Sie können nicht abstimmen: Sie dürfen Deployments in diese Umgebung nicht freigeben."));
        HtmlPage desk = inGerman("bob").goTo("deployments/");
        assertThat(desk.asNormalizedText(), containsString("Wartet auf mich"));
        assertThat(desk.asNormalizedText(), containsString("Auswahl freigeben"));
        HtmlPage form = inGerman("root").goTo("manage/protected-environments/");
        assertThat(form.asNormalizedText(), containsString("Geschützte Umgebungen"));
        assertThat(form.asNormalizedText(), containsString("Erforderliche Freigaben"));
    }

    @Test
    void theConsoleSpeaksTheLanguageOfTheServer() throws Exception {
        WorkflowRun build = waiting("two");
        HtmlPage page = inGerman("bob").getPage(build, "deployment-gate/");
        HtmlForm form = page.querySelector("form[action$='vote']");
        HtmlButton approve = form.querySelector("button[value=approved]");
        approve.click();
        j.assertLogContains("bob approved the deployment to two (1 of 2)", build);
        approve(build, "carol");
        j.assertBuildStatusSuccess(j.waitForCompletion(build));
    }
}
