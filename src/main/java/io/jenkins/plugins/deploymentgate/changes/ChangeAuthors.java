package io.jenkins.plugins.deploymentgate.changes;

import hudson.ExtensionList;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Finds the people whose changes a build brings to an environment: the authors and committers of the SCM changes since
 * the last successful deployment to it.
 *
 * <p>These are the changes of the build and of the earlier builds of its job, back to the last one with a successful
 * deployment to that environment, whose own changes are not included. Failed and rejected deployments, and deployments to
 * other environments, do not end the range. If another job started a build of the range, the changes of that job are
 * included, and for a replay or a restart those of the original.
 *
 * <p>If there was no successful deployment yet, the result has everybody in the change logs that are still there, and is
 * incomplete.
 */
@Restricted(NoExternalUse.class)
public final class ChangeAuthors {

    private ChangeAuthors() {}

    /**
     * Loads builds and reads their change logs, which can take seconds: do not call it on the thread of a pipeline or with a
     * lock held. Changes that the build checks out after the call are not in the result.
     *
     * @param build the build that has reached a gate
     * @param environment the environment behind the gate
     * @return the authors and committers that are known
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
