package io.jenkins.plugins.deploymentgate.service;

import hudson.ExtensionList;
import hudson.model.Cause;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.engine.Deployment;
import io.jenkins.plugins.deploymentgate.engine.Status;
import io.jenkins.plugins.deploymentgate.store.DeploymentStore;
import java.io.File;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Finds the people whose changes a build brings to an environment: the authors and committers of the SCM changes since
 * the last successful deployment to it.
 *
 * <p>These are the changes of the build itself and of all builds of its job before it, back to the last one that holds a
 * deployment to that environment with the status success, which does not count any more. A deployment that failed or was
 * rejected has brought nothing, so it does not end the range, and neither does one to another environment. Where a build
 * of the range was started by another job, the changes of that job count too (see {@link UpstreamBuilds}). A replay also
 * brings what the build that it replays brought.
 *
 * <p>Without a successful deployment there is nothing to compare with: the result holds everybody who is in the change
 * logs that are still there, and is incomplete.
 */
final class ChangeAuthors {

    /** The most builds that are loaded; with more of them, the result is incomplete. */
    static final int MAX_BUILDS = 500;

    /** Jobs upstream of each other and replays of replays, at the most; with more, the result is incomplete. */
    private static final int MAX_DEPTH = 20;

    private static final Logger LOGGER = Logger.getLogger(ChangeAuthors.class.getName());

    private final String environment;
    private final Set<String> replayed = new HashSet<>();
    private int remaining = MAX_BUILDS;

    private ChangeAuthors(String environment) {
        this.environment = environment;
    }

    /**
     * Loads builds and reads their change logs, so it may take seconds: not to be called on the thread of a pipeline, nor
     * with a lock held. What a checkout of this build brings after the call is not in the result.
     *
     * @param build the build that has reached a gate
     * @param environment the environment behind the gate
     * @return the people, as far as they can be known
     */
    static Changes of(Run<?, ?> build, String environment) {
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            ChangeAuthors authors = new ChangeAuthors(environment);
            return authors.back(build, authors::isDeployed, 0);
        }
    }

    private Changes back(Run<?, ?> newest, Predicate<Run<?, ?>> ends, int depth) {
        if (depth > MAX_DEPTH || remaining <= 0) {
            return Changes.UNKNOWN;
        }
        ChangeRange range = ChangeRange.back(newest, ends, remaining);
        remaining -= range.builds().size();
        Changes found = new Changes(Set.of(), range.complete()).and(ChangeLogAuthors.of(range));
        for (ChangeSource source : ExtensionList.lookup(ChangeSource.class)) {
            found = found.and(source.of(range));
        }
        return found.and(upstream(range, depth)).and(replayed(range, depth));
    }

    private Changes upstream(ChangeRange range, int depth) {
        UpstreamBuilds.Found upstream = UpstreamBuilds.of(range);
        Changes found = new Changes(Set.of(), upstream.complete());
        for (UpstreamBuilds builds : upstream.builds()) {
            found = found.and(new Changes(Set.of(), builds.known()))
                    .and(back(builds.newest(), build -> build.getNumber() <= builds.after(), depth + 1));
        }
        return found;
    }

    private Changes replayed(ChangeRange range, int depth) {
        List<Cause> causes = range.builds().stream()
                .flatMap(build -> build.getCauses().stream())
                .toList();
        Changes found = Changes.NONE;
        for (Cause cause : causes) {
            Optional<Run<?, ?>> original = BuildOrigin.find(cause);
            if (original.isEmpty()) {
                found = found.and(new Changes(Set.of(), !BuildOrigin.isLost(cause)));
            } else if (!range.builds().contains(original.get())
                    && replayed.add(original.get().getExternalizableId())) {
                found = found.and(back(original.get(), this::isDeployed, depth + 1));
            }
        }
        return found;
    }

    /** Looks at the small files in the directory of the build alone. */
    private boolean isDeployed(Run<?, ?> build) {
        File directory = build.getRootDir();
        try {
            for (long id : DeploymentStore.get().ids(directory)) {
                if (DeploymentStore.get()
                        .read(directory, id)
                        .filter(this::isSuccess)
                        .isPresent()) {
                    return true;
                }
            }
        } catch (IOException e) {
            // Then its changes count, and so do those before it: rather too many people than too few.
            LOGGER.log(Level.WARNING, e, () -> "Cannot tell whether " + build + " was deployed to " + environment);
        }
        return false;
    }

    private boolean isSuccess(Deployment deployment) {
        return deployment.status() == Status.SUCCESS && deployment.environment().equals(environment);
    }
}
