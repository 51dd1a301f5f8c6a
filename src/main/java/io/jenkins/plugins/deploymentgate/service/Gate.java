package io.jenkins.plugins.deploymentgate.service;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.model.Run;
import io.jenkins.plugins.deploymentgate.engine.Ballot;
import io.jenkins.plugins.deploymentgate.engine.Deployment;
import io.jenkins.plugins.deploymentgate.engine.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.engine.Refusal;
import io.jenkins.plugins.deploymentgate.engine.Status;
import io.jenkins.plugins.deploymentgate.store.DeploymentStore;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/**
 * One deployment of a build that still runs: the lock of that deployment, a cache of its file, and the step that waits
 * for it, once there is one.
 *
 * <p>Any thread may call. Every change goes to disk first and to memory after, under this object's monitor; a write that
 * fails changes nothing. After a crash there is the file, and a new object is made from it.
 */
final class Gate {

    private static final Logger LOGGER = Logger.getLogger(Gate.class.getName());

    private final Run<?, ?> build;
    private final long id;
    private Deployment cached;
    private LiveStep step;
    private boolean delivered;
    private boolean closed;
    private boolean awaited;

    Gate(Run<?, ?> build, long id) {
        this.build = build;
        this.id = id;
    }

    Run<?, ?> build() {
        return build;
    }

    long id() {
        return id;
    }

    /**
     * @return the state as it is on disk
     * @throws IOException if the file cannot be read; the next call tries again
     */
    synchronized Deployment current() throws IOException {
        if (cached == null) {
            cached = DeploymentStore.get()
                    .read(build.getRootDir(), id)
                    .orElseThrow(() -> new NoSuchFileException("the record of deployment " + id + " is gone"));
            awaited = cached.status() == Status.BLOCKED;
        }
        return cached;
    }

    /** @return whether it waits for approvals, as far as is known without reading a file */
    synchronized boolean isBlocked() {
        return !closed && cached != null && cached.status() == Status.BLOCKED;
    }

    /**
     * @return whether it was blocked when Jenkins started, and no step has taken it up since: its pipeline will reach
     *     it again
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
        commit(deployment);
        awaited = deployment.status() == Status.BLOCKED;
    }

    /**
     * Takes a vote, if the ballot says so.
     *
     * @param cast judges the vote against the state on disk
     * @param announce what the console says of a vote that was accepted; printed before any later vote is taken
     * @return what became of it; if it was accepted, it is on disk
     * @throws IOException if it could not be written, and so was not taken
     */
    synchronized Ballot vote(Function<Deployment, Ballot> cast, Function<Ballot.Accepted, List<String>> announce)
            throws IOException {
        boolean ending = closed && current().status() == Status.BLOCKED;
        Ballot ballot = ending ? new Ballot.Refused(Refusal.ALREADY_DECIDED) : cast.apply(current());
        if (ballot instanceof Ballot.Accepted accepted) {
            commit(accepted.following());
            announce.apply(accepted).forEach(this::print);
        }
        return ballot;
    }

    /**
     * Judges a blocked deployment by the policy of now.
     *
     * @param policyOf gives that policy, asked under the lock so that an older answer cannot come after a newer one;
     *     empty leaves the deployment as it is
     * @param now the instant of the evaluation
     * @return whether that decided it
     * @throws IOException if that could not be written, and so did not happen
     */
    synchronized boolean reevaluate(Function<Deployment, Optional<EnvironmentPolicy>> policyOf, Instant now)
            throws IOException {
        if (closed || current().status() != Status.BLOCKED) {
            return false;
        }
        Optional<EnvironmentPolicy> policy = policyOf.apply(current());
        if (policy.isEmpty() || policy.get().equals(current().policy())) {
            return false;
        }
        commit(current().evaluate(policy.get(), now));
        return current().status() != Status.BLOCKED;
    }

    /**
     * Ends the deployment, unless it has ended. Whether or not that can be written, no vote is taken any more.
     *
     * @param finish gives the final state
     * @throws IOException if that could not be written; it can be tried again
     */
    synchronized void finish(UnaryOperator<Deployment> finish) throws IOException {
        closed = true;
        if (!current().status().isFinal()) {
            commit(finish.apply(current()));
        }
    }

    /** Makes a step the one that is told of the decision. */
    synchronized void attach(LiveStep waiting) {
        step = waiting;
        delivered = false;
    }

    /**
     * Tells the step what was decided, if it was, there is a step, and it was not told yet. A vote that was taken
     * before the step was there is delivered by whoever attaches it.
     */
    void deliver() {
        LiveStep waiting;
        Deployment decided;
        synchronized (this) {
            if (step == null || delivered || cached == null || cached.status() == Status.BLOCKED) {
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

    private void commit(Deployment next) throws IOException {
        DeploymentStore.get().write(build.getRootDir(), next);
        cached = next;
        DeploymentListener.fireChanged(build, next);
    }
}
