package io.jenkins.plugins.deploymentgate.gate;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.audit.Ledger;
import io.jenkins.plugins.deploymentgate.audit.LedgerUnavailableException;
import io.jenkins.plugins.deploymentgate.config.DeploymentGateConfiguration;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEntry;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LogRecorder;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** What was kept from the ledger until Jenkins was stopped is found in the files when it is started again. */
class AuditRestartTest {

    @RegisterExtension
    final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    private static WorkflowRun build(JenkinsRule j, String job) {
        return j.jenkins.getItemByFullName(job, WorkflowJob.class).getBuildByNumber(1);
    }

    private static List<String> environments() throws Exception {
        return Ledger.entries().stream()
                .filter(entry -> entry.event().kind().toString().startsWith("environment_"))
                .map(entry -> entry.event().kind() + " "
                        + entry.event().subject().environment() + " "
                        + entry.event().origin().means())
                .toList();
    }

    @Test
    void votesAndEndsThatTheLedgerLacksAreRecoveredOnce() throws Throwable {
        sessions.then(j -> {
            World.people(j);
            protect("production", 1, "bob");
            protect("two", 2, "bob", "carol");
            WorkflowRun released = blocked(j, pipeline("released", "deploymentGate 'production'"), "alice");
            WorkflowRun waiting = blocked(j, pipeline("waiting", "deploymentGate 'two'"), "alice");
            WorkflowRun aborted = blocked(j, pipeline("aborted", "deploymentGate 'two'"), "alice");
            Ledger.fail();
            assertThrows(LedgerUnavailableException.class, () -> approve(released, "bob"));
            assertThrows(LedgerUnavailableException.class, () -> approve(waiting, "carol"));
            aborted.doStop();
            ended(j, Result.ABORTED, aborted);
            assertTrue(released.isBuilding());
        });
        File audit = new File(sessions.getHome(), "deployment-gate/audit");
        Files.delete(audit.toPath());
        Files.move(audit.toPath().resolveSibling("audit-aside"), audit.toPath());
        for (int restart = 0; restart < 2; restart++) {
            sessions.then(j -> {
                World.people(j);
                WorkflowRun released = build(j, "released");
                ended(j, Result.SUCCESS, released);
                Ledger.catchUp();
                assertEquals(
                        List.of(
                                "blocked alice pipeline",
                                "approved bob recovered",
                                "released recovered",
                                "finished pipeline"),
                        Ledger.of(released));
                WorkflowRun waiting = build(j, "waiting");
                assertEquals(Status.BLOCKED, latest(waiting).status());
                assertEquals(List.of("blocked alice pipeline", "approved carol recovered"), Ledger.of(waiting));
                assertEquals(List.of("blocked alice pipeline", "canceled recovered"), Ledger.of(build(j, "aborted")));
                Ledger.assertSound();
            });
        }
        sessions.then(j -> {
            World.people(j);
            approve(build(j, "waiting"), "bob");
            ended(j, Result.SUCCESS, build(j, "waiting"));
            assertEquals(5, Ledger.of(build(j, "waiting")).size());
        });
    }

    @Test
    void theFirstVoteAfterAStartComparesAllThatWaitsSoThatTheNextNeedNot() throws Throwable {
        sessions.then(j -> {
            World.people(j);
            protect("two", 2, "bob", "carol");
            blocked(j, pipeline("one", "deploymentGate 'two'"), "alice");
            blocked(j, pipeline("other", "deploymentGate 'two'"), "alice");
        });
        sessions.then(j -> {
            World.people(j);
            WorkflowRun one = build(j, "one");
            WorkflowRun other = build(j, "other");
            approve(one, "bob");
            assertTrue(BuildDeployments.of(other).all().stream().allMatch(LiveDeployment::isAuditKnown));
            approve(other, "bob");
            assertEquals(2, Ledger.of(other).size());
            Ledger.assertSound();
        });
    }

    @Test
    void whatWasChangedWhileJenkinsWasDownIsToldAtTheStart() throws Throwable {
        sessions.then(j -> {
            World.people(j);
            protect("production", 1, "bob");
            protect("staging", 0);
            assertEquals(
                    List.of("environment_protected production system", "environment_protected staging system"),
                    environments());
        });
        Path file = sessions.getHome().toPath().resolve(DeploymentGateConfiguration.class.getName() + ".xml");
        Files.writeString(file, Files.readString(file).replace("bob", "mallory"));
        for (int restart = 0; restart < 2; restart++) {
            sessions.then(j -> {
                Ledger.catchUp();
                assertEquals(3, environments().size());
                assertEquals(
                        "environment_changed production recovered",
                        environments().get(2));
                LedgerEntry changed = Ledger.entries().get(2);
                assertTrue(changed.event().details().get("before").contains("bob"));
                assertTrue(changed.event().details().get("after").contains("mallory"));
            });
        }
        Files.delete(sessions.getHome().toPath().resolve("deployment-gate/audited-settings.json"));
        sessions.then(j -> {
            Ledger.catchUp();
            assertEquals(3, environments().size(), "the ledger itself tells what it knows");
        });
        Files.writeString(file, "<damaged/>");
        sessions.then(j -> {
            Ledger.catchUp();
            assertEquals(3, environments().size(), "nobody knows what is protected");
        });
    }

    @Test
    void aRecordThatCannotBeReadIsWarnedOfOnceAndDelaysNoOther() throws Throwable {
        sessions.then(j -> {
            World.people(j);
            protect("two", 2, "bob", "carol");
            for (String job : List.of("first", "second", "third")) {
                WorkflowRun build = blocked(j, pipeline(job, "deploymentGate 'two'"), "alice");
                Ledger.fail();
                build.doStop();
                ended(j, Result.ABORTED, build);
                Ledger.heal();
            }
        });
        Path record = onlyRecord(sessions.getHome().toPath().resolve("jobs/second/builds/1/deployment-gate"));
        String content = Files.readString(record);
        Files.writeString(record, "{damaged");
        sessions.then(j -> {
            try (LogRecorder log = new LogRecorder()
                    .record(AuditReconciler.class, Level.WARNING)
                    .capture(100)) {
                for (int run = 0; run < 3; run++) {
                    Ledger.catchUp();
                }
                assertEquals(
                        List.of("The audit ledger lacks events of deployment "
                                + record.getFileName().toString().replace(".json", "") + " of second #1"),
                        log.getMessages());
            }
            for (String job : List.of("first", "third")) {
                assertEquals(List.of("blocked alice pipeline", "canceled recovered"), Ledger.of(build(j, job)));
            }
            assertEquals(List.of("blocked alice pipeline"), Ledger.of(build(j, "second")));
        });
        Files.writeString(record, content);
        sessions.then(j -> {
            Ledger.catchUp();
            assertEquals(List.of("blocked alice pipeline", "canceled recovered"), Ledger.of(build(j, "second")));
            Ledger.assertSound();
        });
    }

    private static Path onlyRecord(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findFirst().orElseThrow();
        }
    }
}
