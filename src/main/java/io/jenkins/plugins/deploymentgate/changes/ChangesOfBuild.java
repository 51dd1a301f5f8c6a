package io.jenkins.plugins.deploymentgate.changes;

import java.time.Instant;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The changes in the change logs of one build.
 *
 * @param job the full name of its job
 * @param name the full display name of the build
 * @param url its address below the server, with a slash at the end
 * @param at when it was started
 * @param changes one or more
 */
@Restricted(NoExternalUse.class)
public record ChangesOfBuild(String job, String name, String url, Instant at, List<Change> changes) {

    /** Copies the list. */
    public ChangesOfBuild {
        changes = List.copyOf(changes);
    }
}
