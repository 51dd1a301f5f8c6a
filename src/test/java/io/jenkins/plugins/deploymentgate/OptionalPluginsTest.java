package io.jenkins.plugins.deploymentgate;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jvnet.hudson.test.fixtures.RealJenkinsFixture;

/**
 * Runs real controllers with the required plugins only, and with the optional plugins of the manifest one by one. Pipelines
 * need workflow-job and workflow-cps, so these are there with every optional plugin.
 */
class OptionalPluginsTest {

    private static final List<String> PIPELINES = List.of("workflow-job", "workflow-cps");

    /** A start of a controller takes long, so plugins that no class of this one uses together share one. */
    private static final List<List<String>> VARIANTS = List.of(
            List.of(),
            List.of("workflow-cps"),
            List.of("cloudbees-folder"),
            List.of("branch-api"),
            List.of("git"),
            List.of("mailer", "postgresql-api", "credentials"),
            List.of("pipeline-model-definition"));

    /** The variant with a restart in the middle of deployments, of a job in a folder and of one outside. */
    private static final List<String> RESTARTED = List.of("cloudbees-folder");

    /** Much of a start is waiting. */
    private static final int CONTROLLERS_AT_ONCE = 2;

    private static final String API = "deployment-gate/api/v4";
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static final ExecutorService STARTED = Executors.newFixedThreadPool(CONTROLLERS_AT_ONCE);
    private static final Map<List<String>, Future<?>> OUTCOMES = new HashMap<>();

    @BeforeAll
    static void startControllers() {
        for (List<String> optional : VARIANTS) {
            OUTCOMES.put(optional, STARTED.submit(() -> {
                assertDoesNotThrow(new Controller(optional)::check);
                return null;
            }));
        }
    }

    @AfterAll
    static void stopControllers() {
        STARTED.shutdownNow();
    }

    static List<List<String>> variants() {
        return VARIANTS;
    }

    @Test
    void everyOptionalPluginOfTheManifestIsInAVariant() throws Exception {
        assertEquals(
                new TreeSet<>(dependencies(own(), true)),
                VARIANTS.stream().flatMap(List::stream).collect(Collectors.toCollection(TreeSet::new)));
    }

    @ParameterizedTest
    @MethodSource("variants")
    void everythingWorksWithTheseOptionalPlugins(List<String> optional) throws Throwable {
        try {
            OUTCOMES.get(optional).get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }

    private static Path testClasses() throws Exception {
        return Path.of(OptionalPluginsTest.class.getResource("/the.hpl").toURI())
                .getParent();
    }

    private static Manifest own() throws Exception {
        try (InputStream in = Files.newInputStream(testClasses().resolve("the.hpl"))) {
            return new Manifest(in);
        }
    }

    private static List<String> dependencies(Manifest plugin, boolean optional) {
        String all = plugin.getMainAttributes().getValue("Plugin-Dependencies");
        return all == null
                ? List.of()
                : Stream.of(all.split(","))
                        .filter(one -> one.contains("resolution:=optional") == optional)
                        .map(one -> one.split(":")[0])
                        .toList();
    }

    /** A controller with some of the optional plugins, and what is done in it. */
    private static final class Controller {

        private final List<String> optional;
        private final RealJenkinsFixture fixture = new RealJenkinsFixture()
                .prepareHomeLazily(true)
                .javaOptions("-Djenkins.model.Jenkins.slaveAgentPort=-1")
                .javaOptions(RealController.QUICK);
        private Map<String, String> tokens;

        Controller(List<String> optional) {
            this.optional = optional;
        }

        void check() throws Throwable {
            fixture.setUp(OptionalPluginsTest.class.getName(), optional.toString());
            try {
                start();
                if (optional.isEmpty()) {
                    walk();
                } else {
                    deploy(fixture.runRemotely(OptionalPluginsSteps::createJobs));
                }
                assertEquals(List.of(), fixture.runRemotely(OptionalPluginsSteps::linkageErrors));
            } finally {
                fixture.tearDown();
            }
        }

        private void start() throws Throwable {
            List<String> wanted = new ArrayList<>(dependencies(own(), false));
            if (!optional.isEmpty()) {
                wanted.addAll(PIPELINES);
                wanted.addAll(optional);
            }
            omitAllBut(wanted);
            fixture.startJenkins();
            tokens = fixture.runRemotely(OptionalPluginsSteps::configure);
            send("alice", "POST", API + "/protected_environments", """
                {"name": "production", "required_approval_count": 2, "approvers": [{"user": "bob"}, {"user": "carol"}]}\
                """, 201);
        }

        /** Omits every plugin but these and the ones that they require. */
        private void omitAllBut(List<String> wanted) throws Exception {
            Map<String, Manifest> plugins = plugins();
            TreeSet<String> kept = new TreeSet<>();
            List<String> next = new ArrayList<>(wanted);
            while (!next.isEmpty()) {
                String name = next.remove(0);
                if (kept.add(name)) {
                    next.addAll(dependencies(plugins.get(name), false));
                }
            }
            fixture.omitPlugins(plugins.keySet().stream()
                    .filter(name -> !kept.contains(name))
                    .toArray(String[]::new));
        }

        private void deploy(List<String> jobs) throws Throwable {
            for (String job : jobs) {
                send("alice", "POST", job + "build", null, 201);
            }
            for (String project : projects(jobs)) {
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> latest(project, "status").equals("blocked"));
                vote("bob", project);
            }
            if (optional.equals(RESTARTED)) {
                fixture.stopJenkins();
                fixture.startJenkins();
            }
            for (String project : projects(jobs)) {
                assertEquals("blocked", latest(project, "status"));
            }
            walk();
            for (String project : projects(jobs)) {
                vote("carol", project);
                await().atMost(Duration.ofMinutes(2))
                        .until(() -> latest(project, "status").equals("success"));
            }
        }

        /** Job URLs as the projects of the API. */
        private static List<String> projects(List<String> jobs) {
            return jobs.stream()
                    .map(job -> job.replaceAll("^job/|/$", "").replace("/job/", "%2F"))
                    .map(name -> API + "/projects/" + name)
                    .toList();
        }

        private String latest(String project, String field) throws Exception {
            String list = send("alice", "GET", project + "/deployments?sort=desc", null, 200);
            return new ObjectMapper().readTree(list).path(0).path(field).asText();
        }

        private void vote(String user, String project) throws Exception {
            String path = project + "/deployments/" + latest(project, "id") + "/approval";
            send(user, "POST", path, "{\"status\": \"approved\"}", 201);
        }

        private void walk() throws Throwable {
            for (String page : fixture.runRemotely(OptionalPluginsSteps::pages)) {
                send("alice", "GET", page, null, 200);
            }
            for (String address : fixture.runRemotely(OptionalPluginsSteps::addresses)) {
                new ObjectMapper().readTree(send("alice", "GET", API + address, null, 200));
            }
        }

        private String send(String user, String verb, String path, String json, int expected) throws Exception {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(fixture.getUrl() + path))
                    .timeout(Duration.ofSeconds(60))
                    .header("Authorization", "Basic " + tokens.get(user))
                    .method(verb, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
            if (json != null) {
                request.header("Content-Type", "application/json");
            }
            HttpResponse<String> answer = CLIENT.send(request.build(), BodyHandlers.ofString());
            assertEquals(expected, answer.statusCode(), () -> verb + " " + path + ": " + answer.body());
            return answer.body();
        }
    }

    private static Map<String, Manifest> plugins() throws Exception {
        Map<String, Manifest> plugins = new TreeMap<>();
        try (Stream<Path> all = Files.list(testClasses().resolve("test-dependencies"))) {
            for (Path file :
                    all.filter(each -> each.toString().endsWith(".hpi")).toList()) {
                try (JarFile jar = new JarFile(file.toFile())) {
                    plugins.put(file.getFileName().toString().replace(".hpi", ""), jar.getManifest());
                }
            }
        }
        return plugins;
    }
}
