package io.jenkins.plugins.deploymentgate.core.deployment;

import io.jenkins.plugins.deploymentgate.core.policy.ApprovalRule;
import io.jenkins.plugins.deploymentgate.core.policy.EnvironmentPolicy;
import io.jenkins.plugins.deploymentgate.core.policy.SeparationOfDuties;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.core.policy.Voter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What becomes of a vote that somebody wants to cast, of an approval they take back, of an override. */
public sealed interface VoteOutcome {

    /**
     * It may be done. It counts once the following state is on disk, and not before.
     *
     * @param action the vote, the withdrawal, the override
     * @param following the deployment with it, decided if that was what decides
     */
    record Accepted(UserAction action, Deployment following) implements VoteOutcome {}

    /**
     * The same person did the same before: the answer is the same again, and nothing changes.
     *
     * @param action what they did
     */
    record Repeated(UserAction action) implements VoteOutcome {}

    /**
     * It is not done.
     *
     * @param why the reason
     */
    record Refused(DenialReason why) implements VoteOutcome {}

    /**
     * Judges a vote.
     *
     * @param deployment the deployment as it is on disk
     * @param policy what its environment demands now
     * @param voter who votes
     * @param decision what they say
     * @param comment their words; empty if none
     * @param ruleName the rule that they name; empty for the first open one that fits
     * @param now the time of the vote
     * @return what becomes of it; calling this changes nothing
     */
    static VoteOutcome cast(
            Deployment deployment,
            EnvironmentPolicy policy,
            Voter voter,
            VoteDecision decision,
            String comment,
            Optional<String> ruleName,
            Instant now) {
        Optional<VoteOutcome> settled = settled(deployment, voter, decision);
        if (settled.isPresent()) {
            return settled.get();
        }
        Optional<DenialReason> refusal = refusal(deployment, policy, voter, decision, ruleName, now);
        if (refusal.isPresent()) {
            return new Refused(refusal.get());
        }
        if (comment.isBlank() && policy.commentRequired().contains(decision)) {
            return new Refused(DenialReason.COMMENT_REQUIRED);
        }
        String rule = open(deployment, policy, voter, decision, ruleName).get(0).name();
        Approval approval = new Approval(voter, decision, comment, now, rule);
        return new Accepted(approval, deployment.with(approval, policy));
    }

    /**
     * Judges a vote as far as no policy is needed for it, so that what was recorded is answered the same whatever has
     * become of the policy.
     *
     * @param deployment the deployment as it is on disk
     * @param voter who votes
     * @param decision what they say
     * @return what becomes of the vote; empty if the policy has to say
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
     * Judges the wish of somebody to take their approval back.
     *
     * @param deployment the deployment as it is on disk
     * @param voter their canonical id
     * @param now the time of the wish
     * @return accepted with the state without their approval; repeated if they have taken it back before;
     *     refused if the deployment is decided or there is no approval of theirs
     */
    static VoteOutcome withdraw(Deployment deployment, String voter, Instant now) {
        if (deployment.status() != Status.BLOCKED) {
            return new Refused(DenialReason.ALREADY_DECIDED);
        }
        Optional<Approval> standing = deployment.voteOf(voter);
        if (standing.isPresent()) {
            Withdrawal withdrawal = new Withdrawal(standing.get(), now);
            return new Accepted(withdrawal, deployment.without(withdrawal));
        }
        return deployment.withdrawals().stream()
                .filter(withdrawal -> withdrawal.approval().voter().id().equals(voter))
                .reduce((first, last) -> last)
                .<VoteOutcome>map(Repeated::new)
                .orElse(new Refused(DenialReason.NOTHING_TO_WITHDRAW));
    }

    /**
     * Judges the wish of somebody who may do so to put the policy aside. It takes neither a policy nor a vote, so it is
     * the way out where nothing protects the environment any more, or where its protection cannot be read.
     *
     * @param deployment the deployment as it is on disk
     * @param user their canonical id
     * @param decision approved to release it, rejected to stop it
     * @param reason their words, which must not be missing
     * @param now the time of the wish
     * @return what becomes of it; calling this changes nothing
     */
    static VoteOutcome override(Deployment deployment, String user, VoteDecision decision, String reason, Instant now) {
        Optional<PolicyOverride> earlier = deployment.history().override();
        if (earlier.isPresent()
                && earlier.get().user().equals(user)
                && earlier.get().decision() == decision) {
            return new Repeated(earlier.get());
        } else if (deployment.status() != Status.BLOCKED) {
            return new Refused(DenialReason.ALREADY_DECIDED);
        } else if (reason.isBlank()) {
            return new Refused(DenialReason.REASON_REQUIRED);
        }
        PolicyOverride override = new PolicyOverride(user, decision, reason, now);
        return new Accepted(override, deployment.overridden(override));
    }

    /**
     * Says whether somebody could vote, without a vote: what a page needs to offer its buttons.
     *
     * @param deployment the deployment
     * @param policy what its environment demands now
     * @param voter who asks
     * @param decision what they would say
     * @param now the time
     * @return why a first vote of theirs would be refused; empty if it would be taken
     */
    static Optional<DenialReason> refusal(
            Deployment deployment, EnvironmentPolicy policy, Voter voter, VoteDecision decision, Instant now) {
        return deployment.voteOf(voter.id()).isPresent()
                ? Optional.of(DenialReason.ALREADY_VOTED)
                : refusal(deployment, policy, voter, decision, Optional.empty(), now);
    }

    private static Optional<DenialReason> refusal(
            Deployment deployment,
            EnvironmentPolicy policy,
            Voter voter,
            VoteDecision decision,
            Optional<String> ruleName,
            Instant now) {
        List<ApprovalRule> named = named(policy, ruleName);
        SeparationOfDuties separation = policy.separation();
        if (deployment.status() != Status.BLOCKED) {
            return Optional.of(DenialReason.ALREADY_DECIDED);
        } else if (separation.isOwn(deployment.request(), voter.id())) {
            return Optional.of(DenialReason.OWN_DEPLOYMENT);
        } else if (separation.isAuthor(deployment.request(), voter.id())) {
            return Optional.of(DenialReason.CHANGE_AUTHOR);
        } else if (ruleName.isPresent() && named.isEmpty()) {
            return Optional.of(DenialReason.NO_SUCH_RULE);
        } else if (named.stream().noneMatch(rule -> rule.admits(voter))) {
            return Optional.of(DenialReason.NOT_AN_APPROVER);
        } else if (deployment
                .deadline(policy)
                .filter(limit -> !now.isBefore(limit))
                .isPresent()) {
            return Optional.of(DenialReason.DEADLINE_PASSED);
        } else if (!separation.isSettled(deployment.request())) {
            return Optional.of(DenialReason.AUTHORS_UNKNOWN);
        }
        return open(deployment, policy, voter, decision, ruleName).isEmpty()
                ? Optional.of(DenialReason.RULE_ALREADY_MET)
                : Optional.empty();
    }

    /**
     * Lists the rules that a first vote of somebody could be for, so that they can choose.
     *
     * @param deployment the deployment
     * @param policy what its environment demands now
     * @param voter who asks
     * @return the names, in the order of the policy
     */
    static List<String> openRules(Deployment deployment, EnvironmentPolicy policy, Voter voter) {
        return open(deployment, policy, voter, VoteDecision.APPROVED, Optional.empty()).stream()
                .map(ApprovalRule::name)
                .toList();
    }

    /**
     * A rule that has its approvals is closed. A deployment that has all of them and may not go on yet can still be
     * stopped, by whoever might have approved it.
     */
    private static List<ApprovalRule> open(
            Deployment deployment,
            EnvironmentPolicy policy,
            Voter voter,
            VoteDecision decision,
            Optional<String> ruleName) {
        List<ApprovalRule> fitting = named(policy, ruleName);
        Tally tally = deployment.tally(policy);
        boolean stoppable = decision == VoteDecision.REJECTED && tally.outstanding() == 0;
        return tally.rules().stream()
                .filter(seats -> stoppable || !seats.isMet())
                .map(Tally.RuleTally::rule)
                .filter(rule -> fitting.contains(rule) && rule.admits(voter))
                .toList();
    }

    private static List<ApprovalRule> named(EnvironmentPolicy policy, Optional<String> ruleName) {
        return policy.rules().stream()
                .filter(rule -> ruleName.isEmpty() || ruleName.get().equals(rule.name()))
                .toList();
    }
}
