package io.jenkins.plugins.deploymentgate.steps;

import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.BooleanParameterDefinition;
import hudson.model.BooleanParameterValue;
import hudson.model.Cause;
import hudson.model.CauseAction;
import hudson.model.Computer;
import hudson.model.ParameterValue;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.Result;
import hudson.model.StringParameterDefinition;
import hudson.model.StringParameterValue;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Ending;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The pipelines of docs/recipes.md, run as they are, but for the commands of the shell, which are printed. */
@WithJenkins
class RecipesTest {

    private static final Set<String> TRIED = new HashSet<>();
    private static final Pattern RECIPE =
            Pattern.compile("<!-- recipe: (\\w+) -->\\n```groovy\\n(.*?)```", Pattern.DOTALL);

    private static JenkinsRule j;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) throws Exception {
        j = rule;
        World.people(j);
        j.jenkins.setNumExecutors(4);
        ProtectedEnvironment production = World.environment("production", 1, "bob");
        production.setExclusive(true);
        production.setRefuseOutdated(true);
        protect(production);
        protect("production-*", 1, "bob");
    }

    @AfterAll
    static void everyRecipeWasTried() throws Exception {
        assertEquals(
                TRIED,
                RECIPE.matcher(Files.readString(Path.of("docs/recipes.md")))
                        .results()
                        .map(recipe -> recipe.group(1))
                        .collect(Collectors.toSet()));
    }

    private static WorkflowJob recipe(String name) throws Exception {
        Matcher recipe = RECIPE.matcher(Files.readString(Path.of("docs/recipes.md")));
        while (recipe.find()) {
            if (recipe.group(1).equals(name)) {
                TRIED.add(name);
                return pipeline(name, recipe.group(2).replaceAll("sh (['\"])(.*)\\1", "sh $1echo ran: $2$1"));
            }
        }
        throw new AssertionError("there is no recipe " + name);
    }

    private static WorkflowRun begun(WorkflowJob job, ParameterValue... parameters) throws Exception {
        return job.scheduleBuild2(
                        0, new CauseAction(new Cause.UserIdCause("alice")), new ParametersAction(List.of(parameters)))
                .waitForStart();
    }

    private static List<Deployment> deployments(WorkflowRun build) throws Exception {
        List<Deployment> deployments = new ArrayList<>();
        for (long id : DeploymentViews.get().ids(build)) {
            deployments.add(World.deployment(build, id));
        }
        return deployments;
    }

    private static Deployment blocked(WorkflowRun build) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> deployments(build).stream().anyMatch(one -> one.status() == Status.BLOCKED));
        try {
            return deployments(build).stream()
                    .filter(one -> one.status() == Status.BLOCKED)
                    .findFirst()
                    .orElseThrow();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void decide(WorkflowRun build, VoteDecision decision) throws Exception {
        vote(build, blocked(build).id(), "bob", decision, "as you like");
    }

    private static WorkflowRun deployed(WorkflowRun build) throws Exception {
        decide(build, VoteDecision.APPROVED);
        return ended(j, Result.SUCCESS, build);
    }

    private static int busyExecutors() {
        return Stream.of(Jenkins.get().getComputers())
                .mapToInt(Computer::countBusy)
                .sum();
    }

    @Test
    void aStageWaitsBeforeItsAgentAndHasTheVariables() throws Exception {
        WorkflowRun build = start(recipe("declarative"), "alice");
        assertEquals("1.4.1", blocked(build).request().description().version());
        await().until(() -> busyExecutors() == 0);
        deployed(build);
        j.assertLogContains("ran: ./deploy.sh production 1.4.1", build);
        j.assertLogNotContains("Not deployed", build);
        j.assertLogNotContains("an executor is held", build);
        WorkflowRun rejected = start(build.getParent(), "alice");
        decide(rejected, VoteDecision.REJECTED);
        ended(j, Result.FAILURE, rejected);
        j.assertLogNotContains("ran: ./deploy.sh", rejected);
    }

    @Test
    void aStageThatIsSkippedAsksNobody() throws Exception {
        WorkflowJob job = recipe("when");
        job.addProperty(new ParametersDefinitionProperty(new BooleanParameterDefinition("DEPLOY", false, "")));
        WorkflowRun first = ended(j, Result.SUCCESS, start(job, "alice"));
        assertEquals(List.of(), DeploymentViews.get().ids(first));
        WorkflowRun build = deployed(begun(job, new BooleanParameterValue("DEPLOY", true)));
        j.assertLogContains("ran: ./deploy.sh production", build);
    }

    @Test
    void theWaitingAndTheWorkHaveLimitsOfTheirOwn() throws Exception {
        WorkflowRun build = start(recipe("timeouts"), "alice");
        assertEquals(
                Duration.ofMinutes(120), blocked(build).request().deadline().orElseThrow());
        deployed(build);
        j.assertLogContains("ran: ./deploy.sh production", build);
    }

    @Test
    void aScriptedPipelineReturnsWhatItsBlockReturns() throws Exception {
        j.assertLogContains("Deployed r-1042", deployed(start(recipe("scripted"), "alice")));
    }

    @Test
    void aRejectionIsToldToTheScript() throws Exception {
        WorkflowJob job = recipe("otherwise");
        j.assertLogNotContains("Not deployed", deployed(start(job, "alice")));
        WorkflowRun rejected = start(job, "alice");
        decide(rejected, VoteDecision.REJECTED);
        ended(j, Result.SUCCESS, rejected);
        j.assertLogContains("Not deployed: deployment_rejected, bob: as you like", rejected);
    }

    @Test
    void theCellsOfAMatrixTakeTurns() throws Exception {
        WorkflowRun build = start(recipe("matrix"), "alice");
        await().atMost(Duration.ofSeconds(60)).until(() -> deployments(build).size() == 2);
        for (Deployment one : deployments(build)) {
            vote(build, one.id(), "bob", VoteDecision.APPROVED, "");
        }
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("ran: ./deploy.sh production eu", build);
        j.assertLogContains("ran: ./deploy.sh production us", build);
        List<Deployment> both = deployments(build);
        Deployment first = both.get(0)
                        .times()
                        .decidedAt()
                        .get()
                        .isBefore(both.get(1).times().decidedAt().get())
                ? both.get(0)
                : both.get(1);
        Deployment second = first == both.get(0) ? both.get(1) : both.get(0);
        assertTrue(
                !second.times()
                        .decidedAt()
                        .get()
                        .isBefore(first.times().finishedAt().get()),
                () -> "both ran at once: " + both);
    }

    @Test
    void regionsAreDeployedInTheirOrder() throws Exception {
        WorkflowRun build = start(recipe("regions"), "alice");
        assertEquals("production-eu", blocked(build).environment());
        decide(build, VoteDecision.APPROVED);
        await().until(() -> deployments(build).size() == 2);
        deployed(build);
        j.assertLogContains("ran: ./deploy.sh production us", build);
    }

    @Test
    void anOlderBuildIsOutdatedUnlessItIsARollback() throws Exception {
        WorkflowJob job = recipe("migrated");
        WorkflowRun old = start(job, "alice");
        blocked(old);
        deployed(start(job, "alice"));
        ended(j, Result.ABORTED, old);
        assertEquals(
                EndReason.DEPLOYMENT_OUTDATED,
                deployments(old).get(0).ending().map(Ending::reason).orElseThrow());
        WorkflowJob rollback = recipe("rollback");
        rollback.addProperty(new ParametersDefinitionProperty(new StringParameterDefinition("VERSION", "1.4.2")));
        WorkflowRun oldest = begun(rollback, new StringParameterValue("VERSION", "1.4.1"));
        blocked(oldest);
        deployed(begun(rollback, new StringParameterValue("VERSION", "1.4.2")));
        deployed(oldest);
        j.assertLogContains("ran: ./deploy.sh production 1.4.1", oldest);
    }

    @Test
    void aMilestoneCancelsAnOlderBuildThatWaits() throws Exception {
        WorkflowJob job = recipe("milestone");
        WorkflowRun old = start(job, "alice");
        blocked(old);
        WorkflowRun build = deployed(start(job, "alice"));
        j.assertLogContains("ran: ./deploy.sh production", build);
        j.waitForCompletion(old);
        j.assertLogNotContains("ran: ./deploy.sh production", old);
        assertEquals(Status.CANCELED, deployments(old).get(0).status());
    }
}
