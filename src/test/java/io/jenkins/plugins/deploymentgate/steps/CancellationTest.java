package io.jenkins.plugins.deploymentgate.steps;

import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.deployment;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.cloudbees.hudson.plugins.folder.computed.DefaultOrphanedItemStrategy;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionList;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Ending;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.gate.DeploymentListener;
import java.util.Objects;
import jenkins.branch.BranchSource;
import jenkins.scm.impl.mock.MockSCMController;
import jenkins.scm.impl.mock.MockSCMDiscoverBranches;
import jenkins.scm.impl.mock.MockSCMSource;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.job.properties.DisableConcurrentBuildsJobProperty;
import org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Why a deployment was canceled, and by whom. */
@WithJenkins
class CancellationTest {

    private static JenkinsRule j;

    /** Remembers the last state of any deployment, also of a job that is gone. */
    @TestExtension
    public static class Last implements DeploymentListener {

        private volatile Deployment state;

        Deployment get() {
            return state;
        }

        @Override
        public void onChanged(@NonNull Run<?, ?> build, @NonNull Deployment deployment) {
            state = deployment;
        }
    }

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        j = rule;
        World.people(j);
    }

    @BeforeEach
    void protectEnvironments() {
        protect("production", 1, "bob");
        protect("staging", 1, "bob");
    }

    private static WorkflowRun waiting(String script) throws Exception {
        return blocked(j, pipeline("canceled-" + System.nanoTime(), script), "alice");
    }

    private static void stop(WorkflowRun build, String user) throws Exception {
        try (ACLContext ignored = ACL.as2(User.getById(user, true).impersonate2())) {
            build.doStop();
        }
    }

    private static void assertCanceled(EndReason reason, String user, String text, Deployment deployment) {
        assertEquals(Status.CANCELED, deployment.status());
        Ending ending = deployment.ending().orElseThrow();
        assertEquals(reason, ending.reason());
        assertEquals(user, ending.user());
        assertThat(ending.text(), containsString(text));
    }

    @Test
    void whoAbortsTheBuildIsNamed() throws Exception {
        WorkflowRun build = waiting("deploymentGate 'production'");
        stop(build, "alice");
        ended(j, Result.ABORTED, build);
        assertCanceled(EndReason.BUILD_ABORTED, "alice", "Aborted by alice", latest(build));
    }

    @Test
    void aBuildThatIsKilledIsAbortedBySomebodyWhomJenkinsDoesNotName() throws Exception {
        WorkflowRun build = waiting("deploymentGate 'production'");
        build.doKill();
        await().until(() -> !build.isLogUpdated());
        assertCanceled(EndReason.BUILD_ABORTED, "", "", latest(build));
    }

    @Test
    void aTimeoutIsNotAPerson() throws Exception {
        WorkflowRun build = waiting("timeout(time: 1, unit: 'SECONDS') { deploymentGate 'production' }");
        ended(j, Result.ABORTED, build);
        assertCanceled(EndReason.BUILD_TIMED_OUT, "", "Timeout", latest(build));
    }

    @Test
    void aNewerBuildSupersedesAnOlderOne() throws Exception {
        WorkflowRun older = waiting("deploymentGate 'production'");
        WorkflowJob job = older.getParent();
        DisableConcurrentBuildsJobProperty property = new DisableConcurrentBuildsJobProperty();
        property.setAbortPrevious(true);
        job.addProperty(property);
        WorkflowRun newer = blocked(j, job, "alice");
        ended(j, Result.NOT_BUILT, older);
        assertCanceled(EndReason.BUILD_SUPERSEDED, "", "Superseded by", latest(older));
        stop(newer, "alice");
        ended(j, Result.ABORTED, newer);
    }

    @Test
    void aNewerBuildThatPassesAMilestoneSupersedesAnOlderOne() throws Exception {
        WorkflowRun older = waiting("milestone 1\ndeploymentGate 'production'\nmilestone 2");
        WorkflowRun newer = blocked(j, older.getParent(), "alice");
        World.approve(newer, "bob");
        ended(j, Result.SUCCESS, newer);
        ended(j, Result.NOT_BUILT, older);
        assertCanceled(EndReason.BUILD_SUPERSEDED, "", "#2", latest(older));
    }

    @Test
    void theRemovalOfABranchIsNotAnAbort() throws Exception {
        try (MockSCMController repository = MockSCMController.create()) {
            repository.createRepository("app");
            repository.addFile("app", "master", "add", "Jenkinsfile", "deploymentGate 'production'".getBytes(UTF_8));
            repository.cloneBranch("app", "master", "feature");
            WorkflowMultiBranchProject project = j.createProject(WorkflowMultiBranchProject.class);
            DefaultOrphanedItemStrategy strategy = new DefaultOrphanedItemStrategy(true, "", "");
            strategy.setAbortBuilds(true);
            project.setOrphanedItemStrategy(strategy);
            project.getSourcesList()
                    .add(new BranchSource(new MockSCMSource(repository, "app", new MockSCMDiscoverBranches())));
            project.scheduleBuild2(0).getFuture().get();
            WorkflowJob feature = project.getItem("feature");
            World.awaitBlocked(j, await().until(() -> feature.getBuildByNumber(1), Objects::nonNull));
            repository.deleteBranch("app", "feature");
            project.scheduleBuild2(0).getFuture().get();
            Deployment last = await().until(
                            ExtensionList.lookupSingleton(Last.class)::get,
                            one -> one.ending().isPresent());
            assertCanceled(EndReason.JOB_REMOVED, "", "", last);
            project.getItem("master").getBuildByNumber(1).doKill();
        }
    }

    @Test
    void aFailureOfAnotherBranchIsTheTextOfAnAbort() throws Exception {
        WorkflowRun build = waiting("""
            parallel(
              gate: { deploymentGate 'production' },
              other: { deploymentGate 'staging' },
              failFast: true)
            """);
        await().until(() -> DeploymentViews.get().countBlocked(build) == 2);
        for (long id : DeploymentViews.get().ids(build)) {
            if (deployment(build, id).environment().equals("staging")) {
                World.vote(build, id, "bob", VoteDecision.REJECTED, "");
            }
        }
        ended(j, Result.FAILURE, build);
        for (long id : DeploymentViews.get().ids(build)) {
            if (deployment(build, id).environment().equals("production")) {
                assertCanceled(EndReason.BUILD_ABORTED, "", "other", deployment(build, id));
            }
        }
    }

    @Test
    void theRemovalOfTheJobIsNotAnAbort() throws Exception {
        WorkflowRun build = waiting("deploymentGate 'production'");
        build.getParent().delete();
        assertCanceled(
                EndReason.JOB_REMOVED,
                "",
                "",
                ExtensionList.lookupSingleton(Last.class).get());
    }
}
