package io.jenkins.plugins.deploymentgate.gate;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static io.jenkins.plugins.deploymentgate.World.vote;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.ExtensionList;
import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.core.record.RecordFailures;
import io.jenkins.plugins.deploymentgate.records.RecordsMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LogRecorder;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** The disk fails: the vote is refused and nothing changes, other gates go on, and all is well again when the disk is. */
class DiskTroubleTest {

    private static final String SCRIPT = "deploymentGate 'production'; echo 'went on'";

    @RegisterExtension
    final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    private final LogRecorder log = new LogRecorder().record(RecordFailures.class, Level.WARNING);

    @Test
    void aDirectoryThatCannotBeWrittenRefusesTheVoteAndHeals() throws Throwable {
        sessions.then(j -> {
            setUp(j);
            log.capture(10);
            WorkflowRun build = blocked(j, pipeline("broken", SCRIPT), "alice");
            WorkflowRun other = blocked(j, pipeline("sound", SCRIPT), "alice");
            Path directory = directory(build);
            Path aside = directory.resolveSibling("aside");
            Deployment before = latest(build);
            Files.move(directory, aside);
            Files.writeString(directory, "a file where the directory was");
            for (int attempt = 0; attempt < 3; attempt++) {
                assertThrows(IOException.class, () -> vote(build, before.id(), "bob", VoteDecision.APPROVED, ""));
            }
            assertRefusedOnThePage(j, build, before.id());
            check();
            assertTrue(monitor().isActivated());
            assertThat(log.getMessages(), hasSize(1));
            assertAdministratorsAreTold(j);
            assertTrue(build.isBuilding());
            approve(other, "bob");
            ended(j, Result.SUCCESS, other);
            Files.delete(directory);
            Files.move(aside, directory);
            assertEquals(before, latest(build), "nothing has changed");
            check();
            assertFalse(monitor().isActivated(), "nobody need do anything for that");
            approve(build, "bob");
            ended(j, Result.SUCCESS, build);
            assertEquals(1, latest(build).approvals().size());
            assertEquals("success", latest(build).status().word());
        });
    }

    @Test
    void aFullDiskRefusesTheVoteAndHeals() throws Throwable {
        sessions.then(j -> {
            setUp(j);
            WorkflowRun build = blocked(j, pipeline("full", SCRIPT), "alice");
            Deployment before = latest(build);
            Path directory = directory(build);
            Path aside = directory.resolveSibling("aside");
            Files.move(directory, aside);
            Files.createDirectory(directory);
            assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", directory.toString()));
            try {
                Path record = aside.resolve(before.id() + ".json");
                Files.copy(record, directory.resolve(record.getFileName()));
                Path filler = directory.resolve("filler");
                fill(filler);
                assertThrows(IOException.class, () -> vote(build, before.id(), "bob", VoteDecision.APPROVED, ""));
                check();
                assertTrue(monitor().isActivated());
                assertEquals(before, latest(build), "nothing has changed");
                assertEquals(Files.readString(record), Files.readString(directory.resolve(record.getFileName())));
                WorkflowRun other = blocked(j, pipeline("elsewhere", SCRIPT), "alice");
                approve(other, "bob");
                ended(j, Result.SUCCESS, other);
                Files.delete(filler);
                check();
                assertFalse(monitor().isActivated());
                approve(build, "bob");
                ended(j, Result.SUCCESS, build);
            } finally {
                run("umount", directory.toString());
            }
        });
    }

    @Test
    void aRecordThatIsDamagedOverARestartKeepsItsBuildBlockedUntilItIsRepaired() throws Throwable {
        sessions.then(j -> {
            setUp(j);
            blocked(j, pipeline("truncated", SCRIPT), "alice");
            blocked(j, pipeline("garbage", SCRIPT), "alice");
            blocked(j, pipeline("replaced", SCRIPT), "alice");
            blocked(j, pipeline("sound", SCRIPT), "alice");
        });
        Path home = sessions.getHome().toPath();
        Path truncated = record(home, "truncated");
        Path garbage = record(home, "garbage");
        Path replaced = record(home, "replaced").getParent();
        String good = Files.readString(truncated);
        String better = Files.readString(garbage);
        Files.writeString(truncated, good.substring(0, good.length() / 2));
        Files.write(garbage, new byte[] {0, 1, 2, (byte) 0xff});
        Path aside = replaced.resolveSibling("aside");
        Files.move(replaced, aside);
        Files.writeString(replaced, "a file where the directory was");
        sessions.then(j -> {
            World.people(j);
            for (String job : new String[] {"truncated", "garbage", "replaced"}) {
                WorkflowRun build = build(j, job);
                j.waitForMessage("cannot be read. The build stays blocked", build);
                assertTrue(build.isBuilding());
            }
            long id = id(truncated);
            assertThrows(
                    IOException.class, () -> vote(build(j, "truncated"), id, "bob", VoteDecision.APPROVED, "in vain"));
            assertTrue(monitor().isActivated());
            WorkflowRun sound = build(j, "sound");
            approve(sound, "bob");
            ended(j, Result.SUCCESS, sound);
            Files.writeString(truncated, good);
            Files.writeString(garbage, better);
            Files.delete(replaced);
            Files.move(aside, replaced);
            check();
            assertFalse(monitor().isActivated());
            for (String job : new String[] {"truncated", "garbage", "replaced"}) {
                WorkflowRun build = build(j, job);
                assertEquals(Status.BLOCKED, latest(build).status());
                assertEquals(0, latest(build).approvals().size());
                approve(build, "bob");
                ended(j, Result.SUCCESS, build);
                j.assertLogContains("went on", build);
            }
        });
    }

    @Test
    void aGateThatCannotBeRecordedFailsItsBuild() throws Throwable {
        sessions.then(j -> {
            setUp(j);
            WorkflowJob job = pipeline("numberless", SCRIPT);
            Files.writeString(job.getRootDir().toPath().resolve("nextDeploymentNumber"), "garbage");
            WorkflowRun build = ended(j, Result.FAILURE, start(job, "alice"));
            j.assertLogContains("nextDeploymentNumber does not hold a number", build);
            j.assertLogNotContains("went on", build);
            Files.writeString(job.getRootDir().toPath().resolve("nextDeploymentNumber"), "7");
            WorkflowRun next = blocked(j, job, "alice");
            assertEquals(7, latest(next).iid());
            approve(next, "bob");
            ended(j, Result.SUCCESS, next);
        });
    }

    private static void setUp(JenkinsRule j) {
        World.people(j);
        protect("production", 1, "bob");
    }

    private static void assertRefusedOnThePage(JenkinsRule j, WorkflowRun build, long id) throws Exception {
        try (JenkinsRule.WebClient browser = World.browser(j, "bob")) {
            browser.setThrowExceptionOnFailingStatusCode(false);
            WebRequest request = new WebRequest(
                    browser.createCrumbedUrl(build.getUrl() + "deployment-gate/" + id + "/vote?status=approved"),
                    HttpMethod.POST);
            Page page = browser.getPage(request);
            assertEquals(500, page.getWebResponse().getStatusCode());
            assertThat(page.getWebResponse().getContentAsString(), containsString("could not be recorded"));
        }
    }

    private static void assertAdministratorsAreTold(JenkinsRule j) throws Exception {
        try (JenkinsRule.WebClient browser = World.browser(j, "root")) {
            assertThat(
                    browser.goTo("manage/").asNormalizedText(),
                    containsString("The records of one deployment could not be read or written"));
        }
    }

    private static RecordsMonitor monitor() {
        return ExtensionList.lookupSingleton(RecordsMonitor.class);
    }

    /** What happens every few seconds. */
    private static void check() throws Exception {
        ExtensionList.lookupSingleton(DeadlineWork.class).check();
    }

    private static WorkflowRun build(JenkinsRule j, String job) {
        return j.jenkins.getItemByFullName(job, WorkflowJob.class).getBuildByNumber(1);
    }

    private static Path directory(WorkflowRun build) {
        return build.getRootDir().toPath().resolve("deployment-gate");
    }

    private static Path record(Path home, String job) throws IOException {
        Path directory = home.resolve("jobs/" + job + "/builds/1/deployment-gate");
        try (var files = Files.list(directory)) {
            return files.findFirst().orElseThrow();
        }
    }

    private static long id(Path record) {
        return Long.parseLong(String.valueOf(record.getFileName()).replace(".json", ""));
    }

    private static void fill(Path filler) {
        try (var out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(new byte[1024]);
            }
        } catch (IOException e) {
            assertThat(e.getMessage(), containsString("No space left"));
        }
    }

    private static boolean run(String... command) throws Exception {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return process.waitFor(Duration.ofSeconds(10).toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
