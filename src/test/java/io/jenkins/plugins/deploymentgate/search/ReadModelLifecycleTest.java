package io.jenkins.plugins.deploymentgate.search;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.people;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Items;
import hudson.model.Result;
import hudson.model.TopLevelItem;
import hudson.tasks.LogRotator;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentList;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentOrder;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.core.index.EnvironmentSummary;
import java.util.List;
import java.util.Optional;
import jenkins.model.Jenkins;
import jenkins.model.ModifiableTopLevelItemGroup;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockFolder;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What lists say, as deployments change, and as their builds and jobs are renamed, moved and deleted. */
@WithJenkins
class ReadModelLifecycleTest {

    private static JenkinsRule j;

    @BeforeAll
    static void world(JenkinsRule rule) {
        j = rule;
        people(j);
        protect("production", 1, "bob");
        protect("open", 0);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        for (TopLevelItem item : j.jenkins.getItems()) {
            item.delete();
        }
        assertEquals(0, list(DeploymentScope.EVERYWHERE).total());
        assertTrue(DeploymentSearch.get().isComplete());
    }

    static DeploymentList list(DeploymentScope scope) {
        return DeploymentSearch.get()
                .list(new DeploymentQuery(DeploymentFilter.in(scope), DeploymentOrder.ID, false, 0, 100));
    }

    private static List<String> builds(DeploymentScope scope) {
        return list(scope).entries().stream()
                .map(one -> one.job() + " #" + one.build())
                .toList();
    }

    private static WorkflowJob pipeline(ModifiableTopLevelItemGroup parent, String name, String environment)
            throws Exception {
        WorkflowJob job = (WorkflowJob)
                parent.createProject(j.jenkins.getDescriptorByType(WorkflowJob.DescriptorImpl.class), name, true);
        job.setDefinition(new CpsFlowDefinition("deploymentGate '" + environment + "'", true));
        return job;
    }

    private static WorkflowRun deployed(WorkflowJob job) throws Exception {
        return ended(j, Result.SUCCESS, start(job, "alice"));
    }

    @Test
    void aListShowsADeploymentFromItsGateToTheEndOfItsBuild() throws Exception {
        WorkflowJob job = pipeline(j.jenkins, "shown", "production");
        WorkflowRun build = blocked(j, job, "alice");
        DeploymentSummary waiting =
                DeploymentSearch.get().find(latest(build).id()).orElseThrow();
        assertEquals(DeploymentSummary.of(latest(build), "shown", 1), waiting);
        assertEquals(Status.BLOCKED, waiting.status());
        assertEquals(1, waiting.outstanding());
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        DeploymentSummary done = list(DeploymentScope.job("shown")).entries().get(0);
        assertEquals(DeploymentSummary.of(latest(build), "shown", 1), done);
        assertEquals(Status.SUCCESS, done.status());
        assertEquals(build, DeploymentSearch.get().build(done).orElseThrow());
        assertEquals(
                new EnvironmentSummary("production", done, Optional.of(done)),
                DeploymentSearch.get()
                        .environment(DeploymentScope.job("shown"), "production")
                        .orElseThrow());
    }

    @Test
    void deploymentsFollowTheirJobAndItsFolders() throws Exception {
        MockFolder team = j.createFolder("team");
        MockFolder inner = team.createProject(MockFolder.class, "inner");
        WorkflowJob job = pipeline(inner, "app", "open");
        deployed(job);
        job.renameTo("service");
        assertEquals(List.of("team/inner/service #1"), builds(DeploymentScope.EVERYWHERE));
        team.renameTo("crew");
        assertEquals(List.of("crew/inner/service #1"), builds(DeploymentScope.EVERYWHERE));
        assertEquals(List.of(), builds(DeploymentScope.below("team")));
        Items.move(inner, j.jenkins);
        assertEquals(List.of("inner/service #1"), builds(DeploymentScope.EVERYWHERE));
        assertEquals(List.of("inner/service #1"), builds(DeploymentScope.job("inner/service")));
        deployed(job);
        assertEquals(List.of("inner/service #1", "inner/service #2"), builds(DeploymentScope.below("inner")));
    }

    @Test
    void aBlockedDeploymentFollowsItsFolder() throws Exception {
        MockFolder team = j.createFolder("moving");
        WorkflowRun build = blocked(j, pipeline(team, "app", "production"), "alice");
        team.renameTo("moved");
        assertEquals(List.of("moved/app #1"), builds(DeploymentScope.EVERYWHERE));
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        assertEquals(List.of("moved/app #1"), builds(DeploymentScope.EVERYWHERE));
        assertEquals(
                Status.SUCCESS,
                list(DeploymentScope.EVERYWHERE).entries().get(0).status());
    }

    @Test
    void deploymentsAreGoneWithTheirBuildTheirJobAndTheirFolder() throws Exception {
        WorkflowJob one = pipeline(j.jenkins, "one", "open");
        MockFolder team = j.createFolder("team");
        WorkflowJob two = pipeline(team, "two", "open");
        deployed(one);
        deployed(one);
        deployed(two);
        one.getBuildByNumber(1).delete();
        assertEquals(List.of("one #2", "team/two #1"), builds(DeploymentScope.EVERYWHERE));
        one.delete();
        assertEquals(List.of("team/two #1"), builds(DeploymentScope.EVERYWHERE));
        team.delete();
        assertEquals(List.of(), builds(DeploymentScope.EVERYWHERE));
    }

    @Test
    void discardedBuildsTakeTheirDeploymentsAlong() throws Exception {
        WorkflowJob job = pipeline(j.jenkins, "rotated", "open");
        job.setBuildDiscarder(new LogRotator(-1, 2, -1, -1));
        for (int i = 0; i < 4; i++) {
            deployed(job);
        }
        job.logRotate();
        // Jenkins also discards in the background, when each build ends.
        await().pollInSameThread()
                .untilAsserted(
                        () -> assertEquals(List.of("rotated #3", "rotated #4"), builds(DeploymentScope.EVERYWHERE)));
    }

    @Test
    void aNewJobHasNothingOfADeletedOneOfItsName() throws Exception {
        deployed(pipeline(j.jenkins, "again", "open"));
        Jenkins.get().getItem("again").delete();
        WorkflowJob second = pipeline(j.jenkins, "again", "open");
        assertEquals(List.of(), builds(DeploymentScope.job("again")));
        assertEquals(1, latest(deployed(second)).iid());
    }
}
