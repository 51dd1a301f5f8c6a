package io.jenkins.plugins.deploymentgate.cli;

import static hudson.cli.CLICommandInvoker.Matcher.succeeded;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.cli.CLICommandInvoker;
import hudson.model.Result;
import hudson.model.User;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.audit.Ledger;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What scripts and people do from the command line. */
@WithJenkins
class DeploymentCommandsTest {

    private static JenkinsRule j;

    private String job;
    private WorkflowRun build;
    private String id;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        j = rule;
        World.people(j);
        protect("production", 1, "bob");
    }

    @BeforeEach
    void deploy() throws Exception {
        job = "cli-" + System.nanoTime();
        build = blocked(j, pipeline(job, "deploymentGate 'production'"), "alice");
        id = String.valueOf(latest(build).id());
    }

    private static CLICommandInvoker.Result run(String user, String command, String... arguments) {
        return new CLICommandInvoker(j, "deployment-gate-" + command)
                .asUser(User.getById(user, true).getId())
                .invokeWithArgs(arguments);
    }

    private static JsonNode json(CLICommandInvoker.Result result) throws Exception {
        assertThat(result, succeeded());
        return new ObjectMapper().readTree(result.stdout());
    }

    @Test
    void anApprovalLetsTheBuildGoOn() throws Exception {
        CLICommandInvoker.Result result = run("bob", "approve", id, "--comment", "fine");
        assertThat(result, succeeded());
        assertThat(result.stdout(), containsString(id + "\trunning\tproduction\t" + job + " #1\talice\t0"));
        assertThat(result.stdout(), containsString("approved\tbob\tfine"));
        ended(j, Result.SUCCESS, build);
        assertThat(run("bob", "approve", id), succeeded());
        assertEquals(
                "success", json(run("bob", "show", id, "--json")).path("status").asText());
        assertEquals(1, latest(build).approvals().size());
    }

    @ParameterizedTest
    @CsvSource({"-http, cli 127.0.0.1", "-webSocket, cli"})
    void theLedgerKnowsACommandHoweverItCame(String way, String origin, @TempDir File directory) throws Exception {
        File jar = new File(directory, "cli.jar");
        FileUtils.copyURLToFile(j.jenkins.getJnlpJars("jenkins-cli.jar").getURL(), jar);
        String bob = "bob:" + j.createApiToken(User.getById("bob", true));
        Process client = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        jar.getPath(),
                        "-s",
                        j.getURL().toString(),
                        way,
                        "-auth",
                        bob,
                        "deployment-gate-approve",
                        id)
                .redirectErrorStream(true)
                .start();
        String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, client.waitFor(), said);
        assertEquals(List.of(origin), Ledger.originsOf(build, "bob"));
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void aVoteThatTheLedgerCannotBeToldOfIsAnsweredInWordsAndMayBeRepeated() throws Exception {
        Ledger.fail();
        try {
            CLICommandInvoker.Result result = run("bob", "approve", id);
            assertEquals(5, result.returnCode());
            assertThat(result.stderr(), containsString("the audit ledger cannot be written"));
            assertThat(result.stderr(), not(containsString("Exception")));
            assertEquals("", result.stdout());
            assertTrue(build.isBuilding());
        } finally {
            Ledger.heal();
        }
        assertThat(run("bob", "approve", id), succeeded());
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void aRejectionFailsTheBuild() throws Exception {
        JsonNode rejected = json(run("bob", "reject", id, "--comment", "no", "--json"));
        assertEquals("deployment_rejected", rejected.path("failure_reason").asText());
        ended(j, Result.FAILURE, build);
    }

    @Test
    void whatIsRefusedHasAnExitCodeOfItsOwnAndSaysWhy() throws Exception {
        for (String user : List.of("alice", "mallory")) {
            CLICommandInvoker.Result result = run(user, "approve", id);
            assertEquals(16, result.returnCode());
            assertThat(result.stderr(), not(containsString("Exception")));
            assertEquals("", result.stdout());
        }
        assertEquals(16, run("bob", "approve", id, "--rule", "none").returnCode());
        assertEquals(Status.BLOCKED, latest(build).status());
        assertEquals(3, run("bob", "approve", "1").returnCode());
        assertEquals(2, run("bob", "approve", "many").returnCode());
        assertEquals(2, run("bob", "approve").returnCode());
        build.doStop();
    }

    @Test
    void listsAreNarrowedAndAreJsonOnDemand() throws Exception {
        CLICommandInvoker.Result list = run("mallory", "list", "--job", job, "--status", "blocked");
        assertThat(list, succeeded());
        assertEquals(
                id + "\tblocked\tproduction\t" + job + " #1\talice\t1",
                list.stdout().strip());
        assertEquals(
                "", run("mallory", "list", "--job", job, "--status", "failed").stdout());
        assertEquals(
                "",
                run("mallory", "list", "--job", job, "--environment", "staging").stdout());
        JsonNode json = json(run("mallory", "list", "--job", job, "--limit", "1", "--json"));
        assertEquals(id, json.path(0).path("id").asText());
        assertEquals(3, run("mallory", "list", "--status", "great").returnCode());
        assertEquals(3, run("mallory", "list", "--limit", "0").returnCode());
        assertEquals(
                "production\tblocked\t",
                run("mallory", "environments", job).stdout().replaceAll("[\\r\\n]", ""));
        assertEquals(
                "production",
                json(run("mallory", "environments", job, "--json"))
                        .path(0)
                        .path("name")
                        .asText());
        build.doStop();
    }

    @Test
    void whoMayNotReadTheJobFindsNothing() throws Exception {
        assertEquals("", run("eve", "list").stdout());
        assertEquals(3, run("eve", "list", "--job", job).returnCode());
        assertEquals(3, run("eve", "environments", job).returnCode());
        CLICommandInvoker.Result show = run("eve", "show", id);
        assertEquals(3, show.returnCode());
        assertThat(show.stderr(), containsString("There is no deployment " + id));
        assertEquals(3, run("eve", "approve", id).returnCode());
        assertEquals(Status.BLOCKED, latest(build).status());
        build.doStop();
    }
}
