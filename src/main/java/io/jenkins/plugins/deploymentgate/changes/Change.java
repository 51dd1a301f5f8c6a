package io.jenkins.plugins.deploymentgate.changes;

import java.time.Instant;
import java.util.Optional;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A change in source control, as shown to people.
 *
 * @param id what the SCM calls it; empty if it has no name
 * @param text its message, one or more lines
 * @param author the name of its author; empty if unknown
 * @param at when it was made; empty if the SCM does not say
 * @param link where the repository browser shows it; empty if there is none
 */
@Restricted(NoExternalUse.class)
public record Change(String id, String text, String author, Optional<Instant> at, String link) {

    private static final int SHORT = 7;

    /** @return the first line of its message */
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
