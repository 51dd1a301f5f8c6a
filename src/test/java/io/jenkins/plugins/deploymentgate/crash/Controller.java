package io.jenkins.plugins.deploymentgate.crash;

import hudson.model.Job;
import hudson.security.HudsonPrivateSecurityRealm;
import io.jenkins.plugins.deploymentgate.RealController;
import io.jenkins.plugins.deploymentgate.World;
import io.jenkins.plugins.deploymentgate.crash.seams.Faults;
import io.jenkins.plugins.deploymentgate.crash.seams.Seam;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import jenkins.model.Jenkins;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** A controller in a process of its own that is killed and started again on the same home; people talk to it over HTTP. */
class Controller {

    /** The job whose builds wait for two approvals. */
    static final String JOB = "gated";

    /** The approvals that a build needs. */
    static final int REQUIRED = 2;

    /** Who starts builds and votes on none. */
    static final String REQUESTER = "alice";

    private final RealJenkinsExtension process;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final Map<String, String> tokens = new HashMap<>();

    Controller(RealJenkinsExtension process) {
        this.process = process;
    }

    /** A process with the seams in it. */
    static RealJenkinsExtension process() {
        return RealController.process()
                .addSyntheticPlugin(new RealJenkinsExtension.SyntheticPlugin(Faults.class)
                        .shortName("faults")
                        .header("Plugin-Dependencies", "deployment-gate:0,workflow-api:0,workflow-step-api:0"))
                .javaOptions("-D" + Faults.ENABLED + "=true", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
    }

    /** Starts for the first time. */
    void create(String... users) throws Throwable {
        process.startJenkins();
        process.runRemotely(Controller::configure);
        for (String user : users) {
            tokens.put(user, process.runRemotely(Controller::account, user));
        }
        tokens.put(REQUESTER, process.runRemotely(Controller::account, REQUESTER));
    }

    private static void configure(JenkinsRule j) throws Throwable {
        RealController.configure(j);
        World.protect("production", REQUIRED);
        // A pipeline that was never saved is lost in a crash, with or without a gate.
        World.pipeline(JOB, """
            savePoint()
            deploymentGate 'production'
            haltPoint()
            echo '%s'
            """.formatted(BuildState.WENT_ON));
    }

    private static String account(JenkinsRule j, String user) throws Throwable {
        return j.createApiToken(((HudsonPrivateSecurityRealm) j.jenkins.getSecurityRealm()).createAccount(user, user));
    }

    /** Starts again. */
    void start() throws Exception {
        process.startJenkins();
    }

    /** Starts again, only to stop at a seam on the way, or soon after. */
    void startAndHalt(Seam seam) throws Exception {
        process.extraEnv(Faults.ARMED_AT_START, seam.name());
        try {
            process.startJenkins();
        } catch (IOException e) {
            // It may stop before it is up, and then it was not started, as far as the fixture is concerned.
            return;
        } finally {
            process.extraEnv(Faults.ARMED_AT_START, null);
        }
        awaitHalt();
    }

    /** Starts again, and is killed while that is under way, or soon after. */
    void startAndKill(Duration after) throws Exception {
        CompletableFuture.runAsync(
                () -> {
                    if (process.getProcess() != null) {
                        process.getProcess().destroyForcibly();
                    }
                },
                CompletableFuture.delayedExecutor(after.toMillis(), TimeUnit.MILLISECONDS));
        try {
            process.startJenkins();
        } catch (IOException e) {
            return;
        }
        awaitHalt();
    }

    /** Waits for the process to stop by itself. */
    void awaitHalt() throws InterruptedException {
        if (!hasHalted(Duration.ofSeconds(30))) {
            throw new AssertionError("the controller did not stop at the seam");
        }
    }

    /** @return whether the process has stopped by itself within a time */
    boolean hasHalted(Duration within) throws InterruptedException {
        boolean halted = process.getProcess().waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
        if (halted) {
            process.stopJenkinsForcibly();
        }
        return halted;
    }

    /** Kills the process, and waits until it is gone. */
    void kill() throws InterruptedException {
        Process victim = process.getProcess();
        process.stopJenkinsForcibly();
        victim.waitFor(30, TimeUnit.SECONDS);
    }

    /** @return the builds of a job, from a number on */
    TreeMap<Integer, BuildState> builds(int from) throws Throwable {
        return process.runRemotely(BuildState::all, JOB, from);
    }

    /** @return the console of a build */
    String console(int build) throws Throwable {
        return process.runRemotely(Controller::consoleOf, build);
    }

    private static String consoleOf(JenkinsRule j, int build) throws Throwable {
        return JenkinsRule.getLog(
                Jenkins.get().getItemByFullName(JOB, Job.class).getBuildByNumber(build));
    }

    /** @return what is wrong with the audit ledger and the index, as far as builds from a number on are concerned */
    List<String> records(int from) throws Throwable {
        return process.runRemotely(Records::problems, JOB, from);
    }

    /** @return what is wrong with the ledger as a kill has left it: not there is what voters were told that is done */
    List<String> leftInLedger(VoteBook book) throws IOException {
        return book.untold(Set.copyOf(LedgerFiles.acts(process.getHome().toPath())));
    }

    /**
     * Does something in the name of somebody.
     *
     * @param path below the controller
     * @param form the fields
     * @param halt where the controller stops for it; empty for nowhere
     * @return the status of the answer
     * @throws IOException if there is no answer
     */
    int post(String user, String path, Map<String, String> form, Optional<Seam> halt)
            throws IOException, InterruptedException {
        String credentials = user + ":" + tokens.get(user);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(process.getUrl() + path))
                .timeout(Duration.ofSeconds(10))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.US_ASCII)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(form.entrySet().stream()
                        .map(field ->
                                field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"))));
        halt.ifPresent(seam -> request.header(Faults.HEADER, seam.name()));
        return client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /**
     * Votes, and writes down what the answer is.
     *
     * @return whether the vote is acknowledged; empty if there is no answer
     */
    Optional<Boolean> vote(VoteBook book, Vote vote, Optional<Seam> halt) throws InterruptedException {
        book.sent(vote);
        try {
            int status = post(vote.user(), "job/" + JOB + "/" + vote.build() + "/" + vote.path(), vote.form(), halt);
            if (status == 302) {
                book.taken(vote);
            } else {
                book.refused(vote);
            }
            return Optional.of(status == 302);
        } catch (IOException e) {
            // What nobody was told may have happened or not.
            return Optional.empty();
        }
    }
}
