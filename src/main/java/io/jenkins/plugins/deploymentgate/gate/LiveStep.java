package io.jenkins.plugins.deploymentgate.gate;

import com.google.common.util.concurrent.ListenableFuture;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The running step of a pipeline that waits for a deployment. */
@Restricted(NoExternalUse.class)
public interface LiveStep {

    /**
     * Tells the step what was decided. Called at most once for each time that the step was attached, by any thread,
     * with no lock held; must not block.
     *
     * @param deployment the deployment, no longer blocked; it is on disk already
     */
    void settle(Deployment deployment);

    /**
     * Prints to the step's part of the build's console.
     *
     * @param line one line, without control characters other than those of console annotations
     * @return whether that was possible; a step that is over has no console any more
     */
    boolean print(String line);

    /**
     * Has the pipeline saved with this step in it. Called by any thread; returns at once.
     *
     * @return done when the pipeline is on disk; fails if it could not be written
     */
    ListenableFuture<Void> save();
}
