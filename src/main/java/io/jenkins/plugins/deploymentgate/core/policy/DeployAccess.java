package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who may start a deployment.
 *
 * @param lists each names people, and each of them must admit everybody who asked for the deployment; none means that
 *     anybody may
 * @param automatedAllowed whether a build that nobody asked for, as one started by a timer, may deploy
 */
public record DeployAccess(List<List<Approver>> lists, boolean automatedAllowed) {

    /** Anybody and anything may deploy. */
    public static final DeployAccess OPEN = new DeployAccess(List.of(), true);

    /** @throws IllegalArgumentException if a list names nobody, since no deployment could ever pass it */
    public DeployAccess {
        lists = lists.stream().map(List::copyOf).toList();
        if (lists.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("a deploy access list that names nobody");
        }
    }

    /**
     * @param requesters everybody who asked for the deployment; empty for one that nobody asked for
     * @return whether it may start. Everybody must have access, so that nobody can lend theirs to somebody who has not
     */
    public boolean admits(Collection<Voter> requesters) {
        return requesters.isEmpty() ? automatedAllowed : requesters.stream().allMatch(this::admits);
    }

    private boolean admits(Voter requester) {
        return lists.stream().allMatch(list -> list.stream().anyMatch(approver -> approver.admits(requester)));
    }

    /**
     * @param other applies too
     * @return the stricter union: both have to admit
     */
    DeployAccess and(DeployAccess other) {
        return new DeployAccess(
                Stream.concat(lists.stream(), other.lists.stream()).toList(),
                automatedAllowed && other.automatedAllowed);
    }
}
