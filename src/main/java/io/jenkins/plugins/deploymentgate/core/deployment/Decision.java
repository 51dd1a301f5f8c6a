package io.jenkins.plugins.deploymentgate.core.deployment;

import io.jenkins.plugins.deploymentgate.core.policy.DeploymentReference;
import java.time.Instant;
import java.util.Optional;

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
     * It must not run any more, because of another deployment. This is final.
     *
     * @param reason superseded, outdated or deadlock
     * @param by the other deployment
     */
    record Canceled(EndReason reason, DeploymentReference by) implements Decision {}

    /**
     * It may go on when it is its turn.
     *
     * @param behind the deployment that it waits for; empty if it is not known yet which deployments there are
     */
    record Queued(Optional<DeploymentReference> behind) implements Decision {}

    /**
     * More approvals are needed.
     *
     * @param outstanding how many, at least 1
     */
    record Pending(int outstanding) implements Decision {}
}
