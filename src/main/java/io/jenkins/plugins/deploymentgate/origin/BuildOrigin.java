package io.jenkins.plugins.deploymentgate.origin;

import hudson.ExtensionList;
import hudson.ExtensionPoint;
import hudson.model.Cause;
import hudson.model.Run;
import java.util.Optional;

/**
 * Knows a kind of cause behind which there is another build, whose requester is a requester of this one too. Causes
 * that hold the causes of the other build themselves, as upstream causes do, need none of these.
 */
public abstract class BuildOrigin implements ExtensionPoint {

    /**
     * @param cause why a build was started
     * @return the build that it was made from; empty if this cause is of another kind, or that build is gone
     */
    public abstract Optional<Run<?, ?>> behind(Cause cause);

    /**
     * @param cause why a build was started
     * @return whether it is of this kind, whether or not the build that it tells of is still there
     */
    public abstract boolean knows(Cause cause);

    /**
     * @param cause why a build was started
     * @return the build behind it; empty if there is none, or it is gone
     */
    public static Optional<Run<?, ?>> find(Cause cause) {
        return ExtensionList.lookup(BuildOrigin.class).stream()
                .flatMap(origin -> origin.behind(cause).stream())
                .findFirst();
    }

    /** @return whether there was a build behind it, which is gone */
    public static boolean isLost(Cause cause) {
        return ExtensionList.lookup(BuildOrigin.class).stream().anyMatch(origin -> origin.knows(cause))
                && find(cause).isEmpty();
    }
}
