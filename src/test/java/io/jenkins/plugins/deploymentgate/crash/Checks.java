package io.jenkins.plugins.deploymentgate.crash;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What must be true of a home after each kill, as soon as a controller runs on it again. */
final class Checks {

    /** One of them. */
    @FunctionalInterface
    interface Check {

        /**
         * @param controller the controller, which is up
         * @param builds the builds that are of interest
         * @param book what voters were answered
         * @return what is wrong; empty if nothing is
         */
        List<String> problems(Controller controller, Collection<BuildState> builds, VoteBook book) throws Throwable;
    }

    /** All of them. */
    static final List<Check> ALL = List.of(
            (controller, builds, book) -> book.problems(builds),
            (controller, builds, book) ->
                    builds.stream().flatMap(build -> passed(build).stream()).toList(),
            (controller, builds, book) -> builds.isEmpty()
                    ? List.of()
                    : controller.records(
                            builds.stream().mapToInt(BuildState::number).min().getAsInt()));

    private Checks() {}

    /** @return what is wrong with the home */
    static List<String> problems(Controller controller, Collection<BuildState> builds, VoteBook book) throws Throwable {
        List<String> problems = new ArrayList<>();
        for (Check check : ALL) {
            problems.addAll(check.problems(controller, builds, book));
        }
        return problems;
    }

    /** Counted here from the votes alone, and not asked of those who are being tested. */
    private static List<String> passed(BuildState build) {
        List<String> problems = new ArrayList<>();
        if (build.deployments().size() > 1) {
            problems.add("one gate, several deployments: " + build);
        }
        boolean quorum = build.deployments().stream().anyMatch(Checks::hasQuorum);
        if ((build.wentOn() || build.hasSucceeded()) && !quorum) {
            problems.add("passed without quorum: " + build);
        }
        return problems;
    }

    /** @return whether the build has ended without going on, although it was allowed to */
    static boolean wasLost(BuildState build) {
        return !build.building()
                && !build.wentOn()
                && build.deployments().stream().anyMatch(Checks::hasQuorum);
    }

    private static boolean hasQuorum(BuildState.State deployment) {
        return deployment.votes().stream()
                                .distinct()
                                .filter(vote -> vote.endsWith(" approved"))
                                .count()
                        >= Controller.REQUIRED
                && deployment.votes().stream().noneMatch(vote -> vote.endsWith(" rejected"));
    }
}
