package io.jenkins.plugins.deploymentgate.changes;

import java.time.Instant;
import java.util.List;

/**
 * The changes that one build found.
 *
 * @param job the full name of its job
 * @param name what people call the build
 * @param url its address below the server, with a slash at the end
 * @param at when it was started
 * @param changes what it found, one or more
 */
public record ChangesOfBuild(String job, String name, String url, Instant at, List<Change> changes) {

    /** Copies the list. */
    public ChangesOfBuild {
        changes = List.copyOf(changes);
    }
}
