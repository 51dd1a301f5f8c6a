package io.jenkins.plugins.deploymentgate.crash;

import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.crash.Vote.Kind;
import io.jenkins.plugins.deploymentgate.crash.seams.Seam;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/**
 * The controller stops dead around the block of a {@code deployment} step: people are never asked again, what was saved of the
 * block does not run again, and the deployment ends as the block does.
 */
class BlockCrashTest {

    private static final String JOB = "blocks";

    private static final List<Seam> SEAMS = List.of(
            Seam.AFTER_WRITE,
            Seam.BEFORE_DELIVERY,
            Seam.AFTER_DELIVERY,
            Seam.PROGRAM_SAVED,
            Seam.BLOCK_OVER,
            Seam.BLOCK_CLOSED);

    @RegisterExtension
    final RealJenkinsExtension process = Controller.process();

    private Controller controller;

    @Test
    void aBlockSurvivesAKillAtEachSeam() throws Throwable {
        controller = new Controller(process);
        controller.create("bob", "carol");
        process.runRemotely(BlockCrashTest::create);
        int build = 0;
        for (Seam seam : SEAMS) {
            build++;
            controller.post(Controller.REQUESTER, "job/" + JOB + "/build", Map.of(), Optional.empty());
            long id = process.runRemotely(BlockCrashTest::blocked, build);
            assertEquals(302, vote(build, id, "bob", Optional.empty()));
            try {
                vote(build, id, "carol", Optional.of(seam));
            } catch (IOException e) {
                // The controller may stop before it answers.
            }
            controller.awaitHalt();
            controller.start();
            int begun = process.runRemotely(BlockCrashTest::goOn, build, id);
            // Jenkins runs again what it had not saved.
            assertTrue(begun == 1 || seam == Seam.AFTER_DELIVERY, () -> seam + ": the block began " + begun + " times");
        }
    }

    private int vote(int build, long id, String user, Optional<Seam> halt) throws Exception {
        Vote vote = new Vote(build, id, user, Kind.APPROVE);
        return controller.post(user, "job/" + JOB + "/" + build + "/" + vote.path(), vote.form(), halt);
    }

    private static void create(JenkinsRule j) throws Throwable {
        World.protect("region", Controller.REQUIRED);
        World.pipeline(JOB, """
            savePoint()
            deployment('region') {
              echo "begins $DEPLOYMENT_ID"
              haltPoint()
              echo "in the block"
              savePoint()
            }
            echo 'went on'
            """);
    }

    private static WorkflowRun build(int number) {
        return Jenkins.get().getItemByFullName(JOB, WorkflowJob.class).getBuildByNumber(number);
    }

    private static Long blocked(JenkinsRule j, Integer number) throws Throwable {
        await().atMost(Duration.ofSeconds(60)).until(() -> build(number) != null);
        await().atMost(Duration.ofSeconds(60)).until(() -> DeploymentViews.get().countBlocked(build(number)), is(1L));
        return latest(build(number)).id();
    }

    /** @return how often the block has begun */
    private static Integer goOn(JenkinsRule j, Integer number, Long id) throws Throwable {
        WorkflowRun build = ended(j, Result.SUCCESS, build(number));
        j.assertLogContains("went on", build);
        Deployment deployment = latest(build);
        assertEquals(List.of(id), DeploymentViews.get().ids(build), "asked once");
        assertEquals(Status.SUCCESS, deployment.status());
        assertEquals(2, deployment.approvals().size());
        return (int) Pattern.compile("^begins " + id + "$", Pattern.MULTILINE)
                .matcher(j.getLog(build))
                .results()
                .count();
    }
}
