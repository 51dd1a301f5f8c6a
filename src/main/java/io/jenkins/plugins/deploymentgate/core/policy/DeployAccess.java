package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who may start a deployment.
 *
 * @param lists each must admit everybody who caused the build; no list admits everybody
 * @param automatedAllowed whether a build may deploy that automation alone caused, such as a timer
 * @param unknownAllowed whether a build may deploy of which it is not known who caused it, where that matters
 */
public record DeployAccess(List<List<Approver>> lists, boolean automatedAllowed, boolean unknownAllowed) {

    /** Restricts nobody. */
    public static final DeployAccess OPEN = new DeployAccess(List.of(), true, false);

    /** @throws IllegalArgumentException if a list is empty, since no deployment could ever pass it */
    public DeployAccess {
        lists = lists.stream().map(List::copyOf).toList();
        if (lists.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("an empty deploy access list");
        }
    }

    /** @return whether they may start a deployment */
    public boolean admits(Voter person) {
        return lists.stream().allMatch(list -> list.stream().anyMatch(approver -> approver.admits(person)));
    }

    /** @return whether it depends on the cause of a build whether it may deploy */
    boolean isRestricted() {
        return !lists.isEmpty() || !automatedAllowed;
    }

    /**
     * Checks the people and the automation that are known. Everybody needs access, so that nobody can lend theirs to somebody
     * else.
     *
     * @param origin what caused the build
     * @param people the people of {@code origin}
     * @return why the deployment is refused; empty if it is not
     */
    Optional<DeployRefusal> refusal(RequestOrigin origin, Collection<Voter> people) {
        List<String> without =
                people.stream().filter(person -> !admits(person)).map(Voter::id).toList();
        if (!without.isEmpty()) {
            return Optional.of(new DeployRefusal.NoAccess(without));
        }
        return origin.automated() && people.isEmpty() && !automatedAllowed
                ? Optional.of(new DeployRefusal.Automated())
                : Optional.empty();
    }

    /**
     * @param other applies too
     * @return the stricter union: both have to admit
     */
    DeployAccess and(DeployAccess other) {
        return new DeployAccess(
                Stream.concat(lists.stream(), other.lists.stream()).toList(),
                automatedAllowed && other.automatedAllowed,
                unknownAllowed && other.unknownAllowed);
    }
}
