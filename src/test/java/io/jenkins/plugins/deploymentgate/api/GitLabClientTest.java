package io.jenkins.plugins.deploymentgate.api;

import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.ended;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static io.jenkins.plugins.deploymentgate.World.start;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hudson.model.Result;
import hudson.model.User;
import io.jenkins.plugins.deploymentgate.api.json.UserJson;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import jenkins.model.Jenkins;
import org.gitlab4j.api.GitLabApi;
import org.gitlab4j.api.GitLabApiException;
import org.gitlab4j.api.Pager;
import org.gitlab4j.api.models.Deployment;
import org.gitlab4j.api.models.DeploymentFilter;
import org.gitlab4j.api.models.Environment;
import org.gitlab4j.api.models.Project;
import org.gitlab4j.models.Constants.DeploymentOrderBy;
import org.gitlab4j.models.Constants.DeploymentStatus;
import org.gitlab4j.models.Constants.SortOrder;
import org.gitlab4j.models.Constants.TokenType;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.MockFolder;

/** A client that was written for GitLab, as it is. */
class GitLabClientTest extends ApiTestCase {

    private static final String PROJECT = "team one/shop";

    private static long waiting;

    @BeforeAll
    static void deploy() throws Exception {
        protect("open", 0);
        protect("production", 1, "bob");
        MockFolder folder = j.createFolder("team one");
        WorkflowJob job = folder.createProject(WorkflowJob.class, "shop");
        job.setDefinition(new CpsFlowDefinition("deploymentGate 'open'; deploymentGate 'open'", true));
        ended(j, Result.SUCCESS, start(job, "alice"));
        ended(j, Result.SUCCESS, start(job, "alice"));
        job.setDefinition(new CpsFlowDefinition("deploymentGate 'production'", true));
        WorkflowRun build = blocked(j, job, "alice");
        waiting = latest(build).id();
    }

    private static GitLabApi client(String user) throws Exception {
        return new GitLabApi(j.getURL() + "deployment-gate", user + ":" + token(user));
    }

    @Test
    void deploymentsAreListedInPagesFilteredAndStreamed() throws Exception {
        try (GitLabApi client = client("alice")) {
            List<Deployment> all = client.getDeploymentsApi().getProjectDeployments(PROJECT);
            assertEquals(5, all.size());
            assertEquals(
                    List.of(1L, 2L, 3L, 4L, 5L),
                    all.stream().map(Deployment::getIid).toList());
            Pager<Deployment> pager = client.getDeploymentsApi().getProjectDeployments(PROJECT, 2);
            assertEquals(5, pager.getTotalItems());
            assertEquals(3, pager.getTotalPages());
            assertEquals(2, pager.next().size());
            assertEquals(3, pager.next().get(0).getIid());
            assertEquals(1, pager.next().size());
            DeploymentFilter open = new DeploymentFilter()
                    .withEnvironment("open")
                    .withStatus(DeploymentStatus.SUCCESS)
                    .withOrderBy(DeploymentOrderBy.CREATED_AT)
                    .withUpdatedAfter(new Date(0))
                    .withSortOrder(SortOrder.DESC);
            try (Stream<Deployment> stream = client.getDeploymentsApi().getProjectDeploymentsStream(PROJECT, open)) {
                assertEquals(
                        List.of(4L, 3L, 2L, 1L), stream.map(Deployment::getIid).toList());
            }
        }
    }

    @Test
    void oneDeploymentIsReadWithWhatIsKnownOfIt() throws Exception {
        try (GitLabApi client = client("alice")) {
            Deployment one = client.getDeploymentsApi().getDeployment(PROJECT, waiting);
            assertEquals(waiting, one.getId());
            assertEquals("production", one.getEnvironment().getName());
            assertEquals("alice", one.getUser().getUsername());
            assertEquals("shop", one.getDeployable().getName());
            assertEquals(3, one.getDeployable().getPipeline().getIid());
            assertNull(one.getSha());
            assertEquals(
                    404,
                    assertThrows(
                                    GitLabApiException.class,
                                    () -> client.getDeploymentsApi().getDeployment(PROJECT, 1L))
                            .getHttpStatus());
        }
    }

    @Test
    void projectsUsersAndEnvironmentsAreFoundByTheNumbersThatWereGiven() throws Exception {
        try (GitLabApi client = client("alice")) {
            Project project = client.getProjectApi().getProject(PROJECT);
            assertEquals(PROJECT, project.getPathWithNamespace());
            assertEquals(
                    PROJECT, client.getProjectApi().getProject(project.getId()).getPathWithNamespace());
            assertEquals(
                    5,
                    client.getDeploymentsApi()
                            .getProjectDeployments(project.getId())
                            .size());
            List<Environment> environments = client.getEnvironmentsApi().getEnvironments(PROJECT);
            assertEquals(
                    List.of("open", "production"),
                    environments.stream().map(Environment::getName).toList());
            Environment open = client.getEnvironmentsApi()
                    .getEnvironment(PROJECT, environments.get(0).getId());
            assertEquals(4, open.getLastDeployment().getIid());
            assertEquals("alice", client.getUserApi().getCurrentUser().getUsername());
            long bob = UserJson.number("bob");
            User.getById("bob", true);
            assertEquals("bob", client.getUserApi().getUser(bob).getUsername());
            assertEquals("bob", client.getUserApi().getUser("bob").getUsername());
            assertEquals(Jenkins.VERSION, client.getVersion().getVersion());
        }
    }

    @Test
    void refusalsArriveAsTheClientKnowsThem() throws Exception {
        try (GitLabApi wrong = new GitLabApi(j.getURL() + "deployment-gate", "alice:wrong");
                GitLabApi stranger = client("eve");
                GitLabApi bearer = new GitLabApi(
                        j.getURL() + "deployment-gate", TokenType.OAUTH2_ACCESS, "alice:" + token("alice"))) {
            GitLabApiException refused = assertThrows(
                    GitLabApiException.class, () -> wrong.getUserApi().getCurrentUser());
            assertEquals(401, refused.getHttpStatus());
            assertEquals("401 Unauthorized - The user and the API token do not match", refused.getMessage());
            GitLabApiException hidden = assertThrows(
                    GitLabApiException.class, () -> stranger.getProjectApi().getProject(PROJECT));
            assertEquals(404, hidden.getHttpStatus());
            assertEquals("404 Project Not Found", hidden.getMessage());
            assertEquals("alice", bearer.getUserApi().getCurrentUser().getUsername());
        }
    }
}
