package io.jenkins.plugins.deploymentgate.cli;

import static hudson.cli.CLICommandInvoker.Matcher.failedWith;
import static hudson.cli.CLICommandInvoker.Matcher.succeeded;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.cli.CLICommandInvoker;
import hudson.model.User;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.audit.Ledger;
import java.nio.file.Files;
import java.nio.file.Path;
import jenkins.model.Jenkins;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The commands for the audit ledger. */
@WithJenkins
class AuditCommandTest {

    private static final String VERIFY = "deployment-gate-audit-verify";
    private static final String EXPORT = "deployment-gate-audit-export";

    private static JenkinsRule j;

    private Path ledger;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        j = rule;
        World.people(j);
        ((MockAuthorizationStrategy) j.jenkins.getAuthorizationStrategy())
                .grant(Jenkins.SYSTEM_READ)
                .everywhere()
                .to("auditor");
    }

    @BeforeEach
    void fillLedger() throws Exception {
        protect("production", 1, "bob");
        ledger = j.jenkins.getRootDir().toPath().resolve("deployment-gate/audit/" + month() + ".jsonl");
    }

    private static String month() throws Exception {
        return Ledger.entries().get(0).recordedAt().toString().substring(0, 7);
    }

    private static CLICommandInvoker.Result run(String user, String command, String... arguments) {
        CLICommandInvoker invoker = new CLICommandInvoker(j, command);
        return (user == null ? invoker : invoker.asUser(User.getById(user, true).getId())).invokeWithArgs(arguments);
    }

    @Test
    void aSoundLedgerIsVerified() throws Exception {
        CLICommandInvoker.Result result = run("root", VERIFY);
        assertThat(result, succeeded());
        int size = Ledger.entries().size();
        assertEquals(
                "The audit ledger is intact: " + (size == 1 ? "1 entry" : size + " entries") + " in 1 file.",
                result.stdout().strip());
        assertThat(run("root", VERIFY, "--from", "9999-12"), succeeded());
    }

    @Test
    void aDamagedLedgerHasAnExitCodeOfItsOwn() throws Exception {
        String good = Files.readString(ledger);
        Files.writeString(ledger, good.replaceFirst("environment_protected", "environment_forgotten"));
        CLICommandInvoker.Result result = run("root", VERIFY);
        Files.writeString(ledger, good);
        assertThat(result, failedWith(16));
        assertThat(
                result.stderr(),
                allOf(containsString("The audit ledger is damaged after 0 valid entries"), containsString("line 1")));
        assertThat(run("root", VERIFY), succeeded());
    }

    @Test
    void anExportIsTheFileOrATable() throws Exception {
        assertEquals(Files.readString(ledger), run("auditor", EXPORT).stdout());
        assertEquals(
                Files.readString(ledger),
                run("auditor", EXPORT, "--month", month()).stdout());
        assertEquals("", run("auditor", EXPORT, "--month", "1999-12").stdout());
        String table = run("auditor", EXPORT, "--format", "csv").stdout();
        assertThat(table, startsWith("\"seq\",\"recorded_at\",\"event\""));
        assertEquals(Ledger.entries().size() + 1, table.split("\r\n").length);
    }

    @Test
    void onlyWhoMayIsAnswered() {
        assertThat(run(null, EXPORT), failedWith(6));
        assertThat(run("alice", EXPORT), failedWith(6));
        assertThat(run("auditor", EXPORT), succeeded());
        assertThat(run("root", EXPORT), succeeded());
        assertThat(run(null, VERIFY), failedWith(6));
        assertThat(run("alice", VERIFY), failedWith(6));
        assertThat(run("auditor", VERIFY), failedWith(6));
    }

    @Test
    void wrongArgumentsAreExplained() {
        CLICommandInvoker.Result month = run("root", EXPORT, "--month", "march");
        assertThat(month, failedWith(3));
        assertThat(month.stderr(), containsString("\"march\" is not a month. Use the format 2026-03."));
        assertThat(run("root", VERIFY, "--from", "13"), failedWith(3));
        assertThat(run("root", EXPORT, "--format", "xml"), failedWith(2));
        assertThat(run("root", EXPORT, "--party"), failedWith(2));
    }

    @Test
    void helpSaysWhatTheyDo() {
        CLICommandInvoker.Result all = run("root", "help");
        assertThat(all.stderr(), containsString("Verifies that no entry of the deployment audit ledger"));
        CLICommandInvoker.Result one = run("root", "help", EXPORT);
        assertThat(one.stderr(), allOf(containsString("--month YYYY-MM"), containsString("--format")));
    }
}
