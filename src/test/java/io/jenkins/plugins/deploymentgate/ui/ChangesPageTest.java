package io.jenkins.plugins.deploymentgate.ui;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.awaitBlocked;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.people;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.start;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Item;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.PasswordParameterDefinition;
import hudson.model.PasswordParameterValue;
import hudson.model.Result;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import io.jenkins.plugins.deploymentgate.changes.GitRepository;
import io.jenkins.plugins.deploymentgate.config.DeploymentPermissions;
import java.nio.file.Path;
import java.util.List;
import jenkins.model.Jenkins;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.HtmlAnchor;
import org.htmlunit.html.HtmlElement;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** What am I approving? The changes since what is deployed now, what that is, and the parameters of the build. */
class ChangesPageTest extends PageTestCase {

    private static final String ALICE = "Alice <alice@example.org>";
    private static final String GATE = "deploymentGate environment: 'production', version: env.BUILD_NUMBER + '.0'";

    @TempDir
    private static Path repositories;

    private static WorkflowRun deployed(WorkflowJob job) throws Exception {
        WorkflowRun build = blocked(j, job, "alice");
        approve(build, "bob");
        return ended(j, Result.SUCCESS, build);
    }

    private static void script(WorkflowJob job, String script) throws Exception {
        job.setDefinition(new CpsFlowDefinition(script, true));
    }

    private static String checkedOut(GitRepository repository) {
        return "node { %s }\n%s"
                .formatted(
                        repository
                                .checkout()
                                .replace(
                                        "scmGit(",
                                        "scmGit(browser: [$class: 'GithubWeb', repoUrl:"
                                                + " 'https://git.example.org/shop'], "),
                        GATE);
    }

    private static List<String> titles(HtmlElement part) {
        return part.querySelectorAll(".deployment-gate__title").stream()
                .map(node -> node.getTextContent().strip())
                .toList();
    }

    private static List<String> headings(HtmlElement part) {
        return part.querySelectorAll(".deployment-gate__heading a").stream()
                .map(node -> node.getTextContent().strip())
                .toList();
    }

    private static HtmlPage allChanges(String user, WorkflowRun build) throws Exception {
        return as(user).getPage(build, "deployment-gate/" + latest(build).id() + "/changes");
    }

    @Test
    void theChangesSinceTheLastSuccessfulDeploymentAreGroupedByBuildAndLinked() throws Exception {
        GitRepository repository = new GitRepository(repositories).commit(ALICE);
        WorkflowJob job = job(checkedOut(repository));
        deployed(job);
        repository.commit("Carol <carol@example.org>").commit(ALICE);
        script(job, checkedOut(repository).replace(GATE, "error 'tests failed'"));
        ended(j, Result.FAILURE, start(job, "alice"));
        repository.commit("Dave &amp; Co <dave@example.org>");
        script(job, checkedOut(repository));
        WorkflowRun build = blocked(j, job, "alice");

        HtmlPage page = page("bob", build);
        assertEquals(
                List.of(build.getFullDisplayName(), job.getBuildByNumber(2).getFullDisplayName()),
                headings(page.getBody()));
        assertEquals(List.of("Change 4", "Change 3", "Change 2"), titles(page.getBody()));
        assertThat(page.asNormalizedText(), containsString("Dave &amp; Co"));
        assertThat(page.asNormalizedText(), containsString("Carol"));
        assertThat(page.asNormalizedText(), containsString(job.getFullDisplayName() + " #1 (version 1.0)"));
        assertThat(page.asNormalizedText(), not(containsString("The list may be incomplete")));
        HtmlAnchor commit = page.querySelector(".deployment-gate__commit a");
        assertTrue(
                commit.getHrefAttribute().matches("https://git\\.example\\.org/shop/commit/[0-9a-f]{40}"),
                commit::toString);
        assertEquals(7, commit.getTextContent().strip().length());
    }

    @Test
    void longListsHavePagesOfTheirOwn() throws Exception {
        GitRepository repository = new GitRepository(repositories).commit(ALICE);
        WorkflowJob job = job(checkedOut(repository));
        deployed(job);
        for (int commit = 0; commit < 60; commit++) {
            repository.commit(ALICE);
        }
        WorkflowRun build = blocked(j, job, "alice");
        HtmlPage page = page("bob", build);
        assertEquals(10, titles(page.getBody()).size());
        HtmlPage first = page.getAnchorByText("Show all 60 changes").click();
        assertEquals(50, titles(first.getBody()).size());
        assertEquals("Change 61", titles(first.getBody()).get(0));
        HtmlPage second = first.getAnchorByText("Next").click();
        assertEquals(10, titles(second.getBody()).size());
        assertEquals("Change 2", titles(second.getBody()).get(9));
        assertEquals(List.of(build.getFullDisplayName()), headings(second.getBody()), "each page says of which build");
        assertEquals(
                404,
                code(as("eve").getPage(build, "deployment-gate/" + latest(build).id() + "/changes")));
    }

    @Test
    void whoeverGoesBackIsToldWhatIsTakenBack() throws Exception {
        GitRepository repository = new GitRepository(repositories).commit(ALICE);
        WorkflowJob job = job(checkedOut(repository));
        WorkflowRun older = blocked(j, job, "alice");
        repository.commit(ALICE);
        deployed(job);
        HtmlPage page = page("bob", older);
        assertThat(page.asNormalizedText(), containsString("this deployment is a rollback"));
        assertThat(page.asNormalizedText(), containsString("Changes rolled back"));
        assertEquals(List.of("Change 2"), titles(page.getBody()));
        assertThat(page.asNormalizedText(), containsString(job.getFullDisplayName() + " #2 (version 2.0)"));
    }

    @Test
    void withoutADeploymentBeforeThePageSaysSo() throws Exception {
        WorkflowRun build = waiting("production");
        HtmlPage page = page("bob", build);
        assertThat(page.asNormalizedText(), containsString("No known deployment from this job"));
        assertThat(page.asNormalizedText(), containsString("No changes found."));
        assertThat(page.asNormalizedText(), containsString("The list may be incomplete"));
    }

    @Test
    void aDecidedDeploymentKeepsWhatWasThereBeforeIt() throws Exception {
        WorkflowJob job = job(GATE);
        deployed(job);
        WorkflowRun second = deployed(job);
        deployed(job);
        HtmlPage page = page("bob", second);
        assertThat(page.asNormalizedText(), containsString(job.getFullDisplayName() + " #1 (version 1.0)"));
        assertThat(page.asNormalizedText(), not(containsString("rollback")));
    }

    @Test
    void changesOfJobsThatTheReaderMayNotSeeAreLeftOut() throws Exception {
        GitRepository repository = new GitRepository(repositories).commit(ALICE);
        WorkflowJob upstream = pipeline("secret-" + System.nanoTime(), "");
        script(upstream, "node { " + repository.checkout() + " }");
        ended(j, Result.SUCCESS, start(upstream, null));
        repository.commit(ALICE);
        WorkflowRun cause = ended(j, Result.SUCCESS, start(upstream, null));
        WorkflowJob job = job(GATE);
        WorkflowRun build = job.scheduleBuild2(0, new CauseAction(new Cause.UpstreamCause(cause)))
                .waitForStart();
        awaitBlocked(j, build);
        await().untilAsserted(() ->
                assertEquals(List.of("Change 2"), titles(page("bob", build).getBody())));
        try {
            j.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                    .grant(Jenkins.READ)
                    .everywhere()
                    .toEveryone()
                    .grant(Item.READ, DeploymentPermissions.APPROVE)
                    .onItems(job)
                    .to("bob"));
            HtmlPage page = allChanges("bob", build);
            assertEquals(List.of(), titles(page.getBody()));
            assertThat(page.asNormalizedText(), containsString("Changes of jobs that you cannot read are not shown."));
            assertThat(page.asNormalizedText(), not(containsString(upstream.getName())));
        } finally {
            people(j);
        }
    }

    @Test
    void theParametersOfTheBuildAreShownWithoutSecrets() throws Exception {
        WorkflowJob job = job("deploymentGate 'production'");
        job.addProperty(new ParametersDefinitionProperty(
                new StringParameterDefinition("REGION", "north"), new PasswordParameterDefinition("KEY", "", "")));
        WorkflowRun build = job.scheduleBuild2(
                        0,
                        new CauseAction(new Cause.UserIdCause("alice")),
                        new ParametersAction(
                                new StringParameterValue("REGION", "<b>south</b>"),
                                new PasswordParameterValue("KEY", "hunter2")))
                .waitForStart();
        awaitBlocked(j, build);
        DomElement list = page("bob", build).querySelector(".deployment-gate__parameters");
        assertEquals("REGION = <b>south</b>\nKEY = ********", list.asNormalizedText());
    }

    @Test
    void theTimelineTellsWhatHasHappenedInOrder() throws Exception {
        WorkflowRun build = waiting("two");
        approve(build, "bob");
        page("bob", build)
                .getFormByName("withdraw-" + latest(build).id())
                .<HtmlElement>querySelector("button")
                .click();
        press(form(page("bob", build), build), "approved", "now <i>really</i>");
        approve(build, "carol");
        ended(j, Result.SUCCESS, build);
        List<String> entries = page("dave", build).querySelectorAll(".deployment-gate__entry > div").stream()
                .map(node -> node.getTextContent().strip().replaceAll("\\s+", " "))
                .toList();
        assertEquals(
                List.of(
                        "alice requested the deployment",
                        "bob approved",
                        "bob withdrew the approval",
                        "bob approved",
                        "carol approved",
                        "Released",
                        "Successful"),
                entries);
        assertThat(page("dave", build).asNormalizedText(), containsString("now <i>really</i>"));
    }

    @Test
    void whoeverMayVoteIsToldWhatThatWillDo() throws Exception {
        WorkflowRun build = waiting("two");
        assertThat(page("bob", build).asNormalizedText(), containsString("1 more approval is needed after yours."));
        approve(build, "bob");
        assertThat(
                page("carol", build).asNormalizedText(),
                containsString("Your approval is the last one needed. The build continues immediately."));
        assertThat(page("mallory", build).asNormalizedText(), not(containsString("Your approval")));
    }
}
