package io.jenkins.plugins.deploymentgate.api;

import static io.jenkins.plugins.deploymentgate.World.blocked;
import static io.jenkins.plugins.deploymentgate.World.folder;
import static io.jenkins.plugins.deploymentgate.World.latest;
import static io.jenkins.plugins.deploymentgate.World.pipelineIn;
import static io.jenkins.plugins.deploymentgate.World.protect;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.cloudbees.hudson.plugins.folder.Folder;
import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.ExtensionList;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.api.http.ApiFilter;
import io.jenkins.plugins.deploymentgate.approval.ApprovalService;
import io.jenkins.plugins.deploymentgate.config.DeploymentGateConfiguration;
import io.jenkins.plugins.deploymentgate.config.ItemScope;
import io.jenkins.plugins.deploymentgate.config.ProtectedEnvironment;
import io.jenkins.plugins.deploymentgate.config.ProtectionScope;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.jvnet.hudson.test.LogRecorder;
import org.springframework.security.core.Authentication;

/**
 * Requests that a machine makes up, of those in the resources beside this class. Whatever comes, the answer is JSON, comes
 * soon, is no error of the server, and fills no log. In a usual build it sends those that are there; with the profile
 * {@code fuzz} it makes up new ones from them, guided by what they reach.
 */
class ApiFuzzTest extends ApiTestCase {

    private static final Duration SOON = Duration.ofSeconds(10);

    /** A record of a deployment gets longer with every vote. */
    private static final int VOTES = 50;

    private static final List<String> PEOPLE = List.of("root", "alice", "bob", "mallory", "eve");
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Map<String, Authentication> WHO = new HashMap<>();
    private static final LogRecorder LOG = new LogRecorder();

    private static Folder team;
    private static WorkflowJob job;
    private static WorkflowRun build;
    private static long deployment;
    private static int votes;

    @BeforeAll
    static void deploy() throws Exception {
        for (String user : PEOPLE) {
            WHO.put(user, User.getById(user, true).impersonate2());
        }
        WHO.put("nobody", Jenkins.ANONYMOUS2);
        team = folder(null, "team");
        job = pipelineIn(team, "shop", "deploymentGate 'production'");
        protectAsBefore();
        await();
        LOG.record("io.jenkins.plugins.deploymentgate", Level.WARNING).capture(10);
    }

    @AfterAll
    static void stop() throws Exception {
        LOG.close();
        build.doStop();
        j.waitForCompletion(build);
    }

    private static void protectAsBefore() {
        for (ProtectionScope scope : List.of(ItemScope.of(team), ItemScope.of(job))) {
            if (!scope.getEnvironments().isEmpty()) {
                scope.setEnvironments(List.of());
            }
        }
        DeploymentGateConfiguration configuration = DeploymentGateConfiguration.get();
        ProtectedEnvironment production = protect("production", 2, "bob", "carol");
        configuration.setEnvironments(List.of(production));
    }

    private static void await() throws Exception {
        build = blocked(j, job, "alice");
        deployment = latest(build).id();
        votes = 0;
    }

    @DictionaryFile(resourcePath = "ApiFuzzTest.dict")
    @FuzzTest(maxDuration = "5m")
    void requests(byte[] data) throws Exception {
        String text = new String(data, StandardCharsets.ISO_8859_1).replace("{deployment}", String.valueOf(deployment));
        RawRequest request = RawRequest.of(text.getBytes(StandardCharsets.ISO_8859_1));
        RawRequest.Response response = new RawRequest.Response();
        long begin = System.nanoTime();
        try (ACLContext ignored = ACL.as2(WHO.getOrDefault(request.user(), Jenkins.ANONYMOUS2))) {
            ExtensionList.lookupSingleton(ApiFilter.class).handle(request.toServlet(), response.toServlet());
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        assertTrue(millis < SOON.toMillis(), () -> millis + " ms for " + request);
        assertTrue(response.status >= 200 && response.status < 500, () -> response.status + ": " + response.body);
        assertEquals(List.of(), LOG.getMessages());
        assertAnswer(request, response);
        if (response.status < 300 && !List.of("GET", "HEAD").contains(request.verb())) {
            putBack(request);
        }
    }

    private static void assertAnswer(RawRequest request, RawRequest.Response response) throws Exception {
        response.headers.forEach((name, value) ->
                assertFalse(value.matches("(?s).*[\\x00-\\x1f].*"), () -> "the header " + name + " is " + value));
        if (response.status == 204) {
            assertEquals(0, response.body.size());
        } else {
            assertEquals("application/json", response.headers.get("Content-Type"));
            if (!request.verb().equals("HEAD")) {
                assertEquals(String.valueOf(response.body.size()), response.headers.get("Content-Length"));
                assertTrue(MAPPER.readTree(response.body.toByteArray()).isContainerNode());
            }
        }
    }

    private static void putBack(RawRequest request) throws Exception {
        if (request.verb().equals("POST") && request.path().contains("/approval")) {
            votes++;
            if (latest(build).status() == Status.BLOCKED && votes < VOTES) {
                try (ACLContext ignored = ACL.as2(WHO.get(request.user()))) {
                    ApprovalService.get().withdraw(build, deployment);
                }
            } else {
                build.doStop();
                j.waitForCompletion(build);
                await();
            }
        } else {
            protectAsBefore();
        }
    }
}
