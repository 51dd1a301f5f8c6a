package io.jenkins.plugins.deploymentgate.unlock;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.folder;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.pipelineIn;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.protectIn;
import static io.jenkins.plugins.deploymentgate.World.start;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.console.ConsoleNote;
import hudson.model.FreeStyleProject;
import hudson.model.Label;
import hudson.model.Queue;
import hudson.model.Result;
import hudson.security.ACL;
import hudson.security.ACLContext;
import hudson.slaves.Cloud;
import hudson.slaves.DumbSlave;
import hudson.slaves.JNLPLauncher;
import hudson.slaves.NodeProperty;
import hudson.slaves.NodeProvisioner;
import hudson.slaves.RetentionStrategy;
import hudson.slaves.SlaveComputer;
import hudson.util.FormValidation;
import hudson.util.StreamTaskListener;
import io.jenkins.plugins.deploymentgate.World;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.htmlunit.html.HtmlForm;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsRule.WebClient;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The queue gives an agent of an environment only to builds with a running deployment to it. */
@WithJenkins
class EnvironmentAgentsTest {

    private static JenkinsRule j;
    private static DumbSlave agent;

    /** The only executors are those of the agent, so that whatever waits would get them if it could. */
    @BeforeAll
    static void startJenkins(JenkinsRule rule) throws Exception {
        j = rule;
        World.people(j);
        protect("production", 1, "bob");
        protect("staging", 0);
        j.jenkins.setNumExecutors(0);
        agent = j.createSlave("prod-1", "deployers", null);
        agent.setNumExecutors(2);
        agent.getNodeProperties().add(new EnvironmentAgentProperty("production, review/*"));
        j.jenkins.addNode(agent);
        j.waitOnline(agent);
    }

    private static WorkflowJob job(String script) throws Exception {
        return pipeline("agent-" + System.nanoTime(), script);
    }

    /** Waits until the queue has a reason why a build has no agent, and gives it. */
    private static Queue.Item awaitReason(String text) {
        return await().until(() -> waiting(text), Optional::isPresent).orElseThrow();
    }

    private static Optional<Queue.Item> waiting(String text) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            return Stream.of(Queue.getInstance().getItems())
                    .filter(item -> String.valueOf(item.getWhy()).contains(text))
                    .findFirst();
        }
    }

    @Test
    void aStageWaitsForItsDeploymentBeforeItAsksForTheAgent() throws Exception {
        WorkflowRun build = blocked(j, job("""
            pipeline {
                agent none
                stages {
                    stage('Deploy') {
                        agent { label 'deployers' }
                        options { deployment('production') }
                        steps { echo "on $NODE_NAME for deployment $DEPLOYMENT_ID" }
                    }
                    stage('After') {
                        agent { label 'deployers' }
                        steps { echo 'got it once more' }
                    }
                }
            }
            """), "alice");
        assertEquals(0, Queue.getInstance().getItems().length);
        approve(build, "bob");
        awaitReason(build.getFullDisplayName() + " has none");
        j.assertLogContains("on prod-1 for deployment", build);
        j.assertLogNotContains("got it once more", build);
        build.doStop();
        ended(j, Result.ABORTED, build);
    }

    @Test
    void aBuildWithoutADeploymentNeverGetsItHoweverItAsks() throws Exception {
        for (String node : List.of("node", "node('deployers')", "node('prod-1')", "node('deployers || any')")) {
            WorkflowRun build = start(job(node + " { echo 'got it' }"), "alice");
            String why =
                    "Agents reserved for production, review/* only take builds with a running deployment there, and "
                            + build.getFullDisplayName() + " has none";
            awaitReason(why);
            Queue.getInstance().maintain();
            j.assertLogNotContains("got it", build);
            build.doStop();
            j.waitForCompletion(build);
        }
        WorkflowRun staging = start(job("deploymentGate 'staging'; node('deployers') { echo 'got it' }"), "alice");
        awaitReason(staging.getFullDisplayName() + " has none");
        staging.doStop();
        j.waitForCompletion(staging);
        FreeStyleProject freestyle = j.createFreeStyleProject();
        freestyle.setAssignedLabel(Label.get("deployers"));
        freestyle.scheduleBuild2(0);
        Queue.Item waiting = awaitReason(
                "Agents reserved for production, review/* only take builds with a running deployment there");
        Queue.getInstance().cancel(waiting);
    }

    @Test
    void itGetsTheAgentAfterTheApprovalOnEveryExecutor() throws Exception {
        WorkflowRun build = blocked(j, job("""
            parallel gate: { deploymentGate 'production' },
                one: { node('deployers') { echo 'one got it' } },
                two: { node { echo 'two got it' } }
            """), "alice");
        Queue.Item waiting = awaitReason(build.getFullDisplayName() + " has none");
        ByteArrayOutputStream console = new ByteArrayOutputStream();
        agent.getNodeProperties()
                .get(EnvironmentAgentProperty.class)
                .canTake((Queue.BuildableItem) waiting)
                .print(new StreamTaskListener(console, StandardCharsets.UTF_8));
        String printed = console.toString(StandardCharsets.UTF_8);
        assertThat(ConsoleNote.removeNotes(printed), containsString(build.getFullDisplayName() + " has none"));
        assertThat("with a link", printed, containsString(ConsoleNote.PREAMBLE_STR));
        try (WebClient browser = j.createWebClient().login("alice")) {
            assertThat(
                    browser.goTo(waiting.getUrl() + "api/json", "application/json")
                            .getWebResponse()
                            .getContentAsString(),
                    containsString("has none"));
        }
        approve(build, "bob");
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("one got it", build);
        j.assertLogContains("two got it", build);
    }

    @Test
    void withTheBlockStepItGetsTheAgentForTheBodyOnly() throws Exception {
        WorkflowRun build = blocked(j, job("""
            deployment('production') { node('deployers') { echo 'got it inside' } }
            node('deployers') { echo 'got it after' }
            """), "alice");
        approve(build, "bob");
        awaitReason(build.getFullDisplayName() + " has none");
        j.assertLogContains("got it inside", build);
        build.doStop();
        j.waitForCompletion(build);
        j.assertLogNotContains("got it after", build);
    }

    /** Starts agents that are reserved for production, as a cloud does whose template has the node property. */
    private static final class ReservedCloud extends Cloud {

        private final Label label = Label.get("cloud-deployers");

        ReservedCloud() {
            super("reserved-cloud");
        }

        @Override
        public boolean canProvision(CloudState state) {
            return label.equals(state.getLabel());
        }

        @Override
        public Collection<NodeProvisioner.PlannedNode> provision(CloudState state, int excessWorkload) {
            try {
                DumbSlave started = new DumbSlave(
                        "cloud-agent",
                        new File(j.jenkins.getRootDir(), "cloud-agent").getPath(),
                        j.createComputerLauncher(null));
                started.setLabelString(label.getName());
                started.setRetentionStrategy(RetentionStrategy.NOOP);
                started.setNodeProperties(List.of(new EnvironmentAgentProperty("production")));
                return List.of(new NodeProvisioner.PlannedNode(
                        "cloud-agent", CompletableFuture.completedFuture(started), started.getNumExecutors()));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Core's own waits until the queue has been long for some time. */
    @TestExtension
    public static class AtOnce extends NodeProvisioner.Strategy {

        @Override
        public NodeProvisioner.StrategyDecision apply(NodeProvisioner.StrategyState state) {
            Cloud.CloudState wanted = new Cloud.CloudState(state.getLabel(), 0);
            if (j.jenkins.getNode("cloud-agent") == null && state.getPlannedCapacitySnapshot() == 0) {
                j.jenkins.clouds.stream()
                        .filter(cloud -> cloud.canProvision(wanted))
                        .forEach(cloud -> state.recordPendingLaunches(cloud.provision(wanted, 1)));
            }
            return NodeProvisioner.StrategyDecision.PROVISIONING_COMPLETED;
        }
    }

    @Test
    void anAgentThatACloudStartsIsReservedToo() throws Exception {
        ReservedCloud cloud = new ReservedCloud();
        j.jenkins.clouds.add(cloud);
        try {
            WorkflowRun without = start(job("node('cloud-deployers') { echo 'got it' }"), "alice");
            await().until(() -> {
                cloud.label.nodeProvisioner.suggestReviewNow();
                return j.jenkins.getComputer("cloud-agent") instanceof SlaveComputer started && started.isOnline();
            });
            awaitReason("Agents reserved for production only take builds with a running deployment there, and "
                    + without.getFullDisplayName() + " has none");
            WorkflowRun build =
                    blocked(j, job("deployment('production') { node('cloud-deployers') { echo 'got it' } }"), "alice");
            approve(build, "bob");
            ended(j, Result.SUCCESS, build);
            j.assertLogContains("got it", build);
            j.assertLogNotContains("got it", without);
            without.doStop();
            ended(j, Result.ABORTED, without);
        } finally {
            j.jenkins.clouds.remove(cloud);
            j.jenkins.removeNode(j.jenkins.getNode("cloud-agent"));
        }
    }

    @Test
    void anEnvironmentThatOnlyAFolderProtectsUnlocksNoAgent() throws Exception {
        Folder own = folder(null, "own");
        protectIn(own, World.environment("review/1", 0));
        WorkflowRun build =
                start(pipelineIn(own, "deploy", "deploymentGate 'review/1'; node { echo 'got it' }"), "alice");
        awaitReason("nothing protects that environment for the whole Jenkins");
        protect("review/*", 0);
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("got it", build);
    }

    @Test
    void theFormRefusesWhatIsNoEnvironment() throws Exception {
        EnvironmentAgentProperty.DescriptorImpl descriptor =
                j.jenkins.getDescriptorByType(EnvironmentAgentProperty.DescriptorImpl.class);
        assertEquals(FormValidation.Kind.OK, descriptor.doCheckEnvironments("production, review/*").kind);
        for (String bad : List.of("", "production,", "a:b")) {
            assertEquals(FormValidation.Kind.ERROR, descriptor.doCheckEnvironments(bad).kind, bad);
            assertThrows(IllegalArgumentException.class, () -> new EnvironmentAgentProperty(bad));
        }
        assertFalse(NodeProperty.for_(j.jenkins).contains(descriptor), "no pipeline could start on the built-in node");
        assertTrue(NodeProperty.for_(agent).contains(descriptor));
        DumbSlave offline = new DumbSlave("prod-2", "/tmp/prod-2", new JNLPLauncher());
        offline.setNodeProperties(List.of(new EnvironmentAgentProperty("production, review/*")));
        j.jenkins.addNode(offline);
        try (WebClient browser = j.createWebClient().login("root")) {
            HtmlForm form = browser.goTo("computer/prod-2/configure").getFormByName("config");
            assertEquals(
                    "production, review/*",
                    form.getInputsByName("_.environments").get(0).getValue());
            form.getInputsByName("_.environments").get(0).setValue("production,review/*");
            j.submit(form);
        }
        assertEquals(
                "production,review/*",
                j.jenkins
                        .getNode("prod-2")
                        .getNodeProperty(EnvironmentAgentProperty.class)
                        .getEnvironments());
    }
}
