package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who may start a deployment, and from where.
 *
 * @param lists each must admit everybody who caused the build; no list admits everybody
 * @param sources each must admit that from which the build deploys; no list admits everything
 * @param automatedAllowed whether a build may deploy that automation alone caused, such as a timer
 * @param unknownAllowed whether a build may deploy of which it is not known who caused it, where that matters
 */
public record DeployAccess(
        List<List<Approver>> lists,
        List<List<DeploySource.Pattern>> sources,
        boolean automatedAllowed,
        boolean unknownAllowed) {

    /** Restricts nobody. */
    public static final DeployAccess OPEN = new DeployAccess(List.of(), true, false);

    /** @throws IllegalArgumentException if a list is empty, since no deployment could ever pass it */
    public DeployAccess {
        lists = lists.stream().map(List::copyOf).toList();
        sources = sources.stream().map(List::copyOf).toList();
        if (Stream.concat(lists.stream(), sources.stream()).anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("an empty deploy access list");
        }
    }

    /** Access from anywhere. */
    public DeployAccess(List<List<Approver>> lists, boolean automatedAllowed, boolean unknownAllowed) {
        this(lists, List.of(), automatedAllowed, unknownAllowed);
    }

    /** @return whether a build may deploy from there */
    public boolean admits(DeploySource source) {
        return refusing(source).isEmpty();
    }

    /** @return the lists of which each must admit the source, and does not */
    public List<List<DeploySource.Pattern>> refusing(DeploySource source) {
        return sources.stream()
                .filter(list -> list.stream().noneMatch(pattern -> pattern.admits(source)))
                .toList();
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
     * Checks from where the build deploys, and the people and the automation that are known. Everybody needs access, so that
     * nobody can lend theirs to somebody else.
     *
     * @param source from where the build deploys
     * @param origin what caused the build
     * @param people the people of {@code origin}
     * @return why the deployment is refused; empty if it is not
     */
    Optional<DeployRefusal> refusal(DeploySource source, RequestOrigin origin, Collection<Voter> people) {
        List<List<DeploySource.Pattern>> required = refusing(source);
        if (!required.isEmpty()) {
            return Optional.of(new DeployRefusal.WrongSource(source, required));
        }
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
                Stream.concat(sources.stream(), other.sources.stream()).toList(),
                automatedAllowed && other.automatedAllowed,
                unknownAllowed && other.unknownAllowed);
    }
}
