package io.jenkins.plugins.deploymentgate.changes;

import io.jenkins.plugins.deploymentgate.core.policy.PlainText;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The people behind changes of the source.
 *
 * @param changeOf for each of them, by canonical id and in alphabetical order, the id that the SCM gives to a change of
 *     theirs, empty if it gives none; of authors, and of committers where the SCM tells them
 * @param complete whether everybody is known; false if a build, a change log or a name is missing, so that there may be
 *     more people behind the changes
 */
public record Changes(Map<String, String> changeOf, boolean complete) {

    /** No changes, and that is certain. */
    public static final Changes NONE = new Changes(Map.of(), true);

    /** Nobody is known, though there may be somebody. */
    public static final Changes UNKNOWN = new Changes(Map.of(), false);

    /** Copies the ids. */
    public Changes {
        SortedMap<String, String> sorted = new TreeMap<>(changeOf);
        changeOf = Collections.unmodifiableSortedMap(sorted);
    }

    /**
     * @param people canonical ids of those who are behind one change; empty if nobody knows
     * @param change the id that the SCM gives to it; empty if it gives none
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

    /**
     * @param others more changes
     * @return the people behind both
     */
    public Changes and(Changes others) {
        SortedMap<String, String> all = new TreeMap<>(changeOf);
        others.changeOf.forEach(
                (person, change) -> all.merge(person, change, (first, second) -> first.isEmpty() ? second : first));
        return new Changes(all, complete && others.complete);
    }
}
