package io.jenkins.plugins.deploymentgate.config;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.environment;
import static io.jenkins.plugins.deploymentgate.World.folder;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipeline;
import static io.jenkins.plugins.deploymentgate.World.pipelineIn;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.protectIn;
import static io.jenkins.plugins.deploymentgate.World.start;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.model.Item;
import hudson.model.Items;
import hudson.model.Result;
import hudson.model.TopLevelItem;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import java.io.File;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.JenkinsRule.WebClient;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What becomes of the protected environments of an item as it is renamed, moved, deleted, copied and reloaded. */
@WithJenkins
class ScopeLifetimeTest {

    private static JenkinsRule j;

    private Folder team;
    private WorkflowJob deploy;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) {
        j = rule;
        World.people(j);
    }

    @BeforeEach
    void protectAFolderAndAJob() throws Exception {
        DeploymentGateConfiguration.get().setEnvironments(List.of());
        protect("production", 1, "bob");
        team = folder(null, "team-" + System.nanoTime());
        deploy = pipelineIn(team, "deploy", "deploymentGate 'production'");
        protectIn(team, environment("production", 2, "carol", "dave"));
        protectIn(deploy, environment("production", 4));
    }

    private static int required(Item item) throws Exception {
        return Protection.of(item).policyFor("production").orElseThrow().requiredApprovals();
    }

    private static Path file(Item item) {
        return new File(item.getRootDir(), "protected-environments.xml").toPath();
    }

    /** Changes the number of required approvals in the file, without telling anybody. */
    private static void editByHand(Item item, int from, int to) throws Exception {
        String xml = Files.readString(file(item));
        String before = "<requiredApprovals>" + from + "</requiredApprovals>";
        assertTrue(xml.contains(before), xml);
        Files.writeString(file(item), xml.replace(before, "<requiredApprovals>" + to + "</requiredApprovals>"));
    }

    @Test
    void itIsRenamedWithItsFolderAndWithItsJob() throws Exception {
        team.renameTo(team.getName() + "-renamed");
        assertEquals(7, required(deploy));
        deploy.renameTo("ship");
        assertEquals(7, required(deploy));
        assertEquals(
                List.of("production", team.getName() + ":production", team.getName() + "/ship:production"),
                Protection.of(deploy).policyFor("production").orElseThrow().rules().stream()
                        .map(rule -> rule.name())
                        .toList());
        pipelineIn(team, "deploy", "");
        assertEquals(3, required(team.getItem("deploy")), "another job of the old name begins without");
        Folder namesake = folder(null, team.getName().replace("-renamed", ""));
        assertEquals(1, required(namesake), "so does another folder");
    }

    @Test
    void itMovesWithTheJobAndIsReadAgainThere() throws Exception {
        Folder other = folder(null, "other-" + System.nanoTime());
        protectIn(other, environment("production", 8));
        WorkflowJob moved = Items.move(deploy, other);
        assertEquals(13, required(moved));
        assertTrue(Files.exists(file(moved)));
        assertTrue(file(moved).startsWith(other.getRootDir().toPath()));
        editByHand(moved, 4, 5);
        Items.move(moved, j.jenkins);
        assertEquals(6, required(j.jenkins.getItemByFullName("deploy")), "what the file says after the move");
        j.jenkins.getItemByFullName("deploy").delete();
    }

    @Test
    void itMovesWithTheFolder() throws Exception {
        Folder outer = folder(null, "outer-" + System.nanoTime());
        protectIn(outer, environment("production", 8));
        Folder moved = Items.move(team, outer);
        assertEquals(15, required(moved.getItem("deploy")));
        assertEquals(
                outer.getName() + "/" + moved.getName(), ItemScope.of(moved).getFullName());
    }

    @Test
    void itEndsWithTheItem() throws Exception {
        String name = team.getName();
        deploy.delete();
        WorkflowJob again = pipelineIn(team, "deploy", "");
        assertEquals(3, required(again));
        protectIn(again, environment("production", 4));
        team.delete();
        assertThrows(PolicyUnavailableException.class, () -> Protection.of(again), "what is gone is not open");
        Folder other = folder(null, name);
        assertEquals(1, required(pipelineIn(other, "deploy", "")));
    }

    @Test
    void aCopyDoesNotHaveIt() throws Exception {
        assertEquals(3, required(team.copy(deploy, "copied")));
        TopLevelItem copy = j.jenkins.copy((TopLevelItem) team, team.getName() + "-copy");
        assertEquals(1, required(((Folder) copy).getItem("deploy")));
    }

    @Test
    void whoMayConfigureTheJobCannotTouchIt() throws Exception {
        String before = Files.readString(file(deploy));
        WebClient browser = j.createWebClient().withBasicApiToken("alice");
        URL address = new URL(j.getURL(), deploy.getUrl() + "config.xml");
        WebRequest request = new WebRequest(address, HttpMethod.POST);
        request.setAdditionalHeader("Content-Type", "application/xml");
        request.setRequestBody("<flow-definition><description>mine</description></flow-definition>");
        assertEquals(200, browser.getPage(request).getWebResponse().getStatusCode());
        assertEquals("mine", deploy.getDescription());
        assertEquals(7, required(deploy));
        deploy.setDefinition(new CpsFlowDefinition("""
            properties([])
            deploymentGate 'production'
            """, true));
        WorkflowRun build = blocked(j, deploy, "alice");
        assertEquals(7, latest(build).tally().required());
        assertEquals(before, Files.readString(file(deploy)));
        build.doStop();
        ended(j, Result.ABORTED, build);
    }

    @Test
    void aReloadReadsWhatIsOnDisk() throws Exception {
        WorkflowJob top = pipeline("top-" + System.nanoTime(), "");
        protectIn(top, environment("production", 1));
        assertEquals(2, required(top));
        assertEquals(7, required(deploy));
        editByHand(top, 1, 2);
        editByHand(team, 2, 1);
        editByHand(deploy, 4, 7);
        assertEquals(7, required(deploy), "known, and not looked for");
        j.jenkins.reload();
        assertEquals(3, required(j.jenkins.getItemByFullName(top.getFullName())));
        assertEquals(9, required(j.jenkins.getItemByFullName(deploy.getFullName())));
        assertEquals(3, required(top), "an object from before the reload");
    }

    @Test
    void aBuildFromBeforeAReloadIsJudgedByWhatIsSavedAfterIt() throws Exception {
        WorkflowJob job = pipeline("reloaded-" + System.nanoTime(), "deploymentGate 'production'");
        protectIn(job, environment("production", 1, "carol"));
        WorkflowRun build = blocked(j, job, "alice");
        j.jenkins.reload();
        approve(build, "bob");
        assertEquals(Status.BLOCKED, latest(build).status());
        protectIn(j.jenkins.getItemByFullName(job.getFullName()));
        await().until(() -> latest(build).status() != Status.BLOCKED);
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void aBlockedBuildIsJudgedByTheFoldersIntoWhichItIsMoved() throws Exception {
        protectIn(deploy);
        Folder lenient = folder(null, "lenient-" + System.nanoTime());
        WorkflowRun build = blocked(j, deploy, "alice");
        approve(build, "bob");
        assertEquals(2, latest(build).tally().outstanding());
        Folder strict = folder(null, "strict-" + System.nanoTime());
        protectIn(strict, environment("production", 1, "mallory"));
        Folder inStrict = Items.move(team, strict);
        await().until(() -> latest(build).tally().outstanding() == 3);
        protectIn(inStrict);
        await().until(() -> latest(build).tally().outstanding() == 1);
        Items.move(inStrict, lenient);
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void aRenamedFolderKeepsTheVotes() throws Exception {
        protectIn(deploy);
        WorkflowRun build = blocked(j, deploy, "alice");
        approve(build, "carol");
        team.renameTo(team.getName() + "-renamed");
        await().until(() -> latest(build).policy().rules().stream()
                .anyMatch(rule -> rule.name().equals(team.getName() + ":production")));
        assertEquals(2, latest(build).tally().outstanding());
        approve(build, "bob");
        approve(build, "dave");
        ended(j, Result.SUCCESS, build);
    }

    @Test
    void nothingPassesWhileTheDirectoryIsAway() throws Exception {
        WorkflowJob fresh = pipelineIn(team, "fresh", "deploymentGate 'production'");
        Path directory = fresh.getRootDir().toPath();
        Path away = directory.resolveSibling("away");
        Files.move(directory, away);
        assertThrows(PolicyUnavailableException.class, () -> Protection.of(fresh));
        assertThrows(RuntimeException.class, () -> protectIn(fresh, environment("production", 1)));
        assertFalse(Files.exists(directory), "nothing is left where the item no longer is");
        Files.move(away, directory);
        assertEquals(3, required(fresh));
    }

    @Test
    void theFileIsReplacedAsAWholeAndServedToNobody() throws Exception {
        assertTrue(Files.readString(file(deploy)).contains("<requiredApprovals>4</requiredApprovals>"));
        try (Stream<Path> files = Files.list(deploy.getRootDir().toPath())) {
            assertEquals(
                    1,
                    files.filter(path -> path.getFileName().toString().contains("protected-environments"))
                            .count(),
                    "no temporary file is left");
        }
        WebClient browser = World.browser(j, "root");
        browser.setThrowExceptionOnFailingStatusCode(false);
        assertEquals(
                404,
                browser.goTo(deploy.getUrl() + "protected-environments.xml", null)
                        .getWebResponse()
                        .getStatusCode());
    }

    @Test
    void anUnprotectedJobInTheFolderStillPassesItsOwnGates() throws Exception {
        protect("free", 0);
        ended(j, Result.SUCCESS, start(pipelineIn(team, "free", "deploymentGate 'free'"), "alice"));
    }
}
