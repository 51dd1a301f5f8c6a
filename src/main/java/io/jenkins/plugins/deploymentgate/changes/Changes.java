package io.jenkins.plugins.deploymentgate.changes;

import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The people behind changes of the source.
 *
 * @param authors canonical ids, in alphabetical order; of authors, and of committers where the SCM tells them
 * @param complete whether everybody is known; false if a build, a change log or a name is missing, so that there may be
 *     more people behind the changes
 */
public record Changes(Set<String> authors, boolean complete) {

    /** No changes, and that is certain. */
    public static final Changes NONE = new Changes(Set.of(), true);

    /** Nobody is known, though there may be somebody. */
    public static final Changes UNKNOWN = new Changes(Set.of(), false);

    /** Copies the ids. */
    public Changes {
        SortedSet<String> sorted = new TreeSet<>(authors);
        authors = Collections.unmodifiableSortedSet(sorted);
    }

    /**
     * @param others more changes
     * @return the people behind both
     */
    public Changes and(Changes others) {
        Set<String> all = new TreeSet<>(authors);
        all.addAll(others.authors);
        return new Changes(all, complete && others.complete);
    }
}
