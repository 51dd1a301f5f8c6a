package io.jenkins.plugins.deploymentgate.engine;

/** What follows from the votes on a deployment. */
public sealed interface Decision {

    /** Every rule is met: the build may go on. */
    record Approved() implements Decision {}

    /**
     * Somebody who may vote said no, and that is final.
     *
     * @param by the rejection
     */
    record Rejected(Approval by) implements Decision {}

    /**
     * More approvals are needed.
     *
     * @param outstanding how many, at least 1
     */
    record Pending(int outstanding) implements Decision {}
}
