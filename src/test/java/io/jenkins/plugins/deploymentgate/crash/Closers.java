package io.jenkins.plugins.deploymentgate.crash;

import io.jenkins.plugins.deploymentgate.crash.Vote.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Approves whatever is blocked, and sees whether it goes on. */
class Closers {

    /** Who they are. */
    static final String[] USERS = {"erin", "frank"};

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PATIENCE_BEFORE_GATE = Duration.ofSeconds(3);

    private final Controller controller;
    private final VoteBook book;

    Closers(Controller controller, VoteBook book) {
        this.controller = controller;
        this.book = book;
    }

    /**
     * Approves all builds from a number on, until they have ended. A build that never came to its gate is waited for a
     * while and no longer: Jenkins itself cannot always resume one that was killed while it began.
     *
     * @param spared which builds are left alone
     * @return those that do not go on: empty if all is well
     */
    List<BuildState> close(int from, Predicate<BuildState> spared) throws Throwable {
        Instant begin = Instant.now();
        while (true) {
            Instant now = Instant.now();
            List<BuildState> open = open(from, spared);
            boolean none = open.stream().noneMatch(BuildState::reached);
            if (open.isEmpty() || now.isAfter(begin.plus(none ? PATIENCE_BEFORE_GATE : PATIENCE))) {
                return open.stream().filter(BuildState::reached).toList();
            }
            for (BuildState build : open) {
                if (build.isBlocked()) {
                    approve(build);
                }
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private List<BuildState> open(int from, Predicate<BuildState> spared) throws Throwable {
        TreeMap<Integer, BuildState> builds = controller.builds(from);
        return new ArrayList<>(builds.values())
                .stream()
                        .filter(build -> build.building() && !spared.test(build))
                        .toList();
    }

    private void approve(BuildState build) throws InterruptedException {
        for (String user : USERS) {
            controller.vote(book, new Vote(build.number(), build.latest(), user, Kind.APPROVE), Optional.empty());
        }
    }
}
