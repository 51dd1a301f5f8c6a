package io.jenkins.plugins.deploymentgate.search;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.people;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.search.ReadModelLifecycleTest.list;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentList;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentRecord;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import io.jenkins.plugins.deploymentgate.records.JobRecords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LogRecorder;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The read model fails while Jenkins runs, or differs from the records. */
@WithJenkins
class ReadModelFailureTest {

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

    private static void fail() {
        ReadModelAccess.get().current().close();
    }

    private static void awaitComplete() {
        await().until(() -> DeploymentSearch.get().isComplete());
    }

    @Test
    void aReadModelThatFailsIsSetAsideAndRebuiltWhileListsSayThatTheyAreIncomplete() throws Exception {
        LogRecorder log = new LogRecorder()
                .record("io.jenkins.plugins.deploymentgate.core.index", Level.WARNING)
                .capture(10);
        ended(j, Result.SUCCESS, start(pipeline("done", "deploymentGate 'open'"), "alice"));
        WorkflowRun waiting = blocked(j, pipeline("waiting", "deploymentGate 'production'"), "alice");
        List<DeploymentSummary> before = everything();
        assertEquals(2, before.size());
        WorkflowRun another;
        synchronized (ReadModelReconciliation.get()) {
            fail();
            DeploymentList meanwhile = list(DeploymentScope.EVERYWHERE);
            assertEquals(new DeploymentList(List.of(), 0, false), meanwhile);
            assertFalse(DeploymentSearch.get().isComplete());
            assertEquals(
                    latest(waiting).id(),
                    DeploymentSearch.get()
                            .find(latest(waiting).id())
                            .orElseThrow()
                            .id(),
                    "an open one is known");
            another = blocked(j, pipeline("another", "deploymentGate 'production'"), "alice");
            assertEquals("another", everything().get(0).job(), "what happens now is in the list");
            approve(waiting, "bob");
            ended(j, Result.SUCCESS, waiting);
        }
        awaitComplete();
        assertEquals(
                List.of("done", "waiting", "another"),
                everything().stream().map(DeploymentSummary::job).toList());
        assertEquals(before.get(0), everything().get(0));
        assertEquals(
                DeploymentSummary.of(latest(waiting), "waiting", 1),
                everything().get(1));
        assertEquals(
                DeploymentSummary.of(latest(another), "another", 1),
                everything().get(2));
        assertTrue(
                log.getMessages().get(0).contains("was set aside as"),
                log.getMessages().toString());
    }

    @Test
    void aChangeThatMeetsAFailingReadModelIsNotLost() throws Exception {
        WorkflowRun waiting = blocked(j, pipeline("waiting", "deploymentGate 'production'"), "alice");
        synchronized (ReadModelReconciliation.get()) {
            fail();
            approve(waiting, "bob");
            ended(j, Result.SUCCESS, waiting);
            assertFalse(list(DeploymentScope.EVERYWHERE).complete());
        }
        awaitComplete();
        assertEquals(Status.SUCCESS, everything().get(0).status());
    }

    @Test
    void aReadModelWhoseFileFailsAgainAndAgainIsKeptInMemory() throws Exception {
        ended(j, Result.SUCCESS, start(pipeline("done", "deploymentGate 'open'"), "alice"));
        List<DeploymentSummary> before = everything();
        for (int i = 0; i < 4; i++) {
            awaitComplete();
            fail();
            everything();
        }
        awaitComplete();
        assertEquals(before, everything());
        Path file = j.jenkins.getRootDir().toPath().resolve("deployment-gate/index.mv.db");
        assertFalse(Files.exists(file), "it would fail once more");
    }

    @Test
    void whatNoListenerHeardOfIsPutRight() throws Exception {
        WorkflowRun done = ended(j, Result.SUCCESS, start(pipeline("done", "deploymentGate 'open'"), "alice"));
        WorkflowRun gone = ended(j, Result.SUCCESS, start(pipeline("gone", "deploymentGate 'open'"), "alice"));
        WorkflowRun stale = blocked(j, pipeline("stale", "deploymentGate 'production'"), "alice");
        DeploymentSummary blocked =
                DeploymentSearch.get().find(latest(stale).id()).orElseThrow();
        approve(stale, "bob");
        ended(j, Result.SUCCESS, stale);
        List<DeploymentSummary> truth = everything();
        long goneId = latest(gone).id();
        long doneId = latest(done).id();
        ReadModelAccess.get().change(table -> table.remove(doneId));
        DeploymentRecord record = ReadModelAccess.get()
                .ask(model -> model.records(List.of(blocked.id())), Map.<Long, DeploymentRecord>of())
                .get(blocked.id());
        ReadModelAccess.get().change(table -> table.put(blocked, record));
        ReadModelAccess.get().change(table -> table.put(inAnotherJob(truth.get(0)), record));
        assertEquals(2, everything().size(), "nobody may read a job that does not exist");
        Files.delete(gone.getRootDir().toPath().resolve("deployment-gate/" + goneId + ".json"));
        ReadModelReconciliation.get().reconcile();
        assertEquals(List.of(truth.get(0), truth.get(2)), everything());
        assertEquals(
                Optional.empty(),
                ReadModelAccess.get().current().find(truth.get(0).id() + 1_000_000));
    }

    private static DeploymentSummary inAnotherJob(DeploymentSummary one) {
        return new DeploymentSummary(
                one.id() + 1_000_000,
                one.iid(),
                "unheard of",
                one.build(),
                one.environment(),
                one.version(),
                one.place(),
                one.status(),
                one.failureReason(),
                one.requesters(),
                one.voters(),
                one.outstanding(),
                one.createdAt(),
                one.updatedAt(),
                one.finishedAt());
    }

    @Test
    void whatACrashLeftOpenIsClosedThoughNobodyLooks() throws Exception {
        WorkflowRun build = blocked(j, pipeline("left", "deploymentGate 'production'"), "alice");
        var open = latest(build);
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        DeploymentRecords.get().write(build.getRootDir(), open);
        ReadModelAccess.get().change(table -> table.remove(open.id()));
        ReadModelReconciliation.get().reconcile();
        assertEquals(Status.CANCELED, everything().get(0).status());
    }

    @Test
    void recordsThatCannotBeUnderstoodAreLeftOutOfDetailsAndLogged() throws Exception {
        LogRecorder log =
                new LogRecorder().record(DeploymentSearch.class, Level.WARNING).capture(10);
        ended(j, Result.SUCCESS, start(pipeline("later", "deploymentGate 'open'"), "alice"));
        ended(j, Result.SUCCESS, start(pipeline("good", "deploymentGate 'open'"), "alice"));
        List<DeploymentSummary> both = everything();
        assertEquals(2, DeploymentSearch.get().details(both).size());
        DeploymentRecord.Build build = DeploymentDetails.summaryOf(
                DeploymentSearch.get().build(both.get(0)).orElseThrow());
        ReadModelAccess.get().change(table -> table.put(both.get(0), new DeploymentRecord("{\"format\": 99}", build)));
        assertEquals(
                List.of(both.get(1).id()),
                DeploymentSearch.get().details(both).stream()
                        .map(details -> details.deployment().id())
                        .toList());
        assertTrue(log.getMessages().toString().contains("Cannot show deployment"), log.getMessages()::toString);
    }

    @Test
    void recordsThatCannotBeReadAreLeftOutAndLogged() throws Exception {
        LogRecorder log =
                new LogRecorder().record(JobRecords.class, Level.WARNING).capture(10);
        WorkflowRun bad = ended(j, Result.SUCCESS, start(pipeline("bad", "deploymentGate 'open'"), "alice"));
        ended(j, Result.SUCCESS, start(pipeline("good", "deploymentGate 'open'"), "alice"));
        Path file = bad.getRootDir()
                .toPath()
                .resolve("deployment-gate/" + latest(bad).id() + ".json");
        Files.writeString(file, "{");
        fail();
        awaitCompleteAfterAsking();
        assertEquals(
                List.of("good"),
                everything().stream().map(DeploymentSummary::job).toList());
        assertTrue(
                log.getMessages().toString().contains("Cannot read deployment"),
                log.getMessages().toString());
    }

    private static void awaitCompleteAfterAsking() {
        list(DeploymentScope.EVERYWHERE);
        awaitComplete();
    }
}
