package io.jenkins.plugins.deploymentgate.gate;

import static io.jenkins.plugins.deploymentgate.World.approve;
import static io.jenkins.plugins.deploymentgate.World.awaitBlocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.environment;
import static io.jenkins.plugins.deploymentgate.World.folder;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipelineIn;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.protectIn;
import static io.jenkins.plugins.deploymentgate.World.start;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.cloudbees.hudson.plugins.folder.computed.DefaultOrphanedItemStrategy;
import hudson.model.Result;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.audit.Ledger;
import io.jenkins.plugins.deploymentgate.changes.GitRepository;
import io.jenkins.plugins.deploymentgate.config.DeploySourceConfig;
import io.jenkins.plugins.deploymentgate.config.DeploymentGateConfiguration;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEntry;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent;
import io.jenkins.plugins.deploymentgate.core.policy.DeploySource;
import io.jenkins.plugins.deploymentgate.core.policy.DeploySource.Kind;
import io.jenkins.plugins.deploymentgate.origin.JobSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import jenkins.branch.Branch;
import jenkins.branch.BranchSource;
import jenkins.plugins.git.GitSCMSource;
import jenkins.plugins.git.traits.BranchDiscoveryTrait;
import jenkins.plugins.git.traits.DiscoverOtherRefsTrait;
import jenkins.plugins.git.traits.TagDiscoveryTrait;
import jenkins.scm.api.SCMSource;
import jenkins.scm.impl.mock.MockSCMController;
import jenkins.scm.impl.mock.MockSCMDiscoverBranches;
import jenkins.scm.impl.mock.MockSCMDiscoverChangeRequests;
import jenkins.scm.impl.mock.MockSCMSource;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.multibranch.BranchJobProperty;
import org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** From where builds may deploy, with multibranch projects as they are. */
@WithJenkins
class DeployFromTest {

    private static final String GATE = "deploymentGate 'production'";

    private static JenkinsRule j;

    @TempDir
    private static Path repositories;

    private Folder team;

    @BeforeAll
    static void startJenkins(JenkinsRule rule) throws Exception {
        j = rule;
        World.people(j);
        j.jenkins.setQuietPeriod(0);
    }

    @BeforeEach
    void aFolderOfItsOwn() throws Exception {
        DeploymentGateConfiguration.get().setEnvironments(List.of());
        team = folder(null, "team-" + System.nanoTime());
    }

    private static ProtectedEnvironment open(String name, List<Consumer<DeploySourceConfig>> sources) {
        ProtectedEnvironment environment = environment(name, 0);
        environment.setDeployFrom(sources.stream()
                .map(settings -> {
                    DeploySourceConfig source = new DeploySourceConfig();
                    settings.accept(source);
                    return source;
                })
                .toList());
        return environment;
    }

    private static Consumer<DeploySourceConfig> branch(String name) {
        return source -> source.setBranch(name);
    }

    private static Consumer<DeploySourceConfig> tag(String name) {
        return source -> source.setTag(name);
    }

    private static Consumer<DeploySourceConfig> job(String name) {
        return source -> source.setJob(name);
    }

    private static GitRepository repository(String script) throws Exception {
        return new GitRepository(repositories).file("Jenkinsfile", script).commit("Alice <alice@example.org>");
    }

    private WorkflowMultiBranchProject project(SCMSource source) throws Exception {
        WorkflowMultiBranchProject project = team.createProject(WorkflowMultiBranchProject.class, "app");
        project.setOrphanedItemStrategy(new DefaultOrphanedItemStrategy(false, "", ""));
        project.getSourcesList().add(new BranchSource(source));
        project.scheduleBuild2(0).getFuture().get();
        return project;
    }

    private static WorkflowJob job(WorkflowMultiBranchProject project, String name) {
        return assertInstanceOf(WorkflowJob.class, project.getItemByBranchName(name), name);
    }

    private static GitSCMSource git(GitRepository repository) {
        GitSCMSource source = new GitSCMSource(repository.url());
        source.setTraits(List.of(
                new BranchDiscoveryTrait(), new TagDiscoveryTrait(), new DiscoverOtherRefsTrait("pull/*/head")));
        return source;
    }

    /** The first build of the job of a branch or pull request, which the index starts. */
    private static WorkflowRun first(WorkflowMultiBranchProject project, String name) {
        WorkflowJob job = job(project, name);
        return await().atMost(Duration.ofMinutes(1)).until(() -> job.getBuildByNumber(1), Objects::nonNull);
    }

    private static void forbidden(WorkflowRun build, String from, String required) throws Exception {
        ended(j, Result.FAILURE, build);
        j.assertLogContains(
                "deployment_forbidden: production does not accept deployments from " + from + ". Required: " + required
                        + ".",
                build);
        assertEquals(EndReason.DEPLOYMENT_FORBIDDEN, latest(build).endReason());
        assertEquals(Status.FAILED, latest(build).status());
    }

    @Test
    void branchesAndTagsDeployByNameAndOtherReferencesDoNot() throws Exception {
        protect(open("production", List.of(branch("main"), branch("release/*"), tag("v*"), job("*"))));
        GitRepository repository = repository(GATE)
                .git("branch", "release/1")
                .git("branch", "feature")
                .git("branch", "v2")
                .git("tag", "v1")
                .git("tag", "release/2")
                .git("update-ref", "refs/pull/7/head", "main");
        WorkflowMultiBranchProject project = project(git(repository));
        ended(j, Result.SUCCESS, first(project, "main"));
        ended(j, Result.SUCCESS, first(project, "release/1"));
        ended(j, Result.SUCCESS, start(job(project, "v1"), "alice"));
        String required = "branch main or branch release/* or tag v* or job *";
        forbidden(first(project, "feature"), "branch feature", required);
        forbidden(first(project, "v2"), "branch v2", required);
        forbidden(start(job(project, "release/2"), "alice"), "tag release/2", required);
        WorkflowJob reference = project.getItems().stream()
                .filter(job -> job.getName().contains("pull"))
                .findFirst()
                .orElseThrow();
        assertEquals(new DeploySource(Kind.OTHER, reference.getName()), JobSource.of(reference));
        assertRefusalIsTold(first(project, "feature"), required);
    }

    /** On the page, over REST and in the ledger. */
    private static void assertRefusalIsTold(WorkflowRun build, String required) throws Exception {
        String text = "deployment_forbidden: production does not accept deployments from branch feature. Required: "
                + required + ".";
        JenkinsRule.WebClient browser = j.createWebClient().login("bob");
        assertThat(browser.getPage(build, BuildDeployments.URL_NAME).asNormalizedText(), containsString(text));
        String project = build.getParent().getParent().getFullName().replace("/", "%2F");
        JSONObject told = browser.getJSON("deployment-gate/api/v4/projects/" + project + "/deployments/"
                        + latest(build).id())
                .getJSONObject();
        assertEquals("deployment_forbidden", told.getString("reason"));
        assertEquals(text, told.getString("reason_text"));
        LedgerEvent event = Ledger.entries().stream()
                .map(LedgerEntry::event)
                .filter(one -> one.subject().item().equals(build.getParent().getFullName()))
                .reduce((one, later) -> later)
                .orElseThrow();
        assertEquals(LedgerEvent.Kind.FORBIDDEN, event.kind());
        assertEquals("branch feature", event.details().get("from"));
        assertEquals(
                "branch main, branch release/*, tag v*, job *", event.details().get("required_from"));
    }

    @Test
    void aPullRequestIsNoBranchAndIsAcceptedOnlyWhereThatIsSaid() throws Exception {
        protect(open("production", List.of(branch("*"), tag("*"), job("*"))));
        try (MockSCMController controller = MockSCMController.create()) {
            controller.createRepository("app");
            controller.addFile("app", "master", "add", "Jenkinsfile", GATE.getBytes(StandardCharsets.UTF_8));
            int number = controller.openChangeRequest("app", "master");
            WorkflowMultiBranchProject project = project(new MockSCMSource(
                    controller, "app", new MockSCMDiscoverBranches(), new MockSCMDiscoverChangeRequests()));
            ended(j, Result.SUCCESS, first(project, "master"));
            WorkflowRun build = first(project, "CR-" + number);
            forbidden(build, "pull request CR-" + number, "branch * or tag * or job *");
            protect(open("production", List.of(branch("x"), source -> source.setPullRequest(true))));
            ended(j, Result.SUCCESS, start(build.getParent(), "alice"));
            forbidden(
                    start(first(project, "master").getParent(), "alice"),
                    "branch master",
                    "branch x or any pull request");
        }
    }

    @Test
    void theBranchOfARunningBuildIsKnownAfterItWasDeleted() throws Exception {
        protect(environment("first", 1, "bob"));
        protect(open("production", List.of(branch("release/*"))));
        GitRepository repository = repository("deploymentGate 'first'\n" + GATE).git("branch", "release/1");
        WorkflowMultiBranchProject project = project(git(repository));
        List<WorkflowRun> builds = List.of(first(project, "main"), first(project, "release/1"));
        for (WorkflowRun build : builds) {
            awaitBlocked(j, build);
        }
        repository.git("branch", "--delete", "--force", "release/1");
        project.scheduleBuild2(0).getFuture().get();
        WorkflowJob orphan = builds.get(1).getParent();
        assertInstanceOf(Branch.Dead.class, project.getProjectFactory().getBranch(orphan));
        assertEquals(new DeploySource(Kind.BRANCH, "release/1"), JobSource.of(orphan));
        for (WorkflowRun build : builds) {
            approve(build, "bob");
        }
        forbidden(builds.get(0), "branch main", "branch release/*");
        ended(j, Result.SUCCESS, builds.get(1));
    }

    @Test
    void aJobWhoseBranchIsNotKnownMatchesNothing() throws Exception {
        protect(open("production", List.of(branch("*"), tag("*"), job("*"), source -> source.setPullRequest(true))));
        WorkflowMultiBranchProject project = project(git(repository("echo 'ready'")));
        WorkflowJob job = job(project, "main");
        ended(j, Result.SUCCESS, first(project, "main"));
        assertNotNull(job.removeProperty(BranchJobProperty.class));
        assertEquals(new DeploySource(Kind.OTHER, job.getFullName()), JobSource.of(job));
    }

    @Test
    void otherJobsMatchByTheirFullName() throws Exception {
        protect(open("production", List.of(branch("*"), job(team.getName() + "/release*"))));
        ended(j, Result.SUCCESS, start(pipelineIn(team, "release-1", GATE), "alice"));
        WorkflowJob web = pipelineIn(team, "web", GATE);
        forbidden(start(web, "alice"), "job " + web.getFullName(), "branch * or job " + team.getName() + "/release*");
        web.renameTo("release-2");
        ended(j, Result.SUCCESS, start(web, "alice"));
    }

    @Test
    void aFolderAcceptsLessThanTheWholeJenkinsAndNeverMore() throws Exception {
        protect(open("prod*", List.of(branch("main"), branch("feature"))));
        protect(environment("production", 0));
        WorkflowMultiBranchProject project = project(git(repository(GATE).git("branch", "feature")));
        protectIn(team, open("production", List.of(branch("main"), branch("other"))));
        protectIn(project, open("production", List.of(branch("*"))));
        forbidden(start(job(project, "feature"), "alice"), "branch feature", "branch main or branch other");
        ended(j, Result.SUCCESS, start(job(project, "main"), "alice"));
        protectIn(team, open("production", List.of(branch("feature"), branch("other"))));
        forbidden(start(job(project, "main"), "alice"), "branch main", "branch feature or branch other");
        protectIn(project, open("production", List.of(branch("x"))));
        forbidden(
                start(job(project, "main"), "alice"), "branch main", "(branch feature or branch other) and (branch x)");
    }
}
