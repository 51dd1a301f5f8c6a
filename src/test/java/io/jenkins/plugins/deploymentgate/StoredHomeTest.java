package io.jenkins.plugins.deploymentgate;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.deployment;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hudson.model.Item;
import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.config.DeploymentGateConfiguration;
import io.jenkins.plugins.deploymentgate.config.ItemScope;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentFilter;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentQuery;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentScope;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentDescription;
import io.jenkins.plugins.deploymentgate.records.DeploymentNumbers;
import io.jenkins.plugins.deploymentgate.search.DeploymentSearch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.apache.commons.io.FileUtils;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/**
 * A home directory as the first version of these formats has written it, with a build that is blocked at a gate and has
 * one of two approvals. Every later version must load it. The files are never to be changed; a new format gets a home of
 * its own beside it.
 */
class StoredHomeTest {

    private static final long ID = 28402094182L;

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    /** Only the times are those of today, because what has waited for too long expires. */
    @BeforeEach
    void unpack() throws Exception {
        Path stored = Path.of(getClass().getResource("StoredHomeTest").toURI());
        FileUtils.copyDirectory(stored.toFile(), sessions.getHome());
        Path build = sessions.getHome().toPath().resolve("jobs/shop/jobs/web/builds/2");
        for (long id : new long[] {28402093807L, ID}) {
            Path record = build.resolve("deployment-gate/" + id + ".json");
            Files.writeString(
                    record,
                    Files.readString(record)
                            .replace(
                                    "2026-11-25T", LocalDate.now(ZoneOffset.UTC).minusDays(1) + "T")
                            .replace(
                                    "2026-12-23T", LocalDate.now(ZoneOffset.UTC).plusDays(27) + "T"));
        }
        Path xml = build.resolve("build.xml");
        Files.writeString(
                xml,
                Files.readString(xml)
                        .replaceAll("<(timestamp|startTime)>\\d+<", "<$1>" + System.currentTimeMillis() + "<"));
    }

    @Test
    void whatTheFirstVersionHasWrittenGoesOn() throws Throwable {
        sessions.then(StoredHomeTest::loadAndApprove);
    }

    private static void loadAndApprove(JenkinsRule j) throws Exception {
        World.people(j);
        assertEquals(3, DeploymentGateConfiguration.get().getEnvironments().size());
        Item shop = j.jenkins.getItem("shop");
        assertEquals("production", ItemScope.of(shop).getEnvironments().get(0).getName());
        WorkflowRun build =
                j.jenkins.getItemByFullName("shop/web", WorkflowJob.class).getBuildByNumber(2);
        Deployment stored = deployment(build, ID);
        assertEquals(4, stored.iid());
        assertEquals(Status.BLOCKED, stored.status());
        assertEquals(
                new DeploymentDescription("Faster checkout for everybody", "1.4.2", "https://example.com/notes"),
                stored.request().description());
        assertEquals("bob", stored.approvals().get(0).voter().id());
        await().until(() -> DeploymentSearch.get().isComplete());
        assertEquals(
                2,
                DeploymentSearch.get()
                        .list(DeploymentQuery.latest(DeploymentFilter.in(DeploymentScope.EVERYWHERE), 10))
                        .total());
        assertTrue(DeploymentNumbers.get().nextId() > ID);
        approve(build, "root");
        ended(j, Result.SUCCESS, build);
        j.assertLogContains("deployed", build);
        assertEquals(Status.SUCCESS, deployment(build, ID).status());
    }
}
