package io.jenkins.plugins.deploymentgate.changes;

import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import java.util.List;

/**
 * The changes between two states of an environment, for people to read.
 *
 * @param builds the builds that found them, the latest first; without those that found none
 * @param complete whether no build is missing, as far as Jenkins can tell
 * @param cut whether there are more changes than are listed
 */
public record ChangeList(List<ChangesOfBuild> builds, boolean complete, boolean cut) {

    /** How many changes are listed at the most. */
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
     * Finds what a build brings to an environment: the changes since the last successful deployment to it, found in the
     * builds in which {@link ChangeAuthors} finds their authors. Takes seconds, as that does; reads as the system, so that
     * the caller has to leave out the jobs that the reader may not see.
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
     * Finds what came after a build. Takes and reads as {@link #broughtBy} does.
     *
     * @param build a build
     * @param latest a later build of the same job
     * @return the changes between them, which are undone by going back to the former
     */
    public static ChangeList takenBack(Run<?, ?> build, Run<?, ?> latest) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            return ChangeLogs.read(ChangeWalk.from(latest, earlier -> earlier.getNumber() <= build.getNumber()), MOST);
        }
    }
}
