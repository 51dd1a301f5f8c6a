package io.jenkins.plugins.deploymentgate.changes;

import hudson.ExtensionPoint;
import hudson.model.Run;
import hudson.scm.ChangeLogSet;
import java.util.ArrayList;
import java.util.List;
import jenkins.scm.RunWithSCM;

/**
 * Knows more of the change logs of one SCM than Jenkins tells of all: who committed what another wrote, and what a
 * change log leaves out. The logs that none of these reads are read by {@link ChangeLogAuthors}.
 *
 * <p>Called on a background thread, as the system. Nothing is to be changed: no user is to be made, no build saved.
 */
public abstract class ChangeSource implements ExtensionPoint {

    /**
     * @param log a change log of a build
     * @return whether this finds the people behind it
     */
    public abstract boolean reads(ChangeLogSet<?> log);

    /**
     * @param range builds of a job
     * @return the people behind the change logs that this reads
     */
    public abstract Changes of(ChangeRange range);

    /**
     * @param entry an entry of a change log that this reads
     * @return the name of its author, for people; empty if nobody knows
     */
    public abstract String nameOfAuthor(ChangeLogSet.Entry entry);

    /**
     * @param build a build, perhaps a running one
     * @return its change logs as they are now; empty if it is of a kind that has none
     */
    protected static List<ChangeLogSet<?>> logs(Run<?, ?> build) {
        // A checkout that ends at this moment adds to the list of a running build.
        return build instanceof RunWithSCM<?, ?> scm ? new ArrayList<>(scm.getChangeSets()) : List.of();
    }
}
