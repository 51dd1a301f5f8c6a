package io.jenkins.plugins.deploymentgate.core.deployment;

import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.SeparationOfDuties;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.core.policy.Voter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What becomes of a request to vote, to withdraw an approval, or to override the policy. Pure functions; nothing changes. */
public sealed interface VoteOutcome {

    /** How often a person can withdraw an approval of one deployment and approve it again. Bounds the size of its record. */
    int MAX_WITHDRAWALS = 20;

    /**
     * It is accepted. It counts once the resulting state is on disk, and not before.
     *
     * @param action the vote, the withdrawal or the override
     * @param following the deployment with it, decided if this decides it
     */
    record Accepted(UserAction action, Deployment following) implements VoteOutcome {}

    /**
     * The same person did the same before. The answer is the same again, and nothing changes.
     *
     * @param action what they did
     */
    record Repeated(UserAction action) implements VoteOutcome {}

    /**
     * It is refused.
     *
     * @param why the reason
     */
    record Refused(DenialReason why) implements VoteOutcome {}

    /**
     * Judges a vote.
     *
     * @param deployment the deployment as it is on disk
     * @param policy what its environment demands now
     * @param rivals the other deployments that matter
     * @param voter who votes
     * @param decision approved or rejected
     * @param comment their comment; empty if none
     * @param ruleName the rule that they choose; empty for whichever needs the vote
     * @param now the time of the vote
     * @return what becomes of it
     */
    static VoteOutcome cast(
            Deployment deployment,
            EnvironmentPolicy policy,
            Rivals rivals,
            Voter voter,
            VoteDecision decision,
            String comment,
            Optional<String> ruleName,
            Instant now) {
        Approval vote = new Approval(voter, decision, comment, now, ruleName);
        return settled(deployment, voter, decision)
                .or(() -> denial(deployment, policy, vote).map(Refused::new))
                .orElseGet(() -> comment.isBlank() && policy.commentRequired().contains(decision)
                        ? new Refused(DenialReason.COMMENT_REQUIRED)
                        : new Accepted(vote, deployment.with(vote, policy, rivals)));
    }

    /**
     * Judges a vote as far as no policy is needed for it, so that a recorded vote is answered the same whatever has become of
     * the policy.
     *
     * @param deployment the deployment as it is on disk
     * @param voter who votes
     * @param decision approved or rejected
     * @return what becomes of the vote; empty if that depends on the policy
     */
    static Optional<VoteOutcome> settled(Deployment deployment, Voter voter, VoteDecision decision) {
        Optional<Approval> earlier = deployment.voteOf(voter.id());
        if (earlier.isPresent()) {
            return Optional.of(
                    earlier.get().decision() == decision
                            ? new Repeated(earlier.get())
                            : new Refused(DenialReason.ALREADY_VOTED));
        }
        return deployment.status() == Status.BLOCKED
                ? Optional.empty()
                : Optional.of(new Refused(DenialReason.ALREADY_DECIDED));
    }

    /**
     * Judges a withdrawal.
     *
     * @param deployment the deployment as it is on disk
     * @param voter canonical id of the person whose approval it is
     * @param now the time of the withdrawal
     * @return accepted with the state without their approval; repeated if they have withdrawn it before; refused if the
     *     deployment is decided or they have not approved it
     */
    static VoteOutcome withdraw(Deployment deployment, String voter, Instant now) {
        if (deployment.status() != Status.BLOCKED || deployment.isReleasedByOverride()) {
            return new Refused(DenialReason.ALREADY_DECIDED);
        }
        Optional<Approval> standing = deployment.voteOf(voter);
        if (standing.isPresent()) {
            Withdrawal withdrawal = new Withdrawal(standing.get(), now);
            return new Accepted(withdrawal, deployment.without(withdrawal));
        }
        return deployment
                .withdrawalsOf(voter)
                .reduce((first, last) -> last)
                .<VoteOutcome>map(Repeated::new)
                .orElse(new Refused(DenialReason.NOTHING_TO_WITHDRAW));
    }

    /**
     * Judges an override by somebody who has the permission. It needs neither a policy nor a vote, so it works where nothing
     * protects the environment any more and where its protection cannot be read.
     *
     * @param deployment the deployment as it is on disk
     * @param policy what its environment demands now; the last known policy if there is none, or it cannot be read
     * @param rivals the other deployments that matter
     * @param user their canonical id
     * @param decision approved to release it, rejected to stop it
     * @param reason their reason; refused if blank
     * @param now the time of the override
     * @return what becomes of it
     */
    static VoteOutcome override(
            Deployment deployment,
            EnvironmentPolicy policy,
            Rivals rivals,
            String user,
            VoteDecision decision,
            String reason,
            Instant now) {
        Optional<PolicyOverride> earlier = deployment.history().override();
        if (earlier.isPresent()
                && earlier.get().user().equals(user)
                && earlier.get().decision() == decision) {
            return new Repeated(earlier.get());
        } else if (deployment.status() != Status.BLOCKED || earlier.isPresent()) {
            return new Refused(DenialReason.ALREADY_DECIDED);
        } else if (reason.isBlank()) {
            return new Refused(DenialReason.REASON_REQUIRED);
        }
        PolicyOverride override = new PolicyOverride(user, decision, reason, now);
        return new Accepted(override, deployment.overridden(override, policy, rivals));
    }

    /**
     * Says whether somebody could vote, so that a page can offer its buttons.
     *
     * @param deployment the deployment
     * @param policy what its environment demands now
     * @param voter who asks
     * @param decision approved or rejected
     * @param now the time
     * @return why a first vote of theirs would be refused; empty if it would be accepted
     */
    static Optional<DenialReason> refusal(
            Deployment deployment, EnvironmentPolicy policy, Voter voter, VoteDecision decision, Instant now) {
        return deployment.voteOf(voter.id()).isPresent()
                ? Optional.of(DenialReason.ALREADY_VOTED)
                : denial(deployment, policy, new Approval(voter, decision, "", now, Optional.empty()));
    }

    /**
     * Lists the rules that somebody could choose for a first approval.
     *
     * @param deployment the deployment
     * @param policy what its environment demands now
     * @param voter who asks
     * @return the names of the rules that would be a seat nearer to being met, in the order of the policy
     */
    static List<String> openRules(Deployment deployment, EnvironmentPolicy policy, Voter voter) {
        return policy.rules().stream()
                .filter(rule -> rule.admits(voter))
                .map(ApprovalRule::name)
                .filter(name -> fillsSeat(
                        deployment,
                        policy,
                        // The time does not matter to how many seats are filled.
                        new Approval(voter, VoteDecision.APPROVED, "", deployment.createdAt(), Optional.of(name))))
                .toList();
    }

    private static Optional<DenialReason> denial(Deployment deployment, EnvironmentPolicy policy, Approval vote) {
        String voter = vote.voter().id();
        SeparationOfDuties separation = policy.separation();
        List<ApprovalRule> chosen = policy.rules().stream()
                .filter(rule -> vote.rule().map(rule.name()::equals).orElse(true))
                .toList();
        if (deployment.status() != Status.BLOCKED) {
            return Optional.of(DenialReason.ALREADY_DECIDED);
        } else if (separation.isOwn(deployment.request(), voter)) {
            return Optional.of(DenialReason.OWN_DEPLOYMENT);
        } else if (separation.isAuthor(deployment.request(), voter)) {
            return Optional.of(DenialReason.CHANGE_AUTHOR);
        } else if (vote.rule().isPresent() && chosen.isEmpty()) {
            return Optional.of(DenialReason.NO_SUCH_RULE);
        } else if (chosen.stream().noneMatch(rule -> rule.admits(vote.voter()))) {
            return Optional.of(DenialReason.NOT_AN_APPROVER);
        } else if (deployment
                .deadline(policy)
                .filter(limit -> !vote.at().isBefore(limit))
                .isPresent()) {
            return Optional.of(DenialReason.DEADLINE_PASSED);
        }
        return vote.decision() == VoteDecision.APPROVED ? denialOfApproval(deployment, policy, vote) : Optional.empty();
    }

    /** What stands against an approval does not stand against a rejection: any approver can stop a blocked deployment. */
    private static Optional<DenialReason> denialOfApproval(
            Deployment deployment, EnvironmentPolicy policy, Approval vote) {
        if (deployment.isReleasedByOverride()) {
            return Optional.of(DenialReason.ALREADY_DECIDED);
        } else if (!policy.separation().isSettled(deployment.request())) {
            return Optional.of(DenialReason.AUTHORS_UNKNOWN);
        } else if (deployment.withdrawalsOf(vote.voter().id()).count() >= MAX_WITHDRAWALS) {
            return Optional.of(DenialReason.TOO_MANY_WITHDRAWALS);
        }
        return fillsSeat(deployment, policy, vote) ? Optional.empty() : Optional.of(DenialReason.RULE_ALREADY_MET);
    }

    private static boolean fillsSeat(Deployment deployment, EnvironmentPolicy policy, Approval vote) {
        List<Approval> votes = new ArrayList<>(deployment.approvals());
        votes.add(vote);
        return Tally.of(policy, deployment.request(), votes).outstanding()
                < deployment.tally(policy).outstanding();
    }
}
