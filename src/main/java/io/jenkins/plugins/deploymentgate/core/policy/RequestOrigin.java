package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.List;

/**
 * Who and what caused a build, as far as that is known.
 *
 * @param people canonical ids of the people who caused it, the nearest cause first
 * @param automated whether automation caused it, alone or beside people: a timer, a change in source control, branch indexing
 * @param unknown causes behind which there may be further people, one short text each, such as {@code RemoteCause: Started
 *     by remote host 192.0.2.7}; empty if {@code people} is certain to be complete
 */
public record RequestOrigin(List<String> people, boolean automated, List<String> unknown) {

    /** @throws IllegalArgumentException if nothing at all caused the build: that is an unknown cause, and must be listed */
    public RequestOrigin {
        people = List.copyOf(people);
        unknown = List.copyOf(unknown);
        if (people.isEmpty() && !automated && unknown.isEmpty()) {
            throw new IllegalArgumentException("neither people nor automation nor an unknown cause");
        }
    }

    /** @return whether {@code people} is certain to be complete */
    public boolean isComplete() {
        return unknown.isEmpty();
    }
}
