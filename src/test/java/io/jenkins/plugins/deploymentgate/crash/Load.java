package io.jenkins.plugins.deploymentgate.crash;

import io.jenkins.plugins.deploymentgate.crash.Vote.Kind;
import io.jenkins.plugins.deploymentgate.crash.seams.Seam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Many people who vote at once, each on one build after the other, until the controller is gone. */
class Load implements AutoCloseable {

    /** Who they are. */
    static final String[] USERS = {"bob", "carol", "dave", "grace", "heidi", "ivan"};

    private final Controller controller;
    private final VoteBook book;
    private final Optional<InputClicks> clicks;
    private final Path builds;
    private final int first;
    private final int last;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> people = new ArrayList<>();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicReference<Seam> halt = new AtomicReference<>();

    /**
     * @param clicks who clicks on as many builds with the input step meanwhile; empty for nobody
     * @param home the home of the controller, in which the voters find the deployments
     * @param first the first build to vote on
     * @param last the last one
     */
    Load(Controller controller, VoteBook book, Optional<InputClicks> clicks, Path home, int first, int last) {
        this.controller = controller;
        this.book = book;
        this.clicks = clicks;
        this.builds = home.resolve("jobs/" + Controller.JOB + "/builds");
        this.first = first;
        this.last = last;
    }

    /**
     * Begins.
     *
     * @param seam where the controller stops for one of the requests
     * @param together whether the votes begin with the builds; else when all builds have had a second for their gates
     */
    void begin(Random random, Optional<Seam> seam, boolean together) throws InterruptedException {
        boolean opening = seam.filter(at -> at.compareTo(Seam.OPENED) <= 0).isPresent();
        seam.filter(at -> !opening).ifPresent(halt::set);
        if (together) {
            people.add(threads.submit(() -> startBuilds(opening ? seam : Optional.empty())));
        } else {
            startBuilds(opening ? seam : Optional.empty());
            TimeUnit.SECONDS.sleep(1);
        }
        for (String user : USERS) {
            Random own = new Random(random.nextLong());
            people.add(threads.submit(() -> voteOn(user, own)));
        }
        for (int share = 0; share < InputClicks.CLICKERS && clicks.isPresent(); share++) {
            int own = share;
            people.add(threads.submit(() -> clicks.get().click(own, acknowledged, over)));
        }
    }

    /** @return how many answers have come */
    int acknowledged() {
        return acknowledged.get();
    }

    private void startBuilds(Optional<Seam> seam) {
        try {
            for (int build = first; build <= last; build++) {
                Optional<Seam> now = build == (first + last) / 2 ? seam : Optional.empty();
                controller.post(Controller.REQUESTER, "job/" + Controller.JOB + "/build", Map.of(), now);
                if (clicks.isPresent()) {
                    controller.post(
                            Controller.REQUESTER, "job/" + InputClicks.JOB + "/build", Map.of(), Optional.empty());
                }
            }
        } catch (IOException e) {
            // The controller is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void voteOn(String user, Random random) {
        try {
            Optional<Boolean> answer = Optional.of(true);
            while (answer.isPresent() && !over.get()) {
                TimeUnit.MILLISECONDS.sleep(10 + random.nextInt(50));
                int build = first + random.nextInt(last - first + 1);
                Optional<Long> deployment = deployment(build);
                if (deployment.isPresent()) {
                    answer = controller.vote(
                            book,
                            new Vote(build, deployment.get(), user, kind(random)),
                            Optional.ofNullable(halt.getAndSet(null)));
                    answer.filter(taken -> taken).ifPresent(taken -> acknowledged.incrementAndGet());
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Kind kind(Random random) {
        int dice = random.nextInt(100);
        if (dice < 3) {
            return Kind.REJECT;
        }
        return dice < 20 ? Kind.WITHDRAW : Kind.APPROVE;
    }

    /** Found in the home, because what the controller says would be a request more. */
    private Optional<Long> deployment(int build) throws IOException {
        Path directory = builds.resolve(build + "/deployment-gate");
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> Long.valueOf(name.substring(0, name.length() - ".json".length())))
                    .findFirst();
        }
    }

    /** Called when the controller is gone; waits until all have noticed. */
    @Override
    public void close() throws Exception {
        over.set(true);
        threads.shutdown();
        for (Future<?> person : people) {
            person.get(60, TimeUnit.SECONDS);
        }
    }
}
