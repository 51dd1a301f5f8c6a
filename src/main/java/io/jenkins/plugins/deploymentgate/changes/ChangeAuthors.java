package io.jenkins.plugins.deploymentgate.changes;

import hudson.ExtensionList;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;

/**
 * Finds the people whose changes a build brings to an environment: the authors and committers of the SCM changes since
 * the last successful deployment to it.
 *
 * <p>These are the changes of the build itself and of all builds of its job before it, back to the last one that holds a
 * deployment to that environment with the status success, which does not count any more. A deployment that failed or was
 * rejected has brought nothing, so it does not end the range, and neither does one to another environment. Where a build
 * of the range was started by another job, the changes of that job count too. A replay also brings what the build that it
 * replays brought.
 *
 * <p>Without a successful deployment there is nothing to compare with: the result holds everybody who is in the change
 * logs that are still there, and is incomplete.
 */
public final class ChangeAuthors {

    private ChangeAuthors() {}

    /**
     * Loads builds and reads their change logs, so it may take seconds: not to be called on the thread of a pipeline, nor
     * with a lock held. What a checkout of this build brings after the call is not in the result.
     *
     * @param build the build that has reached a gate
     * @param environment the environment behind the gate
     * @return the people, as far as they can be known
     */
    public static Changes of(Run<?, ?> build, String environment) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            ChangeWalk.Found builds = ChangeWalk.from(build, new SuccessfulDeployment(environment));
            Changes found = builds.complete() ? Changes.NONE : Changes.UNKNOWN;
            for (ChangeRange range : builds.ranges()) {
                found = found.and(ChangeLogAuthors.of(range));
                for (ChangeSource source : ExtensionList.lookup(ChangeSource.class)) {
                    found = found.and(source.of(range));
                }
            }
            return found;
        }
    }
}
