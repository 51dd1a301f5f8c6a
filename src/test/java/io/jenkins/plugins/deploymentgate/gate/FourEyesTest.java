package io.jenkins.plugins.deploymentgate.gate;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.model.Result;
import hudson.model.User;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.VoteResult;
import io.jenkins.plugins.deploymentgate.changes.GitRepository;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.config.UserApprover;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.Authors;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Nobody approves what they have written, where the environment says so. */
@WithJenkins
class FourEyesTest {

    private static JenkinsRule j;

    @TempDir
    private static Path repositories;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) throws Exception {
        j = rule;
        World.people(j);
        for (String person : List.of("alice", "bob", "carol")) {
            User.getById(person, true).save();
        }
    }

    private static ProtectedEnvironment fourEyes(String name, boolean prevent) {
        ProtectedEnvironment environment = new ProtectedEnvironment(name);
        environment.setApprovers(List.of(new UserApprover("bob"), new UserApprover("carol")));
        environment.setPreventAuthorApproval(prevent);
        protect(environment);
        return environment;
    }

    /** A build with a change of Bob's since the last successful deployment. */
    private static WorkflowRun withChangeOfBob(String environment) throws Exception {
        GitRepository repository = new GitRepository(repositories).commit("Carol <carol@example.org>");
        WorkflowJob job = pipeline(
                "eyes-" + System.nanoTime(),
                "node { " + repository.checkout() + " }\ndeploymentGate '" + environment + "'");
        WorkflowRun first = blocked(j, job, "alice");
        await().until(() ->
                vote(first, latest(first).id(), "carol", VoteDecision.APPROVED, "") instanceof VoteResult.Recorded);
        ended(j, Result.SUCCESS, first);
        repository.commit("Bob <bob@example.org>");
        return blocked(j, job, "alice");
    }

    @Test
    void anAuthorOfTheChangesIsRefusedAndThePageSaysWhy() throws Exception {
        fourEyes("guarded", true);
        WorkflowRun build = withChangeOfBob("guarded");
        await().until(() -> latest(build).request().authors().isPresent());
        Authors authors = latest(build).request().authors().orElseThrow();
        assertEquals(List.of("bob"), authors.people());
        String commit = authors.changeOf("bob").orElseThrow().substring(0, 7);
        VoteResult refused = vote(build, latest(build).id(), "bob", VoteDecision.APPROVED, "");
        assertEquals(DenialReason.CHANGE_AUTHOR, ((VoteResult.Refused) refused).why());
        assertThat(
                ((VoteResult.Refused) refused).message(),
                containsString("You wrote a change in this deployment (" + commit + ")"));
        String page = World.browser(j, "bob").getPage(build, "deployment-gate/").asNormalizedText();
        assertThat(page, containsString("You wrote a change in this deployment (" + commit + ")"));
        assertThat(page, containsString("Change authors"));
        approve(build, "carol");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void aPolicyThatBeginsToAskLooksUpTheAuthorsAndTakesTheirApprovalsAway() throws Exception {
        fourEyes("later", false);
        ProtectedEnvironment two = fourEyes("later", false);
        WorkflowRun build = withChangeOfBob("later");
        two.setRequiredApprovals(2);
        protect(two);
        await().until(() -> latest(build).policy().requiredApprovals() == 2);
        approve(build, "bob");
        assertEquals(1, latest(build).tally().given());
        two.setPreventAuthorApproval(true);
        protect(two);
        await().until(() -> latest(build).request().authors().isPresent());
        assertEquals(0, latest(build).tally().given());
        assertEquals(1, latest(build).approvals().size(), "it stays in the history");
        approve(build, "carol");
        assertEquals(Status.BLOCKED, latest(build).status());
        two.setPreventAuthorApproval(false);
        protect(two);
        ended(j, Result.SUCCESS, build);
    }
}
