package io.jenkins.plugins.deploymentgate.core.policy;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who wrote the changes that a deployment brings.
 *
 * @param people canonical ids, each once
 * @param complete whether these are certain to be all authors; if not, some cannot be found any more
 * @param changes for people the id that the source control gives to a change of theirs, as far as it gives one
 */
public record Authors(List<String> people, boolean complete, Map<String, String> changes) {

    /** Copies the people and the ids. */
    public Authors {
        people = List.copyOf(people);
        changes = Map.copyOf(changes);
    }

    /** Authors of changes that have no ids. */
    public Authors(List<String> people, boolean complete) {
        this(people, complete, Map.of());
    }

    /**
     * @param person canonical id
     * @return the id of a change of theirs; empty if there is none, or it has no id
     */
    public Optional<String> changeOf(String person) {
        return Optional.ofNullable(changes.get(person)).filter(change -> !change.isEmpty());
    }
}
