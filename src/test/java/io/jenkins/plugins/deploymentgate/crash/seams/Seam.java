package io.jenkins.plugins.deploymentgate.crash.seams;

/** A place on the way of a deployment at which the controller can be made to stop, in the order passed. */
public enum Seam {
    /** The pipeline has reached its gate, and nothing is on disk. */
    OPENING,
    /** The file of the deployment is there, and the pipeline is not saved with the step in it. */
    OPENED,
    /** A vote is judged, and nothing of it is on disk. */
    BEFORE_WRITE,
    /** Half of the new file is there, under its temporary name. */
    HALF_WRITTEN,
    /** The new file is there, and memory is as before. */
    AFTER_WRITE,
    /** All listeners have heard of the change. */
    AFTER_LISTENERS,
    /** The console tells of the vote. */
    AFTER_CONSOLE,
    /** The lock is released, and the step was not told. */
    BEFORE_DELIVERY,
    /** The next step begins, and the pipeline on disk still stands at the gate. */
    AFTER_DELIVERY,
    /** The vote is done, and the voter has no answer. */
    BEFORE_ANSWER,
    /** The voter has the answer. */
    AFTER_ANSWER,
    /** The pipeline is saved past the gate. */
    PROGRAM_SAVED,
    /** The block of a step is over, and the end of its deployment is not on disk. */
    BLOCK_OVER,
    /** The end of the deployment is there, and the pipeline on disk still stands in the block. */
    BLOCK_CLOSED,
    /** The build has ended, and its deployments are open. */
    BUILD_ENDING,
    /** The deployments of the build are closed, and its own end is not saved. */
    DEPLOYMENT_CLOSED
}
