package io.jenkins.plugins.deploymentgate.crash;

import static io.jenkins.plugins.deploymentgate.World.deployment;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.crash.seams.Seam;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/**
 * The controller stops dead each time that one of several parallel branches has recorded its deployment to the same
 * environment: none takes over the deployment of another.
 */
class BranchesCrashTest {

    private static final String JOB = "branches";
    private static final Map<String, String> VOTERS = Map.of("a", "bob", "b", "carol", "c", "dave");

    /** Who gives the second approval of each. */
    private static final String LAST = "erin";

    @RegisterExtension
    final RealJenkinsExtension process = Controller.process();

    @Test
    void parallelBranchesKeepTheirOwnDeploymentsOverKills() throws Throwable {
        Controller controller = new Controller(process);
        controller.create("bob", "carol", "dave", LAST);
        process.runRemotely(BranchesCrashTest::create);
        try {
            controller.post(Controller.REQUESTER, "job/" + JOB + "/build", Map.of(), Optional.of(Seam.OPENED));
        } catch (IOException e) {
            // The controller may stop before it answers.
        }
        controller.awaitHalt();
        for (int opened = 1; opened < VOTERS.size(); opened++) {
            controller.startAndHalt(Seam.OPENED);
        }
        controller.start();
        TreeMap<String, Long> before = process.runRemotely(BranchesCrashTest::voteInEachBranch);
        controller.kill();
        controller.start();
        assertEquals(before, process.runRemotely(BranchesCrashTest::goOn));
    }

    private static void create(JenkinsRule j) throws Throwable {
        World.protect("shared", 2);
        World.pipeline(JOB, """
            def branches = [:]
            for (name in ['a', 'b', 'c']) {
              def branch = name
              branches[branch] = {
                def d = deploymentGate(environment: 'shared', version: "${branch}-1")
                echo "branch ${branch} goes on with ${d.approvals*.user.join('+')}"
              }
            }
            savePoint()
            parallel branches
            """);
    }

    private static WorkflowRun build() {
        return Jenkins.get().getItemByFullName(JOB, WorkflowJob.class).getBuildByNumber(1);
    }

    /** The first approval of each branch, by a person of its own; gives the deployments by branch. */
    private static TreeMap<String, Long> voteInEachBranch(JenkinsRule j) throws Throwable {
        await().atMost(Duration.ofSeconds(60)).until(() -> DeploymentViews.get().countBlocked(build()) == 3);
        TreeMap<String, Long> deployments = deployments();
        assertEquals(VOTERS.size(), deployments.size());
        for (Map.Entry<String, Long> one : deployments.entrySet()) {
            vote(build(), one.getValue(), VOTERS.get(one.getKey()), VoteDecision.APPROVED, "");
        }
        return deployments;
    }

    private static TreeMap<String, Long> deployments() throws IOException {
        TreeMap<String, Long> deployments = new TreeMap<>();
        for (long id : DeploymentViews.get().ids(build())) {
            Deployment one = deployment(build(), id);
            String branch = one.request().place().branch().orElseThrow();
            assertEquals(branch + "-1", one.request().description().version(), "the version of another branch");
            assertEquals(null, deployments.put(branch, id), "two deployments of branch " + branch);
        }
        return deployments;
    }

    private static TreeMap<String, Long> goOn(JenkinsRule j) throws Throwable {
        TreeMap<String, Long> deployments = deployments();
        for (long id : deployments.values()) {
            vote(build(), id, LAST, VoteDecision.APPROVED, "");
        }
        ended(j, Result.SUCCESS, build());
        for (Map.Entry<String, String> voter : VOTERS.entrySet()) {
            j.assertLogContains("branch " + voter.getKey() + " goes on with " + voter.getValue() + "+" + LAST, build());
            assertEquals(
                    Status.SUCCESS,
                    deployment(build(), deployments.get(voter.getKey())).status());
        }
        return deployments;
    }
}
