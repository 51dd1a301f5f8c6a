package io.jenkins.plugins.deploymentgate.changes;

import hudson.ExtensionPoint;
import hudson.model.Run;
import hudson.scm.ChangeLogSet;
import java.util.ArrayList;
import java.util.List;
import jenkins.scm.RunWithSCM;

/**
 * Reads the change logs of one SCM in more detail than Jenkins' own API allows: committers beside authors, and changes that
 * a change log leaves out. Change logs that no extension reads are read with Jenkins' own API.
 *
 * <p>Called on a background thread as the system user. An exception is logged, and the changes are read again later. An
 * implementation must not change anything: it creates no user and saves no build.
 */
public abstract class ChangeSource implements ExtensionPoint {

    /**
     * @param log a change log of a build
     * @return whether this reads it
     */
    public abstract boolean reads(ChangeLogSet<?> log);

    /**
     * @param range builds of a job
     * @return the authors and committers of the changes in the logs that this reads
     */
    public abstract Changes of(ChangeRange range);

    /**
     * @param entry an entry of a change log that this reads
     * @return the display name of its author; empty if unknown
     */
    public abstract String nameOfAuthor(ChangeLogSet.Entry entry);

    /**
     * @param build a build, which may be running
     * @return a copy of the list of its change logs; empty for a kind of build that has none
     */
    protected static List<ChangeLogSet<?>> logs(Run<?, ?> build) {
        // A checkout of a running build can add to the list at any time.
        return build instanceof RunWithSCM<?, ?> scm ? new ArrayList<>(scm.getChangeSets()) : List.of();
    }
}
