package io.jenkins.plugins.deploymentgate.search;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.browser;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.people;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.search.ReadModelLifecycleTest.list;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Result;
import hudson.util.Secret;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.deploymentgate.config.DeploymentDatabaseConfiguration;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentList;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.core.index.PostgreSqlServer;
import io.jenkins.plugins.deploymentgate.core.index.ReadModel;
import io.jenkins.plugins.deploymentgate.records.UnavailableException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlInput;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Lists from a PostgreSQL database, also while it is away. */
@WithJenkins
class SharedDatabaseTest {

    private JenkinsRule j;

    @BeforeEach
    void world(JenkinsRule rule) {
        j = rule;
        people(j);
        protect("production", 1, "bob");
        protect("open", 0);
    }

    private static List<DeploymentSummary> everything() {
        return list(DeploymentScope.EVERYWHERE).entries();
    }

    private static void configure(ReadModel.Server server) {
        DeploymentDatabaseConfiguration database = DeploymentDatabaseConfiguration.get();
        database.setUser(server.user());
        database.setPassword(Secret.fromString(server.password()));
        database.setUrl(server.url());
    }

    private static void awaitComplete() {
        // A database that was away is tried again every ten seconds.
        await().atMost(Duration.ofMinutes(1)).until(() -> DeploymentSearch.get().isComplete());
    }

    @Test
    void listsMoveToTheDatabaseAndNothingWaitsForOneThatIsAway() throws Exception {
        ended(j, Result.SUCCESS, start());
        try (PostgreSqlServer server = PostgreSqlServer.start()) {
            configure(server.address(""));
            awaitComplete();
            assertEquals(1, everything().size(), "what was there before was read from the records");
            WorkflowRun waiting = blocked(j, pipeline("waiting", "deploymentGate 'production'"), "alice");
            assertEquals(Status.BLOCKED, everything().get(1).status());
            server.stop();
            assertEquals(DeploymentList.UNKNOWN, list(DeploymentScope.EVERYWHERE));
            assertThrows(
                    UnavailableException.class, () -> DeploymentSearch.get().checkAvailable());
            approve(waiting, "bob");
            ended(j, Result.SUCCESS, waiting);
            assertFalse(DeploymentSearch.get().isComplete());
            server.startAgain();
            awaitComplete();
            assertEquals(2, everything().size());
            assertEquals(Status.SUCCESS, everything().get(1).status());
            try (ReadModel other = ReadModel.connect(server.address("another controller"))) {
                assertEquals(
                        0,
                        other.environments(DeploymentScope.EVERYWHERE, false, job -> true)
                                .size());
            }
            assertVotesAreListedSoon(2);
            DeploymentDatabaseConfiguration.get().setUrl("");
            awaitComplete();
            assertEquals(7, everything().size());
        }
    }

    /** Votes on new deployments, and takes the time from each answer to the list that shows the vote. */
    private void assertVotesAreListedSoon(int before) throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            WorkflowRun voted = blocked(j, pipeline("voted" + i, "deploymentGate 'production'"), "alice");
            approve(voted, "bob");
            long answered = System.nanoTime();
            DeploymentSummary listed = everything().get(before + i);
            millis.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - answered));
            assertEquals(List.of("bob"), listed.voters());
            ended(j, Result.SUCCESS, voted);
        }
        System.out.println("Milliseconds from the answer to the list that shows it, on PostgreSQL: " + millis);
        assertTrue(millis.stream().sorted().toList().get(2) < 100, millis.toString());
    }

    private static WorkflowRun start() throws Exception {
        return io.jenkins.plugins.deploymentgate.World.start(pipeline("done", "deploymentGate 'open'"), "alice");
    }

    /** Other sections of the page have inputs of the same names. */
    private static HtmlInput input(HtmlForm form, String name) {
        return form.getFirstByXPath("(//*[normalize-space(text())='Database of the lists of deployments']"
                + "/following::input[@name='" + name + "'])[1]");
    }

    @Test
    void theFormKeepsTheAddressAndHidesThePassword() throws Exception {
        DeploymentDatabaseConfiguration database = DeploymentDatabaseConfiguration.get();
        JenkinsRule.WebClient administrator = browser(j, "root");
        // The form needs it.
        administrator.getOptions().setJavaScriptEnabled(true);
        HtmlForm form = administrator.goTo("configure").getFormByName("config");
        input(form, "_.url").setValue("jdbc:postgresql://127.0.0.1:1/none");
        input(form, "_.user").setValue("jenkins");
        database.setPassword(Secret.fromString("very secret"));
        j.submit(form);
        assertEquals("jdbc:postgresql://127.0.0.1:1/none", database.getUrl());
        assertEquals("jenkins", database.getUser());
        String page = administrator.goTo("configure").getWebResponse().getContentAsString();
        assertFalse(page.contains("very secret"));
        assertFalse(Files.readString(j.jenkins.getRootDir().toPath().resolve(database.getId() + ".xml"))
                .contains("very secret"));
        assertThrows(IllegalArgumentException.class, () -> database.setUrl("jdbc:h2:mem:"));
        ByteArrayOutputStream exported = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(exported);
        String code = exported.toString(StandardCharsets.UTF_8);
        assertTrue(code.contains("deploymentDatabase:") && code.contains("url: \"jdbc:postgresql:"), code);
        assertFalse(code.contains("very secret"));
    }
}
