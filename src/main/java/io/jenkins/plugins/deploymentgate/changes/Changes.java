package io.jenkins.plugins.deploymentgate.changes;

import io.jenkins.plugins.deploymentgate.core.policy.PlainText;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The authors of changes, and their committers if the SCM has them.
 *
 * @param changeOf maps the canonical id of each person to the id of one of their changes, empty if it has none; in alphabetical
 *     order
 * @param complete whether all people are known; false if a build, a change log or a name is missing
 */
public record Changes(Map<String, String> changeOf, boolean complete) {

    /** No changes. */
    public static final Changes NONE = new Changes(Map.of(), true);

    /** Changes whose authors are not known. */
    public static final Changes UNKNOWN = new Changes(Map.of(), false);

    /** Copies the ids. */
    public Changes {
        SortedMap<String, String> sorted = new TreeMap<>(changeOf);
        changeOf = Collections.unmodifiableSortedMap(sorted);
    }

    /**
     * @param people canonical ids of the author and committer of one change; empty if they are not known
     * @param change its id; empty if it has none
     * @return that change
     */
    public static Changes by(Set<String> people, String change) {
        SortedMap<String, String> changes = new TreeMap<>();
        String kept = PlainText.notOfOneLine(change).isPresent() ? "" : change;
        people.forEach(person -> changes.put(person, kept));
        return new Changes(changes, !people.isEmpty());
    }

    /** @return canonical ids of the people, in alphabetical order */
    public Set<String> authors() {
        return changeOf.keySet();
    }

    /** @return the people of both */
    public Changes and(Changes others) {
        SortedMap<String, String> all = new TreeMap<>(changeOf);
        others.changeOf.forEach(
                (person, change) -> all.merge(person, change, (first, second) -> first.isEmpty() ? second : first));
        return new Changes(all, complete && others.complete);
    }
}
