package io.jenkins.plugins.deploymentgate.gate;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.audit.AuditUnavailableException;
import io.jenkins.plugins.deploymentgate.core.deployment.DenialReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.deployment.VoteOutcome;
import io.jenkins.plugins.deploymentgate.core.index.DeploymentSummary;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditEvent;
import io.jenkins.plugins.deploymentgate.core.ledger.AuditOrigin;
import io.jenkins.plugins.deploymentgate.records.DeploymentRecords;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/**
 * One deployment of a build that still runs: the lock of that deployment, a cache of its file, and the step that waits
 * for it, once there is one.
 *
 * <p>A decision reaches the step only when it is certain that the state of the pipeline on disk holds that step: then a
 * deployment that is decided, and not known to be held there, is one that its pipeline will ask for again.
 *
 * <p>Any thread may call. Every change goes to disk first and to memory after, under this object's monitor; a write that
 * fails changes nothing. After a crash there is the file, and a new object is made from it.
 */
public final class LiveDeployment {

    private static final Logger LOGGER = Logger.getLogger(LiveDeployment.class.getName());

    private final Run<?, ?> build;
    private final long id;
    private final AuditTrail audit;
    private Deployment cached;
    private LiveStep step;
    private boolean anchored;
    private boolean delivered;
    private boolean closed;
    private boolean awaited;

    LiveDeployment(Run<?, ?> build, long id) {
        this.build = build;
        this.id = id;
        this.audit = new AuditTrail(build);
    }

    public Run<?, ?> build() {
        return build;
    }

    public long id() {
        return id;
    }

    /**
     * @return the state as it is on disk
     * @throws IOException if the file cannot be read; the next call tries again
     */
    public synchronized Deployment current() throws IOException {
        if (cached == null) {
            cached = DeploymentRecords.get()
                    .read(build.getRootDir(), id)
                    .orElseThrow(() -> new NoSuchFileException("the record of deployment " + id + " is gone"));
            anchored |= cached.anchored();
            awaited = !cached.anchored() && (!cached.status().isFinal() || isRefused(cached));
        }
        return cached;
    }

    /** Its pipeline has to be told so, unlike of a deployment that was ended by its build. */
    private static boolean isRefused(Deployment deployment) {
        return deployment.status() == Status.FAILED && deployment.endReason() != null;
    }

    /** @return what a list says of it; empty if its file was not read yet */
    synchronized Optional<DeploymentSummary> summary() {
        return Optional.ofNullable(cached)
                .map(one -> DeploymentSummary.of(one, build.getParent().getFullName(), build.getNumber()));
    }

    /** @return whether it waits for approvals, as far as is known without reading a file */
    public synchronized boolean isBlocked() {
        return !closed && cached != null && cached.status() == Status.BLOCKED;
    }

    /** @return whether it needs a look although nobody has done anything, as far as is known without reading a file */
    synchronized boolean isDue(Instant now) {
        boolean owesAnswer = step != null && !delivered && cached != null && cached.status() != Status.BLOCKED;
        return owesAnswer
                || isBlocked()
                        && cached.dueAt(now).filter(due -> !now.isBefore(due)).isPresent();
    }

    /**
     * @return whether its pipeline did not know of it when Jenkins started, as far as can be told, and has not taken it
     *     up since: the pipeline will reach its gate again
     */
    synchronized boolean isOrphan() {
        return step == null && awaited && !closed;
    }

    /**
     * Gives an orphan to the pipeline that has reached it again. One that is decided lets that pipeline pass, or fails
     * it, once; the next gate of the build is another deployment.
     */
    synchronized Deployment takeUp() throws IOException {
        awaited = current().status() == Status.BLOCKED;
        return current();
    }

    /** Writes the first state. */
    synchronized void open(Deployment deployment) throws IOException {
        audit.begin();
        commit(deployment, AuditOrigin.PIPELINE);
        awaited = deployment.status() == Status.BLOCKED;
    }

    /**
     * Does what somebody wants, if the outcome says so.
     *
     * @param judge judges it against the state on disk
     * @param announce what the console says of what was accepted; printed before anything later is done
     * @param origin from where they want it
     * @return what became of it; if it was accepted, it is on disk, and the audit ledger has it
     * @throws AuditUnavailableException if it was accepted, now or before, but the ledger could not be told
     * @throws IOException if it could not be written, and so was not done
     */
    public synchronized VoteOutcome act(
            Function<Deployment, VoteOutcome> judge,
            Function<VoteOutcome.Accepted, List<String>> announce,
            AuditOrigin origin)
            throws IOException {
        boolean ending = closed && current().status() == Status.BLOCKED;
        VoteOutcome outcome = ending ? new VoteOutcome.Refused(DenialReason.ALREADY_DECIDED) : judge.apply(current());
        if (outcome instanceof VoteOutcome.Accepted accepted) {
            commit(accepted.following(), origin);
            announce.apply(accepted).forEach(this::print);
        }
        if (!(outcome instanceof VoteOutcome.Refused)) {
            settleAudit();
        }
        return outcome;
    }

    /**
     * Changes a blocked deployment because of the policy or the time.
     *
     * @param change gives the following state from the one on disk; the same one if there is nothing to change. Asked
     *     under the lock, so that what follows from an older policy cannot come after what follows from a newer one
     * @param announce what the console says of the state before and the state after
     * @throws IOException if it could not be written, and so did not happen
     */
    synchronized void change(
            UnaryOperator<Deployment> change, BiFunction<Deployment, Deployment, List<String>> announce)
            throws IOException {
        if (closed || current().status() != Status.BLOCKED) {
            return;
        }
        Deployment before = current();
        Deployment after = change.apply(before);
        if (!after.equals(before)) {
            commit(after, AuditOrigin.SYSTEM);
            announce.apply(before, after).forEach(this::print);
            isAudited();
        }
    }

    /**
     * Ends the deployment, unless it has ended. Whether or not that can be written, no vote is taken any more, and its step,
     * which was interrupted or is over, is told nothing.
     *
     * @param finish gives the final state
     * @throws IOException if that could not be written; it can be tried again
     */
    synchronized void finish(UnaryOperator<Deployment> finish) throws IOException {
        closed = true;
        delivered = true;
        if (!current().status().isFinal()) {
            commit(finish.apply(current()), AuditOrigin.PIPELINE);
            isAudited();
        }
    }

    /**
     * Tells the audit ledger what it has not been told yet; what cannot be told now is tried again from time to time.
     *
     * @return whether it knows everything now
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
        AuditBacklog.get().paid(this);
    }

    /** @return whether the audit ledger is known to have everything of this */
    synchronized boolean isAuditKnown() {
        return audit.isSettled();
    }

    private void settleAudit() throws IOException {
        try {
            audit.settle(current());
            AuditBacklog.get().paid(this);
        } catch (AuditUnavailableException e) {
            AuditBacklog.get().owed(this);
            throw e;
        }
    }

    /** Makes a step the one that is told of the decision. */
    synchronized void attach(LiveStep waiting) {
        step = waiting;
        delivered = false;
    }

    /** Hears that the state of the pipeline on disk holds the step. It is written down when something else is. */
    synchronized void anchor() {
        anchored = true;
    }

    /**
     * Tells the step what was decided, if it was, there is a step that the pipeline will not forget, and it was not told
     * yet, and the audit ledger has it. A vote that was taken before that is delivered by whoever attaches or anchors the
     * step. What cannot be written now is tried again by the next look.
     */
    public void deliver() {
        LiveStep waiting;
        Deployment decided;
        synchronized (this) {
            if (step == null || !anchored || delivered || cached == null || cached.status() == Status.BLOCKED) {
                return;
            }
            try {
                if (!cached.anchored()) {
                    commit(cached, AuditOrigin.SYSTEM);
                }
            } catch (IOException e) {
                // The store has warned, and this is tried every few seconds.
                LOGGER.log(Level.FINE, e, () -> "Deployment " + id + " of " + build + " cannot go on yet");
                return;
            }
            if (!isAudited()) {
                return;
            }
            delivered = true;
            waiting = step;
            decided = cached;
        }
        try {
            waiting.settle(decided);
        } catch (RuntimeException e) {
            // The decision is on disk; the step asks for it when the build is resumed.
            LOGGER.log(Level.WARNING, e, () -> "Could not deliver the decision on deployment " + id + " to " + build);
        }
    }

    /** Prints to the console of the step, or of the build while there is no step. */
    synchronized void print(String line) {
        boolean printed = step != null && step.print(line);
        if (!printed && build instanceof FlowExecutionOwner.Executable pipeline) {
            print(pipeline.asFlowExecutionOwner(), line);
        }
    }

    private void print(@CheckForNull FlowExecutionOwner pipeline, String line) {
        if (pipeline == null) {
            return;
        }
        try {
            pipeline.getListener().getLogger().println(line);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "Cannot write to the console of " + build);
        }
    }

    private void commit(Deployment following, AuditOrigin origin) throws IOException {
        List<AuditEvent> told = cached == null ? List.of() : audit.events(cached);
        Deployment next = anchored ? following.anchor() : following;
        DeploymentRecords.get().write(build.getRootDir(), next);
        cached = next;
        audit.changed(told, next, origin);
        DeploymentListener.fireChanged(build, next);
    }
}
