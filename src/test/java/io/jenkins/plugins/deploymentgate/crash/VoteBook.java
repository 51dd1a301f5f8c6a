package io.jenkins.plugins.deploymentgate.crash;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What voters have been answered, kept outside of the controller. One voter does one thing after the other with one
 * deployment; many voters may write at once.
 */
class VoteBook {

    private record Key(int build, long deployment, String user) {}

    /** What is certain, and what was wanted after that without an answer. */
    private static final class Page {

        private Vote acknowledged;
        private final List<Vote> unanswered = new ArrayList<>();
    }

    private final Map<Key, Page> pages = new HashMap<>();
    private int acknowledged;

    /** Written before a vote is sent. */
    synchronized void sent(Vote vote) {
        page(vote).unanswered.add(vote);
    }

    /** Written when it is answered that the vote is taken. */
    synchronized void taken(Vote vote) {
        page(vote).unanswered.clear();
        page(vote).acknowledged = vote;
        acknowledged++;
    }

    /** Written when it is answered that the vote is not taken. */
    synchronized void refused(Vote vote) {
        page(vote).unanswered.remove(vote);
    }

    private Page page(Vote vote) {
        return pages.computeIfAbsent(new Key(vote.build(), vote.deployment(), vote.user()), key -> new Page());
    }

    /** @return how many votes were acknowledged so far */
    synchronized int acknowledged() {
        return acknowledged;
    }

    /** @return what is missing of what was acknowledged, or is there more than once; empty if all is well */
    synchronized List<String> problems(Collection<BuildState> builds) {
        List<String> problems = new ArrayList<>();
        for (BuildState build : builds) {
            pages.forEach((key, page) -> {
                if (key.build() == build.number()) {
                    problem(key, page, build).ifPresent(problems::add);
                }
            });
        }
        return problems;
    }

    /** @return what was acknowledged and is not among what the audit ledger has; empty if all is well */
    synchronized List<String> untold(Set<LedgerFiles.Act> ledger) {
        return pages.values().stream()
                .map(page -> page.acknowledged)
                .filter(vote -> vote != null && !ledger.contains(vote.act()))
                .map(vote -> "not in the ledger: " + vote)
                .toList();
    }

    private static Optional<String> problem(Key key, Page page, BuildState build) {
        Optional<BuildState.State> state = build.deployments().stream()
                .filter(deployment -> deployment.id() == key.deployment())
                .findFirst();
        long votes = state.stream()
                .flatMap(deployment -> deployment.votes().stream())
                .filter(line -> line.startsWith(key.user() + " "))
                .count();
        if (votes > 1) {
            return Optional.of("twice: " + key + " in " + build);
        } else if (page.acknowledged == null) {
            return Optional.empty();
        }
        boolean there = Stream.concat(Stream.of(page.acknowledged), page.unanswered.stream())
                .anyMatch(vote -> state.filter(vote::isIn).isPresent());
        return there ? Optional.empty() : Optional.of("lost: " + page.acknowledged + " in " + build);
    }
}
