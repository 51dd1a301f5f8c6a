package io.jenkins.plugins.deploymentgate.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One passage through one gate of one build, as it is kept on disk. Each change gives a new value; a change that the
 * life cycle does not know is an {@link IllegalStateException}.
 *
 * <pre>created → blocked → running → success | failed | canceled
 *                    ↘ failed | canceled</pre>
 *
 * @param id unique in this controller, increasing, below 2^53
 * @param iid counts 1, 2, 3 within a job
 * @param environment the name of the environment
 * @param requesters canonical ids of the people who caused the build, the nearest cause first; empty for timers and SCM
 * @param message what the pipeline tells its approvers; empty if nothing
 * @param status where it is in its life
 * @param failureReason why it failed; null unless {@code status} is failed and the build itself is not the reason
 * @param policy what the environment demanded when this was last evaluated; after the decision, what it was decided on
 * @param approvals the votes that stand, in the order taken
 * @param withdrawals the approvals that were taken back, in that order
 * @param createdAt when the gate was reached
 * @param updatedAt when this last changed
 * @param finishedAt when the status became final; null until then
 */
public record Deployment(
        long id,
        int iid,
        String environment,
        List<String> requesters,
        String message,
        Status status,
        FailureReason failureReason,
        EnvironmentPolicy policy,
        List<Approval> approvals,
        List<Withdrawal> withdrawals,
        Instant createdAt,
        Instant updatedAt,
        Instant finishedAt) {

    /** Copies the lists. */
    public Deployment {
        requesters = List.copyOf(requesters);
        approvals = List.copyOf(approvals);
        withdrawals = List.copyOf(withdrawals);
    }

    /**
     * A deployment that has just reached its gate.
     *
     * @return it, with status created
     */
    public static Deployment created(
            long id,
            int iid,
            String environment,
            List<String> requesters,
            String message,
            EnvironmentPolicy policy,
            Instant now) {
        return new Deployment(
                id,
                iid,
                environment,
                requesters,
                message,
                Status.CREATED,
                null,
                policy,
                List.of(),
                List.of(),
                now,
                now,
                null);
    }

    /** @return who asked for it; empty for timers and SCM changes */
    public Optional<String> requester() {
        return requesters.stream().findFirst();
    }

    /** @return the count of its approvals under the policy it holds */
    public Tally tally() {
        return tally(policy);
    }

    /**
     * @param current a policy that may have changed since
     * @return the count of its approvals under that policy
     */
    public Tally tally(EnvironmentPolicy current) {
        return Tally.of(current, requesters, approvals);
    }

    /**
     * @param voter canonical id of a person
     * @return their vote
     */
    public Optional<Approval> voteOf(String voter) {
        return approvals.stream()
                .filter(approval -> approval.voter().id().equals(voter))
                .findFirst();
    }

    /**
     * Applies the decision of the tally: from created or blocked to blocked, running or failed.
     *
     * @param current the policy in force
     * @param now the instant of the evaluation
     * @return this with that policy and the status that follows from it
     */
    public Deployment evaluate(EnvironmentPolicy current, Instant now) {
        require(status == Status.CREATED || status == Status.BLOCKED, "evaluate");
        Decision decision = tally(current).decision();
        if (decision instanceof Decision.Rejected) {
            return next(Status.FAILED, FailureReason.DEPLOYMENT_REJECTED, current, now);
        }
        Status following = decision instanceof Decision.Approved ? Status.RUNNING : Status.BLOCKED;
        return next(following, null, current, now);
    }

    /**
     * Adds a vote that {@link Ballot} has accepted, and applies what it decides.
     *
     * @param approval the vote
     * @param current the policy in force
     * @return this with the vote and the status that follows from it
     */
    Deployment with(Approval approval, EnvironmentPolicy current) {
        require(status == Status.BLOCKED, "vote on");
        require(voteOf(approval.voter().id()).isEmpty(), "vote twice on");
        List<Approval> votes = new ArrayList<>(approvals);
        votes.add(approval);
        return next(status, null, policy, votes, withdrawals, approval.at()).evaluate(current, approval.at());
    }

    /**
     * Takes back an approval that {@link Ballot#withdraw} has accepted. It decides nothing: there is less than before.
     *
     * @param approval one of the approvals
     * @param now when
     * @return this without the approval
     */
    Deployment without(Approval approval, Instant now) {
        require(status == Status.BLOCKED, "withdraw from");
        List<Approval> votes = new ArrayList<>(approvals);
        require(votes.remove(approval), "withdraw what was not cast from");
        List<Withdrawal> history = new ArrayList<>(withdrawals);
        history.add(new Withdrawal(approval, now));
        return next(status, null, policy, votes, history, now);
    }

    /**
     * Ends it because its build ended, or will never go on.
     *
     * @param outcome a final status
     * @param now when the build ended
     * @return this with the final status
     */
    public Deployment finish(Status outcome, Instant now) {
        require(!status.isFinal() && outcome.isFinal(), "finish");
        require(outcome != Status.SUCCESS || status == Status.RUNNING, "succeed with");
        return next(outcome, null, policy, now);
    }

    private Deployment next(Status following, FailureReason reason, EnvironmentPolicy current, Instant now) {
        return next(following, reason, current, approvals, withdrawals, now);
    }

    private Deployment next(
            Status following,
            FailureReason reason,
            EnvironmentPolicy current,
            List<Approval> standing,
            List<Withdrawal> takenBack,
            Instant now) {
        return new Deployment(
                id,
                iid,
                environment,
                requesters,
                message,
                following,
                reason,
                current,
                standing,
                takenBack,
                createdAt,
                now,
                following.isFinal() ? now : null);
    }

    private void require(boolean possible, String act) {
        if (!possible) {
            throw new IllegalStateException("cannot " + act + " deployment " + id + ", which is " + status.word());
        }
    }
}
