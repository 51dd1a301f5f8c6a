package io.jenkins.plugins.deploymentgate.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.audit.LedgerUnavailableException;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Ending;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.deployment.VoteOutcome;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent;
import io.jenkins.plugins.deploymentgate.records.ControllerLock;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import net.jcip.annotations.GuardedBy;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * One deployment of a build that still runs: serialises its changes, publishes its state, and knows the step that waits
 * for it, once there is one.
 *
 * <p>Any thread may call. Every change is made under this object's monitor and goes to disk first; a write that fails
 * changes nothing. The state that readers see is an immutable snapshot, published after the write, so readers never wait
 * for the disk. After a crash there is the file, and a new object is made from it.
 */
@Restricted(NoExternalUse.class)
public final class LiveDeployment {

    private static final Logger LOGGER = Logger.getLogger(LiveDeployment.class.getName());

    private final Run<?, ?> build;
    private final long id;

    @GuardedBy("this")
    private final AuditTrail audit;

    /** What is on disk; null until it was read. Written under the monitor, read without it. */
    @CheckForNull
    private volatile Deployment snapshot;

    private final Delivery delivery;
    private final NewerDeployments newer;

    /** The final state that could not be written; null if there is none. Written under the monitor, read without it. */
    @CheckForNull
    private volatile Deployment unwrittenEnd;

    private LiveDeployment(Run<?, ?> build, long id, Delivery.State state) {
        this.build = build;
        this.id = id;
        this.audit = new AuditTrail(build);
        this.delivery = new Delivery(build, state);
        this.newer = new NewerDeployments(build);
    }

    /** @return a deployment whose first record is to be written by {@link #open} */
    static LiveDeployment opening(Run<?, ?> build, long id) {
        return new LiveDeployment(build, id, Delivery.State.OPENING);
    }

    /** @return a deployment that has a record, which is read when it is first needed */
    static LiveDeployment recorded(Run<?, ?> build, long id) {
        return new LiveDeployment(build, id, Delivery.State.UNREAD);
    }

    /** @return the build whose deployment it is */
    public Run<?, ?> build() {
        return build;
    }

    /** @return the id of the deployment */
    public long id() {
        return id;
    }

    /**
     * Does not wait for a change that is being written.
     *
     * @return the state as it is on disk
     * @throws IOException if the file cannot be read; the next call tries again
     */
    public Deployment current() throws IOException {
        Deployment known = snapshot;
        if (known != null) {
            return known;
        }
        // Whoever opens it holds the monitor until the first record is on disk.
        return delivery.state() == Delivery.State.OPENING ? read() : load();
    }

    private synchronized Deployment load() throws IOException {
        Deployment known = snapshot;
        if (known == null) {
            // What another controller can still change must not be kept.
            ControllerLock.get().checkOwned();
            known = read();
            snapshot = known;
            delivery.move(isForgotten(known) ? Delivery.Event.READ_ORPHANED : Delivery.Event.READ_ANCHORED);
            Turns.get().changed(this, null, known);
        }
        return known;
    }

    private Deployment read() throws IOException {
        return DeploymentRecords.get()
                .read(build.getRootDir(), id)
                .orElseThrow(() -> new NoSuchFileException("the record of deployment " + id + " does not exist"));
    }

    /** Whether the pipeline has to be told of it when it reaches the gate again. */
    private static boolean isForgotten(Deployment deployment) {
        boolean overtaken = deployment.ending().flatMap(Ending::by).isPresent();
        return !deployment.anchored() && (!deployment.status().isFinal() || deployment.isRefused() || overtaken);
    }

    private boolean isClosed() {
        return delivery.state() == Delivery.State.CLOSED;
    }

    /** @return the state as it is on disk; empty if its file was not read yet */
    public Optional<Deployment> known() {
        return Optional.ofNullable(snapshot);
    }

    /** @return what is known of it without reading a file or waiting for a lock */
    KnownState state() {
        return new KnownState(snapshot, delivery.state(), unwrittenEnd != null);
    }

    /** @return whether it still needs approvals, as far as is known without reading a file */
    public boolean needsApproval() {
        return state().needsApproval();
    }

    /** @return whether it waits for approvals, a time or its turn, as far as is known without reading a file */
    public boolean isBlocked() {
        return state().isBlocked();
    }

    /** @return the newer builds of the job that were deployed to the same environment */
    NewerDeployments newer() {
        return newer;
    }

    /**
     * Gives an orphan to the pipeline that has reached its gate again. One that is decided lets that pipeline pass, or
     * fails it, once; the next gate of the build is another deployment.
     */
    void adopt() throws IOException {
        if (current().status() != Status.BLOCKED) {
            delivery.move(Delivery.Event.ADOPT_DECIDED);
        }
    }

    /**
     * Writes the first record.
     *
     * @param environment its environment
     * @param judge gives the first state
     * @throws IOException if that is not certain to be on disk; there is no deployment then
     */
    synchronized void open(String environment, Supplier<Deployment> judge) throws IOException {
        audit.begin();
        Deployment first = judged(environment, judge, Optional::of, LedgerEvent.Origin.PIPELINE);
        delivery.move(first.status().isFinal() ? Delivery.Event.OPENED_ENDED : Delivery.Event.OPENED);
    }

    /**
     * Does what a person asks for, if the rules accept it.
     *
     * @param judge judges it against the state on disk; called once more if it may release the deployment
     * @param announce what the console says of what was accepted; printed before anything later is done
     * @param origin where the request came from
     * @return the outcome; if it was accepted, it is on disk, and the audit ledger has it
     * @throws LedgerUnavailableException if it was accepted, now or before, but could not be written to the ledger
     * @throws IOException if it could not be written, and so was not done
     */
    public synchronized VoteOutcome act(
            Function<Deployment, VoteOutcome> judge,
            Function<VoteOutcome.Accepted, List<String>> announce,
            LedgerEvent.Origin origin)
            throws IOException {
        Deployment before = current();
        VoteOutcome outcome = judged(
                before.environment(),
                () -> isClosed() && before.status() == Status.BLOCKED
                        ? new VoteOutcome.Refused(DenialReason.ALREADY_DECIDED)
                        : judge.apply(before),
                one -> one instanceof VoteOutcome.Accepted accepted
                        ? Optional.of(accepted.following())
                        : Optional.empty(),
                origin);
        if (outcome instanceof VoteOutcome.Accepted accepted) {
            announce.apply(accepted).forEach(delivery::print);
        }
        if (!(outcome instanceof VoteOutcome.Refused)) {
            settleAudit();
        }
        return outcome;
    }

    /**
     * Changes a blocked deployment because of the policy or the time.
     *
     * @param change gives the following state from the one on disk; the same one if there is nothing to change. Called once,
     *     or twice if it may release the deployment, under the lock, so that what follows from an older policy cannot come
     *     after what follows from a newer one
     * @param announce what the console says of the state before and the state after
     * @throws IOException if it could not be written, and so did not happen
     */
    synchronized void change(
            UnaryOperator<Deployment> change, BiFunction<Deployment, Deployment, List<String>> announce)
            throws IOException {
        if (isClosed() || current().status() != Status.BLOCKED) {
            return;
        }
        Deployment before = current();
        Deployment after = judged(
                before.environment(),
                () -> change.apply(before),
                one -> Optional.of(one).filter(next -> !next.equals(before)),
                LedgerEvent.Origin.SYSTEM);
        if (!after.equals(before)) {
            announce.apply(before, after).forEach(delivery::print);
            isAudited();
        }
    }

    /**
     * Judges what may release the deployment, and writes what follows from it before another one is released there. Judges
     * once more if it is released to an exclusive environment, since others are kept out only from then on.
     */
    @GuardedBy("this")
    private <T> T judged(
            String environment,
            Supplier<T> judge,
            Function<T, Optional<Deployment>> following,
            LedgerEvent.Origin origin)
            throws IOException {
        try (Turns.ReleaseLock lock = Turns.get().lock(environment)) {
            T judged = judge.get();
            if (following.apply(judged).filter(lock::mustJudgeAgain).isPresent()) {
                judged = judge.get();
            }
            Optional<Deployment> next = following.apply(judged);
            if (next.isPresent()) {
                commit(next.get(), origin);
            }
            return judged;
        }
    }

    /**
     * Ends the deployment, unless it has ended. Whether or not that can be written, no vote is taken any more, and its step,
     * which was interrupted or is over, is told nothing. A final state that cannot be written is kept in memory, and the next
     * call writes that one.
     *
     * @param finish gives the final state; not called if there is one already
     * @throws IOException if that could not be written; it can be tried again
     */
    void finish(UnaryOperator<Deployment> finish) throws IOException {
        delivery.move(Delivery.Event.CLOSE);
        synchronized (this) {
            if (!current().status().isFinal()) {
                Deployment unwritten = unwrittenEnd;
                Deployment end = unwritten == null ? finish.apply(current()) : unwritten;
                unwrittenEnd = end;
                try {
                    commit(end, LedgerEvent.Origin.PIPELINE);
                } catch (IOException e) {
                    // It has ended all the same, so others need not wait for it.
                    Turns.get().changed(this, null, current());
                    throw e;
                }
                unwrittenEnd = null;
                isAudited();
            }
        }
    }

    /**
     * Writes to the audit ledger what it lacks; what cannot be written now is tried again from time to time.
     *
     * @return whether it has everything now
     */
    synchronized boolean isAudited() {
        try {
            settleAudit();
            return true;
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "The audit ledger lacks something of deployment " + id + " of " + build);
            return false;
        }
    }

    /** The same for a deployment that was found in its file; {@code there} is what the ledger has of it. */
    synchronized void completeAudit(Set<String> there) throws IOException {
        audit.settle(current(), there);
        AuditReconciler.get().unwritten().remove(this);
    }

    /** @return whether the audit ledger is known to have everything of this */
    synchronized boolean isAuditKnown() {
        return audit.isSettled();
    }

    @GuardedBy("this")
    private void settleAudit() throws IOException {
        try {
            audit.settle(current());
            AuditReconciler.get().unwritten().remove(this);
        } catch (LedgerUnavailableException e) {
            AuditReconciler.get().unwritten().add(this);
            throw e;
        }
    }

    /** @return the step that waits for it, and how far it has got */
    Delivery delivery() {
        return delivery;
    }

    /**
     * Tells the step of the decision, if there is one that the step may be told and the audit ledger has it. A decision that
     * was made before that is delivered when the pipeline has been saved with the step. What cannot be written now is tried
     * again every few seconds.
     */
    public void deliver() {
        if (!state().isDeliverable()) {
            return;
        }
        Optional<LiveStep> waiting;
        Deployment decided;
        synchronized (this) {
            if (!state().isDeliverable()) {
                return;
            }
            try {
                if (!current().anchored()) {
                    commit(current(), LedgerEvent.Origin.SYSTEM);
                }
                decided = current();
            } catch (IOException e) {
                // The store has warned, and this is tried every few seconds.
                LOGGER.log(Level.FINE, e, () -> "Deployment " + id + " of " + build + " cannot go on yet");
                return;
            }
            if (!isAudited()) {
                return;
            }
            waiting = delivery.take();
        }
        try {
            waiting.ifPresent(step -> step.settle(decided));
        } catch (RuntimeException e) {
            // The decision is on disk; the step asks for it when the build is resumed.
            LOGGER.log(Level.WARNING, e, () -> "Could not deliver the decision on deployment " + id + " to " + build);
        }
    }

    @GuardedBy("this")
    private void commit(Deployment following, LedgerEvent.Origin origin) throws IOException {
        Deployment before = snapshot;
        List<LedgerEvent> told = before == null ? List.of() : audit.events(before);
        Delivery.State state = delivery.state();
        boolean anchored = state == Delivery.State.ANCHORED || state == Delivery.State.TOLD;
        Deployment next = anchored ? following.anchor() : following;
        DeploymentRecords.get().write(build.getRootDir(), next);
        snapshot = next;
        audit.changed(told, next, origin);
        Turns.get().changed(this, before, next);
        DeploymentListener.fireChanged(build, next);
    }
}
