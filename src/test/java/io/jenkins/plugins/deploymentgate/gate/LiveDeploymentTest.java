package io.jenkins.plugins.deploymentgate.gate;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.deployment;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.ExtensionList;
import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentDescription;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace.Enclosing;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace.Kind;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What others see of a deployment while it is written, and what a failure at one deployment means for others. */
@WithJenkins
class LiveDeploymentTest {

    private static final long PATIENCE = 120;

    private static JenkinsRule j;
    private static HookedStore store;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        j = rule;
        World.people(j);
        store = HookedStore.install();
    }

    @BeforeEach
    void protectEnvironments() {
        protect("production", 2, "bob", "carol");
    }

    @AfterEach
    void mendTheStore() {
        store.reset();
    }

    private static String name() {
        return "live-" + System.nanoTime();
    }

    private static VoteResult approveIn(WorkflowRun build, String user) {
        try {
            return vote(build, latest(build).id(), user, VoteDecision.APPROVED, "");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void awaitLatch(CountDownLatch latch) throws IOException {
        try {
            assertTrue(latch.await(PATIENCE, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void readersDoNotWaitForAVoteThatIsBeingWritten() throws Exception {
        WorkflowRun build = blocked(j, pipeline(name(), "deploymentGate 'production'"), "alice");
        long id = latest(build).id();
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        store.beforeWrite(deployment -> {
            writing.countDown();
            awaitLatch(released);
        });
        CompletableFuture<VoteResult> vote = CompletableFuture.supplyAsync(() -> approveIn(build, "bob"));
        awaitLatch(writing);
        try (JenkinsRule.WebClient browser = World.browser(j, "carol")) {
            assertEquals(List.of(), deployment(build, id).approvals(), "what is not on disk is not shown");
            assertEquals(1, DeploymentViews.get().countBlocked(build));
            assertTrue(LiveDeployments.get().find(id).isPresent());
            assertThat(browser.goTo(build.getUrl()).asNormalizedText(), containsString("production"));
            assertThat(
                    browser.goTo(build.getUrl() + BuildDeployments.URL_NAME + "/")
                            .asNormalizedText(),
                    containsString("0 of 2"));
            assertThat(browser.goTo("deployments/").asNormalizedText(), containsString("production"));
            assertFalse(vote.isDone());
        } finally {
            released.countDown();
        }
        assertEquals(
                VoteResult.Recorded.class, vote.get(PATIENCE, TimeUnit.SECONDS).getClass());
        assertEquals(1, deployment(build, id).approvals().size());
        store.reset();
        approve(build, "carol");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void whoeverFindsTheFirstRecordFindsTheLiveDeployment() throws Exception {
        AtomicReference<LiveDeployment> found = new AtomicReference<>();
        AtomicReference<WorkflowRun> running = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        store.afterWrite(first -> {
            awaitLatch(started);
            store.reset();
            CompletableFuture<LiveDeployment> request =
                    CompletableFuture.supplyAsync(() -> request(running.get(), first));
            found.set(request.orTimeout(PATIENCE, TimeUnit.SECONDS).join());
        });
        WorkflowRun build = start(pipeline(name(), "deploymentGate 'production'"), "alice");
        running.set(build);
        started.countDown();
        World.awaitBlocked(j, build);
        assertSame(found.get(), BuildDeployments.of(build).find(latest(build).id()));
        approve(build, "bob");
        approve(build, "carol");
        ended(j, Result.SUCCESS, build);
    }

    /** What a page does that is requested while the first record is there and the step does not wait yet. */
    private static LiveDeployment request(WorkflowRun build, Deployment first) {
        try {
            assertEquals(first, deployment(build, first.id()));
            return DeploymentLifecycle.live(build, first.id());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aDecisionIsDeliveredOnlyWhenThePipelineIsSaved() throws Exception {
        protect("production", 1, "bob");
        WorkflowRun build = start(pipeline(name(), "input 'go'; deploymentGate 'production'"), "alice");
        j.waitForMessage("Proceed or Abort", build);
        Path program = build.getRootDir().toPath().resolve("program.dat");
        await().until(() -> Files.isRegularFile(program));
        Files.delete(program);
        // A directory that is not empty cannot be replaced by the saved pipeline.
        Files.createDirectories(program.resolve("obstacle"));
        proceed(build);
        World.awaitBlocked(j, build);
        LiveDeployment live = BuildDeployments.of(build).find(latest(build).id());
        await().until(() -> live.delivery().state() == Delivery.State.UNSAVED);
        approve(build, "bob");
        assertEquals(Status.RUNNING, latest(build).status());
        ExtensionList.lookupSingleton(DeadlineWork.class).check();
        await().until(() -> live.delivery().state() == Delivery.State.UNSAVED);
        assertFalse(latest(build).anchored());
        assertTrue(build.isBuilding());
        Files.delete(program.resolve("obstacle"));
        Files.delete(program);
        ExtensionList.lookupSingleton(DeadlineWork.class).check();
        ended(j, Result.SUCCESS, build);
        assertTrue(latest(build).anchored());
    }

    private static void proceed(WorkflowRun build) throws Exception {
        try (JenkinsRule.WebClient browser = World.browser(j, "alice")) {
            browser.getPage(new WebRequest(
                    browser.createCrumbedUrl(build.getUrl() + "input/" + inputId(build) + "/proceedEmpty"),
                    HttpMethod.POST));
        }
    }

    private static String inputId(WorkflowRun build) throws Exception {
        return build.getAction(InputAction.class).getExecutions().get(0).getId();
    }

    @Test
    void aFailureAtOneDeploymentStopsNoDeadlineOfOthers() throws Exception {
        String script = "deploymentGate environment: 'production', deadlineMinutes: 60";
        WorkflowRun first = blocked(j, pipeline(name(), script), "alice");
        WorkflowRun second = blocked(j, pipeline(name(), script), "alice");
        long broken = latest(first).id();
        store.beforeWrite(deployment -> {
            if (deployment.id() == broken) {
                throw new IllegalStateException("an error of the plugin");
            }
        });
        Reevaluation.get().timePassed(Instant.now().plus(Duration.ofHours(2)));
        assertEquals(EndReason.DEPLOYMENT_EXPIRED, latest(second).endReason());
        assertEquals(Status.BLOCKED, latest(first).status());
        store.reset();
        Reevaluation.get().timePassed(Instant.now().plus(Duration.ofHours(2)));
        assertEquals(EndReason.DEPLOYMENT_EXPIRED, latest(first).endReason());
        ended(j, Result.FAILURE, first);
        ended(j, Result.FAILURE, second);
    }

    @Test
    void aFailureAtOneDeploymentLeavesNoOtherOfItsBuildOpen() throws Exception {
        WorkflowRun build = start(
                pipeline(name(), "parallel a: { deploymentGate 'production' }, b: { deploymentGate 'production' }"),
                "alice");
        await().until(() -> DeploymentViews.get().countBlocked(build) == 2);
        List<Long> ids = DeploymentViews.get().ids(build);
        store.beforeWrite(deployment -> {
            if (deployment.id() == ids.get(0)) {
                throw new IllegalStateException("an error of the plugin");
            }
        });
        build.doKill();
        await().until(() -> !build.isLogUpdated());
        assertEquals(Status.CANCELED, deployment(build, ids.get(1)).status());
        store.reset();
        assertEquals(Status.CANCELED, deployment(build, ids.get(0)).status(), "completed by the next look");
    }

    @Test
    void aChangeOfThePolicyIsAppliedInTheBackground() throws Exception {
        WorkflowRun build =
                blocked(j, pipeline(name(), "deploymentGate environment: 'production', deadlineMinutes: 60"), "alice");
        AtomicReference<String> writer = new AtomicReference<>();
        store.beforeWrite(deployment -> {
            if (deployment.status() == Status.RUNNING) {
                writer.compareAndSet(null, Thread.currentThread().getName());
            }
        });
        protect("production", 0);
        ended(j, Result.SUCCESS, build);
        store.reset();
        assertThat(writer.get(), containsString("deployment-gate-worker"));
    }

    private static Deployment open(WorkflowRun build, String version, String branch) throws Exception {
        return DeploymentLifecycle.get()
                .open(
                        build,
                        new StepArguments(
                                "production", new DeploymentDescription("", version, ""), Optional.empty(), false),
                        new PipelinePlace("99", List.of(new Enclosing(Kind.BRANCH, branch))));
    }

    @Test
    void theSameGateFindsItsDeploymentAgainUnlessItAsksForSomethingElse() throws Exception {
        WorkflowRun build = blocked(j, pipeline(name(), "deploymentGate 'production'"), "alice");
        Deployment first = open(build, "1", "a");
        Deployment neighbour = open(build, "1", "b");
        assertNotEquals(first.id(), neighbour.id(), "another branch is another gate");
        assertEquals(first.id(), open(build, "1", "a").id());
        Deployment second = open(build, "2", "a");
        assertNotEquals(first.id(), second.id(), "who approved version 1 has not approved version 2");
        assertEquals(EndReason.REQUEST_CHANGED, deployment(build, first.id()).endReason());
        assertEquals(Status.BLOCKED, deployment(build, neighbour.id()).status());
        build.doStop();
        ended(j, Result.ABORTED, build);
        assertEquals(EndReason.BUILD_ABORTED, deployment(build, second.id()).endReason());
    }
}
