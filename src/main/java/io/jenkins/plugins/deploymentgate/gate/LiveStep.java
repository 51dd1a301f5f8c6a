package io.jenkins.plugins.deploymentgate.gate;

import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;

/** The running step of a pipeline that waits at a gate. */
public interface LiveStep {

    /**
     * Tells the step what was decided. Called at most once for each time that the step was attached, by any thread,
     * with no lock held; must not block.
     *
     * @param deployment the deployment, blocked no more; it is on disk already
     */
    void settle(Deployment deployment);

    /**
     * Prints to the step's part of the build's console.
     *
     * @param line one line, without control characters other than those of console annotations
     * @return whether that was possible; a step that is over has no console any more
     */
    boolean print(String line);
}
