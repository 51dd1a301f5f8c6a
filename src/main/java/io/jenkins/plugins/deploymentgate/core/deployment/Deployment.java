package io.jenkins.plugins.deploymentgate.core.deployment;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import io.jenkins.plugins.deploymentgate.core.policy.Authors;
import io.jenkins.plugins.deploymentgate.core.policy.DeployRefusal;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentRequest;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One passage through one gate of one build, as it is stored on disk. Each change returns a new value; a change that the life
 * cycle does not allow throws {@link IllegalStateException}.
 *
 * <pre>created → blocked → running → success | failed | canceled
 *         ↘          ↘ failed | canceled
 *          failed</pre>
 *
 * @param id unique in this controller, increasing, below 2^53
 * @param iid counts 1, 2, 3 within a job
 * @param request what the build asked for
 * @param anchored whether the program that Jenkins saved of the pipeline is known to contain the waiting step; if not, the
 *     pipeline may reach its gate again after a crash
 * @param status its status
 * @param ending why it ended; empty while it has not, and where the result of its build says it
 * @param policy what the environment demanded when this was last evaluated; after the decision, what it was decided on
 * @param history what people did with it
 * @param times its instants
 */
public record Deployment(
        long id,
        int iid,
        DeploymentRequest request,
        boolean anchored,
        Status status,
        Optional<Ending> ending,
        EnvironmentPolicy policy,
        DeploymentHistory history,
        DeploymentTimes times) {

    /**
     * A deployment that has just reached its gate.
     *
     * @return it, with status created
     */
    public static Deployment created(
            long id, int iid, DeploymentRequest request, EnvironmentPolicy policy, Instant now) {
        DeploymentTimes times = new DeploymentTimes(
                now,
                now,
                policy.timing().deadline(now, request.deadline()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new Deployment(
                id, iid, request, false, Status.CREATED, Optional.empty(), policy, DeploymentHistory.EMPTY, times);
    }

    /** @return the name of the environment */
    public String environment() {
        return request.environment();
    }

    /** @return canonical ids of the people who caused the build, the nearest cause first */
    public List<String> requesters() {
        return request.requesters();
    }

    /** @return canonical id of the nearest of these people; empty if none is known */
    public Optional<String> requester() {
        return request.requesters().stream().findFirst();
    }

    /** @return why it ended; null while it has not, and where the result of its build says it */
    @CheckForNull
    public EndReason endReason() {
        return ending.map(Ending::reason).orElse(null);
    }

    /** @return whether it failed without having run: it was rejected, has expired, or was forbidden */
    public boolean isRefused() {
        return status == Status.FAILED && ending.isPresent() && ending.get().reason() != EndReason.DEPLOYMENT_FAILED;
    }

    /** @return the votes that stand, in the order taken, rejections too */
    public List<Approval> approvals() {
        return history.approvals();
    }

    /** @return the approvals that were withdrawn, in that order */
    public List<Withdrawal> withdrawals() {
        return history.withdrawals();
    }

    /** @return the approvals that this person has withdrawn, in that order */
    Stream<Withdrawal> withdrawalsOf(String voter) {
        return withdrawals().stream()
                .filter(withdrawal -> withdrawal.approval().voter().id().equals(voter));
    }

    /** @return when the gate was reached */
    public Instant createdAt() {
        return times.createdAt();
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
        return Tally.of(current, request, approvals());
    }

    /** @return whether somebody has overridden the policy to release it; it can still wait for its turn then */
    public boolean isReleasedByOverride() {
        return history.override(VoteDecision.APPROVED).isPresent();
    }

    /**
     * @param current a policy that may have changed since
     * @return how many approvals it still needs under that policy; 0 unless it is blocked
     */
    public int outstanding(EnvironmentPolicy current) {
        return status == Status.BLOCKED && !isReleasedByOverride()
                ? tally(current).outstanding()
                : 0;
    }

    /**
     * @param voter canonical id of a person
     * @return their vote
     */
    public Optional<Approval> voteOf(String voter) {
        return approvals().stream()
                .filter(approval -> approval.voter().id().equals(voter))
                .findFirst();
    }

    /**
     * @param current a policy that may have changed since
     * @return when this expires under that policy if it is still blocked; empty if never
     */
    public Optional<Instant> deadline(EnvironmentPolicy current) {
        return isReleasedByOverride() ? Optional.empty() : current.timing().deadline(createdAt(), request.deadline());
    }

    static boolean isReached(Optional<Instant> limit, Instant now) {
        return limit.filter(instant -> !now.isBefore(instant)).isPresent();
    }

    /**
     * Says when time alone can change it.
     *
     * @param now any instant since it was created
     * @return when to {@link #evaluate} it again though nobody has done anything; empty if never
     */
    public Optional<Instant> dueAt(Instant now) {
        if (status != Status.BLOCKED) {
            return Optional.empty();
        }
        Decision decision = Decision.alone(this, policy, now);
        boolean isQueued =
                decision instanceof Decision.Approved && times.queuedAt().isPresent();
        if (decision instanceof Decision.Pending || isQueued) {
            return times.deadline();
        } else if (decision instanceof Decision.Held held) {
            return times.deadline()
                    .filter(limit -> limit.isBefore(held.until()))
                    .or(() -> Optional.of(held.until()));
        }
        return Optional.of(now);
    }

    /**
     * Applies the decision: from created or blocked to blocked, running, failed or canceled.
     *
     * @param current the policy in force
     * @param rivals the other deployments that matter
     * @param now the instant of the evaluation
     * @return this with that policy and the status that follows from it
     */
    public Deployment evaluate(EnvironmentPolicy current, Rivals rivals, Instant now) {
        require(isUndecided(), "evaluate");
        Decision decision = Decision.of(this, current, rivals, now);
        DeploymentRequest known = rivals.newer().isPresent() ? request.withNewer(rivals.newer()) : request;
        Deployment evaluated =
                new Deployment(id, iid, known, anchored, status, Optional.empty(), current, history, times);
        if (decision instanceof Decision.Rejected) {
            return evaluated.end(Ending.of(EndReason.DEPLOYMENT_REJECTED), now);
        } else if (decision instanceof Decision.Expired) {
            return evaluated.end(Ending.of(EndReason.DEPLOYMENT_EXPIRED), now);
        } else if (decision instanceof Decision.Canceled canceled) {
            return evaluated.end(Ending.canceledBy(canceled.reason(), canceled.by()), now);
        }
        Deployment next =
                evaluated.next(decision instanceof Decision.Approved ? Status.RUNNING : Status.BLOCKED, history, now);
        return decision instanceof Decision.Queued
                ? next.queued(current, times.queuedAt().orElse(now))
                : next.unqueued();
    }

    /** @return this with that policy, waiting for its turn since then */
    Deployment queued(EnvironmentPolicy current, Instant since) {
        DeploymentTimes queued = times.withQueuedAt(Optional.of(since));
        return new Deployment(id, iid, request, anchored, Status.BLOCKED, Optional.empty(), current, history, queued);
    }

    /** @return this, no longer waiting for its turn: others need not wait for it */
    public Deployment unqueued() {
        DeploymentTimes unqueued = times.withQueuedAt(Optional.empty());
        return new Deployment(id, iid, request, anchored, status, ending, policy, history, unqueued);
    }

    /**
     * Ends it because its deadline has passed. Needs no policy, since none may be left or readable.
     *
     * @param now not before the deadline
     * @return this, failed
     */
    public Deployment expire(Instant now) {
        require(isUndecided() && isReached(times.deadline(), now), "expire");
        return end(Ending.of(EndReason.DEPLOYMENT_EXPIRED), now);
    }

    /**
     * Ends it at its gate, because its environment does not accept it.
     *
     * @param refusal what the environment does not accept
     * @param now when the gate was reached
     * @return this, failed
     */
    public Deployment forbid(DeployRefusal refusal, Instant now) {
        require(status == Status.CREATED, "forbid");
        return end(Ending.forbidden(refusal), now);
    }

    /**
     * Adds the authors of its changes. Does not decide; {@link #evaluate} does.
     *
     * @param found who wrote them
     * @return this, with those as the authors
     */
    public Deployment withAuthors(Authors found) {
        return new Deployment(id, iid, request.withAuthors(found), anchored, status, ending, policy, history, times);
    }

    /** @return this, known to the saved program of the pipeline */
    public Deployment anchor() {
        return new Deployment(id, iid, request, true, status, ending, policy, history, times);
    }

    /**
     * Adds a vote that {@link VoteOutcome#cast} has accepted, and evaluates.
     *
     * @param approval the vote
     * @param current the policy in force
     * @param rivals the other deployments that matter
     * @return this with the vote and the status that follows from it
     */
    Deployment with(Approval approval, EnvironmentPolicy current, Rivals rivals) {
        require(status == Status.BLOCKED, "vote on");
        require(voteOf(approval.voter().id()).isEmpty(), "vote twice on");
        return next(status, history.with(approval), approval.at()).evaluate(current, rivals, approval.at());
    }

    /**
     * Withdraws an approval, as {@link VoteOutcome#withdraw} has accepted. This cannot decide it.
     *
     * @param withdrawal of one of the approvals
     * @return this without the approval
     */
    Deployment without(Withdrawal withdrawal) {
        require(status == Status.BLOCKED, "withdraw from");
        require(approvals().contains(withdrawal.approval()), "withdraw what was not cast from");
        Deployment without = next(status, history.without(withdrawal), withdrawal.at());
        return without.outstanding(policy) == 0 ? without : without.unqueued();
    }

    /**
     * Overrides the policy, as {@link VoteOutcome#override} has accepted.
     *
     * @param override the override
     * @param current the policy in force; the last known one if it cannot be read
     * @param rivals the other deployments that matter
     * @return this, running, failed, or blocked until it is its turn
     */
    Deployment overridden(PolicyOverride override, EnvironmentPolicy current, Rivals rivals) {
        require(status == Status.BLOCKED && history.override().isEmpty(), "override");
        Deployment overridden = next(status, history.with(override), override.at());
        return override.decision() == VoteDecision.APPROVED
                ? overridden.evaluate(current, rivals, override.at())
                : overridden.end(Ending.of(EndReason.DEPLOYMENT_REJECTED), override.at());
    }

    /**
     * Ends it because the work that the pipeline does for it has failed.
     *
     * @param now when that happened
     * @return this, failed
     */
    public Deployment fail(Instant now) {
        require(status == Status.RUNNING, "fail");
        return end(Ending.of(EndReason.DEPLOYMENT_FAILED), now);
    }

    /**
     * Ends it by the result of its build, or of the block of its step.
     *
     * @param outcome success or failed
     * @param now when that ended
     * @return this with the final status
     */
    public Deployment finish(Status outcome, Instant now) {
        require(status == Status.RUNNING && (outcome == Status.SUCCESS || outcome == Status.FAILED), "finish");
        return next(outcome, history, now);
    }

    /**
     * Cancels it because its build was interrupted, ended without a result for it, or will never go on.
     *
     * @param why the reason, one for which deployments are canceled
     * @param now when that happened
     * @return this, canceled
     */
    public Deployment cancel(Ending why, Instant now) {
        require(!status.isFinal() && why.reason().status() == Status.CANCELED, "cancel");
        return end(why, now);
    }

    private boolean isUndecided() {
        return status == Status.CREATED || status == Status.BLOCKED;
    }

    private Deployment end(Ending why, Instant now) {
        return next(why.reason().status(), Optional.of(why), history, now);
    }

    private Deployment next(Status following, DeploymentHistory actions, Instant now) {
        return next(following, Optional.empty(), actions, now);
    }

    private Deployment next(Status following, Optional<Ending> why, DeploymentHistory actions, Instant now) {
        boolean undecided = following == Status.CREATED || following == Status.BLOCKED;
        DeploymentTimes later = new DeploymentTimes(
                createdAt(),
                now,
                isUndecided() ? deadline(policy) : times.deadline(),
                undecided ? times.queuedAt() : Optional.empty(),
                undecided ? Optional.empty() : Optional.of(times.decidedAt().orElse(now)),
                following.isFinal() ? Optional.of(now) : Optional.empty());
        return new Deployment(id, iid, request, anchored, following, why, policy, actions, later);
    }

    private void require(boolean possible, String change) {
        if (!possible) {
            throw new IllegalStateException("cannot " + change + " deployment " + id + ", which is " + status.word());
        }
    }
}
