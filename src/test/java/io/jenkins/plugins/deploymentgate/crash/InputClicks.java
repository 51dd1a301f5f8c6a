package io.jenkins.plugins.deploymentgate.crash;

import io.jenkins.plugins.deploymentgate.World;
import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** The yardstick: the same controller, the same kills, and Jenkins' own {@code input} step. */
class InputClicks {

    /** The job whose builds ask. */
    static final String JOB = "asking";

    /** How many people click at once. */
    static final int CLICKERS = 3;

    private static final String USER = "bob";
    private static final Duration PATIENCE = Duration.ofSeconds(8);

    private final Controller controller;
    private final RealJenkinsExtension process;
    private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
    private volatile int settled;
    private int clicks;
    private int unanswerable;
    private int askedAgain;

    InputClicks(Controller controller, RealJenkinsExtension process) {
        this.controller = controller;
        this.process = process;
    }

    /** Makes the job. Runs in the controller. */
    static void create(JenkinsRule j) throws Throwable {
        World.pipeline(JOB, """
            sleep time: 1, unit: 'MILLISECONDS'
            input id: 'Go', message: 'May it go on?'
            echo '%s'
            """.formatted(BuildState.WENT_ON));
    }

    /**
     * Clicks each build once, until the controller is gone.
     *
     * @param share which of the builds, so that several can click
     */
    void click(int share, AtomicInteger answers, AtomicBoolean over) {
        try {
            while (!over.get()) {
                for (int build : newBuilds()) {
                    if (build % CLICKERS == share && !acknowledged.contains(build) && proceed(build)) {
                        acknowledged.add(build);
                        answers.incrementAndGet();
                    }
                }
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (IOException e) {
            // The controller is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Found in the home, because to ask the controller would be a request more. */
    private List<Integer> newBuilds() throws IOException {
        Path builds = process.getHome().toPath().resolve("jobs/" + JOB + "/builds");
        if (!Files.isDirectory(builds)) {
            return List.of();
        }
        try (Stream<Path> directories = Files.list(builds)) {
            return directories
                    .map(directory -> String.valueOf(directory.getFileName()))
                    .filter(name -> name.matches("[0-9]+"))
                    .map(Integer::valueOf)
                    .filter(build -> build > settled)
                    .toList();
        }
    }

    /** Unlike people, this does not wait for ever. */
    private boolean isAnswered(int build) throws IOException, InterruptedException {
        try {
            return proceed(build);
        } catch (HttpTimeoutException e) {
            return false;
        }
    }

    private boolean proceed(int build) throws IOException, InterruptedException {
        return controller.post(USER, "job/" + JOB + "/" + build + "/input/Go/proceedEmpty", Map.of(), Optional.empty())
                == 200;
    }

    /** Answers, after a restart, whatever can be answered, and counts what became of the clicks before it. */
    void settle() throws Throwable {
        clicks += acknowledged.size();
        Set<Integer> again = new HashSet<>();
        Instant limit = Instant.now().plus(PATIENCE);
        TreeMap<Integer, Boolean> open = open();
        while (!open.isEmpty() && Instant.now().isBefore(limit)) {
            for (int build : open.keySet()) {
                if (!again.contains(build) && isAnswered(build)) {
                    again.add(build);
                }
            }
            TimeUnit.MILLISECONDS.sleep(200);
            open = open();
        }
        again.retainAll(acknowledged);
        askedAgain += again.size();
        for (int build : open.keySet()) {
            unanswerable += acknowledged.contains(build) ? 1 : 0;
        }
        process.runRemotely(InputClicks::killAll);
        acknowledged.clear();
        settled = newBuilds().stream().max(Integer::compare).orElse(settled);
    }

    private static void killAll(JenkinsRule j) {
        for (WorkflowRun build :
                j.jenkins.getItemByFullName(JOB, WorkflowJob.class).getBuilds()) {
            build.doKill();
        }
    }

    private TreeMap<Integer, Boolean> open() throws Throwable {
        return process.runRemotely(InputClicks::open);
    }

    private static TreeMap<Integer, Boolean> open(JenkinsRule j) {
        TreeMap<Integer, Boolean> open = new TreeMap<>();
        for (WorkflowRun build :
                j.jenkins.getItemByFullName(JOB, WorkflowJob.class).getBuilds()) {
            if (build.isBuilding()) {
                open.put(build.getNumber(), true);
            }
        }
        return open;
    }

    @Override
    public String toString() {
        return "input step: " + clicks + " clicks acknowledged, of these " + askedAgain
                + " forgotten, so that somebody had to click again, and " + unanswerable
                + " lost with a build that nobody can answer any more";
    }
}
