package io.jenkins.plugins.deploymentgate.changes;

import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The changes between two deployments to an environment, as shown to people.
 *
 * @param builds the builds with changes, the latest first
 * @param complete whether no build is missing, as far as Jenkins can tell
 * @param cut whether there are more changes than are listed
 */
@Restricted(NoExternalUse.class)
public record ChangeList(List<ChangesOfBuild> builds, boolean complete, boolean cut) {

    /** The most changes that are listed. */
    public static final int MOST = 1000;

    /** Copies the list. */
    public ChangeList {
        builds = List.copyOf(builds);
    }

    /** @return how many changes are listed */
    public int size() {
        return builds.stream().mapToInt(build -> build.changes().size()).sum();
    }

    /**
     * Finds what a build brings to an environment: the changes since the last successful deployment to it, from the same
     * builds as {@link ChangeAuthors}. Takes seconds. Reads as the system user, so the caller has to leave out jobs that the
     * reader may not see.
     *
     * @param build the build that has reached a gate
     * @param environment the environment behind the gate
     * @return the changes
     */
    public static ChangeList broughtBy(Run<?, ?> build, String environment) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            return ChangeLogs.read(ChangeWalk.from(build, new SuccessfulDeployment(environment)), MOST);
        }
    }

    /**
     * Finds the changes that going back to an earlier build undoes. Takes seconds, and reads as the system user.
     *
     * @param latest a later build of the same job
     * @return the changes between them
     */
    public static ChangeList takenBack(Run<?, ?> build, Run<?, ?> latest) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            return ChangeLogs.read(ChangeWalk.from(latest, earlier -> earlier.getNumber() <= build.getNumber()), MOST);
        }
    }
}
