package io.jenkins.plugins.deploymentgate.core.deployment;

import io.jenkins.plugins.deploymentgate.core.policy.DeploymentReference;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import java.time.Instant;
import java.util.Optional;

/** What follows from the policy, the votes, the time and other deployments. */
public sealed interface Decision {

    /**
     * Decides. The first that applies counts: rejected; expired; outdated or superseded; approvals outstanding; held by a wait
     * or a freeze; waiting for its turn; approved. An override skips everything but a rejection and the turn.
     *
     * @param deployment created or blocked
     * @param policy the policy in force
     * @param rivals the other deployments that matter
     * @param now any instant since it was created
     * @return the decision
     */
    static Decision of(Deployment deployment, EnvironmentPolicy policy, Rivals rivals, Instant now) {
        Decision alone = alone(deployment, policy, now);
        if (alone instanceof Rejected || alone instanceof Expired) {
            return alone;
        }
        Optional<Decision> overtaking =
                deployment.isReleasedByOverride() ? Optional.empty() : rivals.overtaking(deployment, policy);
        return overtaking.orElseGet(() -> alone instanceof Approved ? rivals.turn(deployment, policy, now) : alone);
    }

    /** @return what follows from its own votes and the time, whatever other deployments there are */
    static Decision alone(Deployment deployment, EnvironmentPolicy policy, Instant now) {
        Tally tally = deployment.tally(policy);
        if (tally.rejection().isPresent()) {
            return new Rejected(tally.rejection().get());
        } else if (deployment.isReleasedByOverride()) {
            return new Approved();
        } else if (Deployment.isReached(deployment.deadline(policy), now)) {
            return new Expired();
        } else if (tally.outstanding() > 0) {
            return new Pending(tally.outstanding());
        }
        return policy.timing()
                .heldUntil(deployment.createdAt(), now)
                .<Decision>map(Held::new)
                .orElseGet(Approved::new);
    }

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
