package io.jenkins.plugins.deploymentgate.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.policy.TurnRules;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a live deployment at one moment, without reading a file or waiting for a lock.
 *
 * @param deployment its state as it is on disk; null if its file was not read yet
 * @param step how far its step has got
 * @param owesEnd whether it has ended, and that could not be written
 */
record KnownState(@CheckForNull Deployment deployment, Delivery.State step, boolean owesEnd) {

    private boolean isClosed() {
        return step == Delivery.State.CLOSED;
    }

    /** @return whether its record could not be read, so that nothing is known of it */
    boolean isUnread() {
        return deployment == null && step != Delivery.State.OPENING;
    }

    private Optional<Deployment> blocked() {
        return Optional.ofNullable(deployment).filter(known -> !isClosed() && known.status() == Status.BLOCKED);
    }

    /** @return whether it waits for approvals, a time or its turn */
    boolean isBlocked() {
        return blocked().isPresent();
    }

    /** @return whether it still needs approvals */
    boolean needsApproval() {
        return blocked().filter(known -> known.outstanding(known.policy()) > 0).isPresent();
    }

    /** @return whether nobody can approve it until it is known who wrote its changes */
    boolean needsAuthors() {
        return blocked()
                .filter(known -> !known.policy().separation().isSettled(known.request()))
                .isPresent();
    }

    /** @return its state while it is running; empty otherwise */
    Optional<Deployment> running() {
        return Optional.ofNullable(deployment).filter(known -> !isClosed() && known.status() == Status.RUNNING);
    }

    /** @return its state, if it has or can get a turn */
    Optional<Deployment> competing() {
        return Optional.ofNullable(deployment)
                .filter(known -> !owesEnd && !known.status().isFinal())
                .filter(known -> known.status() == Status.RUNNING || !isClosed());
    }

    /** @return since when it has been waiting for its turn; long from now if it does not */
    Instant queuedAt() {
        return competing().flatMap(known -> known.times().queuedAt()).orElse(Instant.MAX);
    }

    /**
     * @param environments where something has changed
     * @param everywhere whether something may have changed anywhere
     * @return whether it is blocked and competes with others there, or waits for its turn
     */
    boolean waitsFor(Set<String> environments, boolean everywhere) {
        return blocked()
                .filter(known -> known.times().queuedAt().isPresent()
                        || competes(known) && (everywhere || environments.contains(known.environment())))
                .isPresent();
    }

    private static boolean competes(Deployment known) {
        return !known.policy().turns().equals(TurnRules.NONE) || known.request().allowOlder();
    }

    /** @return whether its pipeline does not hold a step for it, and so will reach its gate again */
    boolean isOrphan() {
        return step == Delivery.State.ORPHANED;
    }

    /** @return whether there is a decision that the step may be told */
    boolean isDeliverable() {
        return step == Delivery.State.ANCHORED && deployment != null && deployment.status() != Status.BLOCKED;
    }

    /** @return whether it needs a look although nobody has done anything */
    boolean isDue(Instant now) {
        if (deployment == null) {
            return step == Delivery.State.UNREAD || step == Delivery.State.ANCHORED;
        }
        Optional<Instant> due = blocked().flatMap(known -> known.dueAt(now));
        return isDeliverable()
                || step == Delivery.State.UNSAVED
                || owesEnd
                || needsAuthors()
                || due.filter(at -> !now.isBefore(at)).isPresent();
    }
}
