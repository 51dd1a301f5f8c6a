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
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.RealController;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Ending;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentList;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.h2.mvstore.MVStore;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** The read model over restarts in good order, over damage while Jenkins was down, and over a kill. */
class ReadModelRestartTest {

    @RegisterExtension
    final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @RegisterExtension
    final RealJenkinsExtension controller = RealController.quick();

    private static List<DeploymentSummary> everything() {
        return list(DeploymentScope.EVERYWHERE).entries();
    }

    private static WorkflowRun build(JenkinsRule j, String job) {
        return j.jenkins.getItemByFullName(job, WorkflowJob.class).getBuildByNumber(1);
    }

    private static void twoDeployments(JenkinsRule j) throws Exception {
        protect("production", 1, "bob");
        protect("open", 0);
        ended(j, Result.SUCCESS, start(pipeline("done", "deploymentGate 'open'"), "alice"));
        blocked(j, pipeline("waiting", "deploymentGate 'production'"), "alice");
    }

    @Test
    void afterARestartInGoodOrderEverythingIsThereAtOnce() throws Throwable {
        List<DeploymentSummary> before = new ArrayList<>();
        sessions.then(j -> {
            people(j);
            twoDeployments(j);
            before.addAll(everything());
            await().until(() -> DeploymentSearch.get().isComplete());
        });
        sessions.then(j -> {
            people(j);
            assertEquals(new DeploymentList(before, 2, true), list(DeploymentScope.EVERYWHERE));
            ReadModelAccess.get().close();
            assertEquals(new DeploymentList(List.of(), 0, false), list(DeploymentScope.EVERYWHERE));
            approve(build(j, "waiting"), "bob");
            ended(j, Result.SUCCESS, build(j, "waiting"));
        });
        sessions.then(j -> {
            assertTrue(DeploymentSearch.get().isComplete(), "what came after the read model was closed is in it");
            assertEquals(Status.SUCCESS, everything().get(1).status());
        });
    }

    @Test
    void afterDamageItIsRebuilt() throws Throwable {
        Path file = sessions.getHome().toPath().resolve("deployment-gate/index.mv.db");
        List<DeploymentSummary> before = new ArrayList<>();
        sessions.then(j -> {
            people(j);
            twoDeployments(j);
            before.addAll(everything());
        });
        Files.delete(file);
        sessions.then(j -> assertSame(before));
        Files.writeString(file, "not an index");
        sessions.then(j -> assertSame(before));
        Files.write(file, new byte[0]);
        sessions.then(j -> assertSame(before));
        MVStore other = new MVStore.Builder().fileName(file.toString()).open();
        try {
            sessions.then(j -> assertSame(before));
        } finally {
            other.closeImmediately();
        }
        Files.delete(file);
        Files.createDirectory(file);
        Files.createFile(file.resolve("in the way"));
        sessions.then(j -> assertSame(before));
    }

    private static void assertSame(List<DeploymentSummary> before) {
        await().until(() -> DeploymentSearch.get().isComplete());
        assertEquals(before, everything());
    }

    @Test
    void aKillBetweenTheRecordAndTheReadModelIsCorrected() throws Throwable {
        controller.startJenkins();
        controller.runRemotely(ReadModelRestartTest::leaveTheReadModelBehind);
        controller.stopJenkinsForcibly();
        controller.startJenkins();
        controller.runRemotely(ReadModelRestartTest::findItCorrected);
    }

    /** Writes records only, as if Jenkins were killed before the read model heard of them. */
    private static void leaveTheReadModelBehind(JenkinsRule j) throws Throwable {
        twoDeployments(j);
        await().until(() -> DeploymentSearch.get().isComplete());
        WorkflowRun waiting = build(j, "waiting");
        Deployment canceled = latest(waiting).cancel(Ending.canceled(EndReason.BUILD_ABORTED, "", ""), Instant.now());
        DeploymentRecords.get().write(waiting.getRootDir(), canceled);
        Path directory = build(j, "done").getRootDir().toPath().resolve("deployment-gate");
        long known = latest(build(j, "done")).id();
        String record = Files.readString(directory.resolve(known + ".json"));
        Files.writeString(directory.resolve(known + 1 + ".json"), record.replace("" + known, "" + (known + 1)));
        Files.delete(directory.resolve(known + ".json"));
        assertEquals(known, everything().get(0).id());
        assertEquals(Status.BLOCKED, everything().get(1).status());
    }

    private static void findItCorrected(JenkinsRule j) throws Throwable {
        await().until(() -> DeploymentSearch.get().isComplete());
        assertEquals(
                List.of(
                        DeploymentSummary.of(latest(build(j, "done")), "done", 1),
                        DeploymentSummary.of(latest(build(j, "waiting")), "waiting", 1)),
                everything());
        assertEquals(Status.CANCELED, everything().get(1).status());
        Path directory = j.jenkins.getRootDir().toPath().resolve("deployment-gate");
        try (Stream<Path> files = Files.list(directory)) {
            assertTrue(files.noneMatch(path -> path.toString().contains("unusable")), "a kill does no damage to it");
        }
    }
}
