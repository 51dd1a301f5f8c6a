package io.jenkins.plugins.deploymentgate.gate;

import static io.jenkins.plugins.deploymentgate.World.environment;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.security.FullControlOnceLoggedInAuthorizationStrategy;
import hudson.security.HudsonPrivateSecurityRealm;
import io.jenkins.plugins.deploymentgate.approval.DeploymentViews;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** Fifty builds take turns at one environment, while the controller and then some of the builds are killed. */
class TurnsKillTest {

    private static final int BUILDS = 50;
    private static final Duration LONG = Duration.ofMinutes(3);

    @RegisterExtension
    final RealJenkinsExtension controller = new RealJenkinsExtension();

    @Test
    void noTwoRunAndNobodyIsLeftBehind() throws Throwable {
        controller.startJenkins();
        controller.runRemotely(TurnsKillTest::startAll);
        controller.stopJenkinsForcibly();
        controller.startJenkins();
        controller.runRemotely(TurnsKillTest::killSomeBuildsAndFindAllEnded);
    }

    private static void startAll(JenkinsRule j) throws Throwable {
        HudsonPrivateSecurityRealm realm = new HudsonPrivateSecurityRealm(false, false, null);
        realm.createAccount("alice", "alice");
        j.jenkins.setSecurityRealm(realm);
        j.jenkins.setAuthorizationStrategy(new FullControlOnceLoggedInAuthorizationStrategy());
        ProtectedEnvironment line = environment("line", 0);
        line.setExclusive(true);
        protect(line);
        WorkflowRun first = start(pipeline("first", "deploymentGate 'line'; sleep 600"), "alice");
        await().until(() -> isThere(first) && latest(first).status() == Status.RUNNING);
        WorkflowJob job = pipeline("fifty", "deploymentGate 'line'; sleep time: 20, unit: 'MILLISECONDS'");
        for (int build = 0; build < BUILDS; build++) {
            start(job, "alice");
        }
        await().atMost(LONG)
                .until(() -> builds(j).stream().filter(TurnsKillTest::isThere).count() == BUILDS);
        assertEquals(BUILDS, count(j, Status.BLOCKED));
        first.doTerm();
        first.doKill();
        await().atMost(LONG).until(() -> count(j, Status.SUCCESS) >= 5);
    }

    private static void killSomeBuildsAndFindAllEnded(JenkinsRule j) throws Throwable {
        await().atMost(LONG).until(() -> count(j, Status.SUCCESS) >= 10);
        for (WorkflowRun build : builds(j)) {
            if (build.isBuilding() && build.getNumber() % 7 == 0) {
                build.doTerm();
                build.doKill();
            }
        }
        await().atMost(LONG).until(() -> builds(j).stream().noneMatch(WorkflowRun::isBuilding));
        List<Deployment> ended = new ArrayList<>();
        for (WorkflowRun build : builds(j)) {
            Deployment deployment = latest(build);
            assertTrue(deployment.status().isFinal(), build + " " + deployment.status());
            if (deployment.times().decidedAt().isPresent()
                    && !deployment.times().decidedAt().equals(deployment.times().finishedAt())) {
                ended.add(deployment);
            }
        }
        assertTrue(ended.size() > BUILDS / 2, "most were released: " + ended.size());
        ended.sort(Comparator.comparing(one -> one.times().decidedAt().orElseThrow()));
        for (int at = 1; at < ended.size(); at++) {
            Instant end = ended.get(at - 1).times().finishedAt().orElseThrow();
            Instant begin = ended.get(at).times().decidedAt().orElseThrow();
            assertFalse(begin.isBefore(end), ended.get(at) + " began before the end of " + ended.get(at - 1));
        }
        List<Instant> arrivals = ended.stream().map(Deployment::createdAt).toList();
        assertEquals(
                arrivals.stream().sorted().toList(),
                arrivals,
                "nobody had to approve, so they are served as they came");
    }

    private static List<WorkflowRun> builds(JenkinsRule j) {
        List<WorkflowRun> builds = new ArrayList<>();
        j.jenkins.getItemByFullName("fifty", WorkflowJob.class).getBuilds().forEach(builds::add);
        return builds;
    }

    private static boolean isThere(WorkflowRun build) {
        try {
            return !DeploymentViews.get().ids(build).isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long count(JenkinsRule j, Status status) {
        return builds(j).stream()
                .filter(build -> {
                    try {
                        return isThere(build) && latest(build).status() == status;
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .count();
    }
}
