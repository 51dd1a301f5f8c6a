package io.jenkins.plugins.deploymentgate.changes;

import java.time.Instant;
import java.util.Optional;

/**
 * One change of the source, as people are shown it.
 *
 * @param id what the SCM calls it; empty if it has no name
 * @param text what its author wrote about it, of any number of lines
 * @param author the name of its author; empty if nobody knows
 * @param at when it was made; empty if the SCM does not say
 * @param link where the repository browser shows it; empty if there is none
 */
public record Change(String id, String text, String author, Optional<Instant> at, String link) {

    private static final int SHORT = 7;

    /** @return the first line of what its author wrote */
    public String title() {
        return text.strip().lines().findFirst().orElse("");
    }

    /** @return the id, or its beginning where it is the hash of a commit */
    public String shortId() {
        return shortened(id);
    }

    /**
     * @param id what the SCM calls a change
     * @return that, or its beginning where it is the hash of a commit
     */
    public static String shortened(String id) {
        return id.matches("[0-9a-f]{40,64}") ? id.substring(0, SHORT) : id;
    }
}
