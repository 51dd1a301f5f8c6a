package io.jenkins.plugins.deploymentgate.steps;

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

import hudson.cli.CLICommandInvoker;
import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace.Enclosing;
import io.jenkins.plugins.deploymentgate.core.policy.PipelinePlace.Kind;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.kohsuke.stapler.export.Flavor;
import org.kohsuke.stapler.export.ModelBuilder;

/** Where in a pipeline a deployment waits, and what its flow node knows of it. */
@WithJenkins
class PipelinePlacesTest {

    private static JenkinsRule j;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        j = rule;
        World.people(j);
    }

    @BeforeEach
    void protectEnvironments() {
        protect("production", 1, "bob");
    }

    private static String name() {
        return "place-" + System.nanoTime();
    }

    @Test
    void pageConsoleAndRecordNameTheStagesBranchesAndCellsAroundTheStep() throws Exception {
        WorkflowRun build = start(pipeline(name(), """
            stage('Deploy') {
              parallel(
                eu: { stage('Smoke') { deploymentGate 'production' } },
                "Matrix - REGION = 'us'": { timeout(1) { deploymentGate 'production' } })
            }
            """), "alice");
        World.awaitBlocked(j, build);
        await().atMost(Duration.ofSeconds(60)).until(() -> DeploymentViews.get().countBlocked(build) == 2);
        List<Long> ids = DeploymentViews.get().ids(build);
        Deployment eu = find(build, ids, "Deploy / eu / Smoke");
        Deployment us = find(build, ids, "Deploy / REGION = 'us'");
        assertEquals(
                List.of(
                        new Enclosing(Kind.STAGE, "Deploy"),
                        new Enclosing(Kind.BRANCH, "eu"),
                        new Enclosing(Kind.STAGE, "Smoke")),
                eu.request().place().enclosing());
        assertEquals(
                List.of(new Enclosing(Kind.STAGE, "Deploy"), new Enclosing(Kind.CELL, "REGION = 'us'")),
                us.request().place().enclosing());
        try (JenkinsRule.WebClient browser = World.browser(j, "bob")) {
            String page = browser.goTo(build.getUrl() + "deployment-gate/").asNormalizedText();
            assertThat(page, containsString("production (Deploy / eu / Smoke)"));
            assertThat(page, containsString("production (Deploy / REGION = 'us')"));
            String waiting = browser.goTo("deployments/").asNormalizedText();
            assertThat(waiting, containsString("production (Deploy / eu / Smoke)"));
        }
        try (JenkinsRule.WebClient browser = World.browser(j, "alice")) {
            String list = browser.goTo("deployments/blocked").asNormalizedText();
            assertThat(list, containsString("production (Deploy / eu / Smoke)"));
        }
        String lines = new CLICommandInvoker(j, "deployment-gate-list")
                .asUser("bob")
                .invokeWithArgs("--job", build.getParent().getFullName())
                .stdout();
        assertThat(lines, containsString(" #1\talice\t1\tDeploy / eu / Smoke"));
        vote(build, eu.id(), "bob", VoteDecision.APPROVED, "");
        vote(build, us.id(), "bob", VoteDecision.REJECTED, "");
        ended(j, Result.FAILURE, build);
        j.assertLogContains("The deployment to production (Deploy / eu / Smoke) is blocked until it has", build);
        j.assertLogContains("bob approved the deployment to production (Deploy / eu / Smoke)", build);
        j.assertLogContains("rejected the deployment to production (Deploy / REGION = 'us')", build);
    }

    @Test
    void theCellsOfADeclarativeMatrixAreToldApart() throws Exception {
        WorkflowRun build = start(pipeline(name(), """
            pipeline {
              agent none
              stages {
                stage('Regions') {
                  matrix {
                    axes { axis { name 'REGION'; values 'eu', 'us' } }
                    stages { stage('Deploy') { steps { deploymentGate 'production' } } }
                  }
                }
              }
            }
            """), "alice");
        World.awaitBlocked(j, build);
        await().atMost(Duration.ofSeconds(60)).until(() -> DeploymentViews.get().countBlocked(build) == 2);
        for (String region : List.of("eu", "us")) {
            Deployment cell =
                    find(build, DeploymentViews.get().ids(build), "Regions / REGION = '" + region + "' / Deploy");
            assertEquals(
                    "REGION = '" + region + "'", cell.request().place().cell().orElseThrow());
            vote(build, cell.id(), "bob", VoteDecision.APPROVED, "");
        }
        ended(j, Result.SUCCESS, build);
    }

    private static Deployment find(WorkflowRun build, List<Long> ids, String path) throws Exception {
        List<String> paths = new ArrayList<>();
        for (long id : ids) {
            Deployment one = deployment(build, id);
            paths.add(one.request().place().path());
            if (one.request().place().path().equals(path)) {
                return one;
            }
        }
        throw new AssertionError("nothing at " + path + " but at " + paths);
    }

    @Test
    void theFlowNodeNamesTheDeploymentAndWhoApproved() throws Exception {
        WorkflowRun build = blocked(j, pipeline(name(), "deploymentGate 'production'"), "alice");
        Deployment blocked = latest(build);
        FlowNode node = node(build);
        assertEquals(node.getId(), blocked.request().place().node());
        assertEquals(blocked.id(), node.getAction(DeploymentAction.class).getDeploymentId());
        assertEquals("blocked", node.getAction(DeploymentAction.class).getStatus());
        vote(build, blocked.id(), "bob", VoteDecision.APPROVED, "");
        ended(j, Result.SUCCESS, build);
        List<DeploymentAction> actions = node(build).getActions(DeploymentAction.class);
        assertEquals(1, actions.size());
        assertEquals("running", actions.get(0).getStatus());
        assertEquals(List.of("bob"), actions.get(0).getApprovers());
        StringWriter exported = new StringWriter();
        new ModelBuilder()
                .get(DeploymentAction.class)
                .writeTo(actions.get(0), Flavor.JSON.createDataWriter(actions.get(0), exported));
        assertThat(exported.toString(), containsString("\"approvers\":[\"bob\"],\"deploymentId\":" + blocked.id()));
    }

    private static FlowNode node(WorkflowRun build) {
        return new DepthFirstScanner()
                .findFirstMatch(
                        build.getExecution(),
                        node -> node.getDisplayFunctionName().equals("deploymentGate"));
    }
}
