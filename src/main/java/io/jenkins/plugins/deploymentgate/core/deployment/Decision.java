package io.jenkins.plugins.deploymentgate.core.deployment;

import java.time.Instant;

/** What follows from the policy, the votes and the time; see {@link Deployment#decide}. */
public sealed interface Decision {

    /** Every rule is met, and the build may go on. */
    record Approved() implements Decision {}

    /**
     * An approver rejected it. This is final.
     *
     * @param by the rejection
     */
    record Rejected(Approval by) implements Decision {}

    /** Its deadline has passed. */
    record Expired() implements Decision {}

    /**
     * Every rule is met, but it may not go on yet.
     *
     * @param until when to look again; later than now
     */
    record Held(Instant until) implements Decision {}

    /**
     * More approvals are needed.
     *
     * @param outstanding how many, at least 1
     */
    record Pending(int outstanding) implements Decision {}
}
