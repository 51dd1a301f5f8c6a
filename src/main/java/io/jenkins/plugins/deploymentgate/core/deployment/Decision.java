package io.jenkins.plugins.deploymentgate.core.deployment;

import java.time.Instant;

/** What follows from the votes on a deployment, and from the time. */
public sealed interface Decision {

    /** Every rule is met: the build may go on. */
    record Approved() implements Decision {}

    /**
     * Somebody who may vote said no, and that is final.
     *
     * @param by the rejection
     */
    record Rejected(Approval by) implements Decision {}

    /** It was not approved in time. */
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
