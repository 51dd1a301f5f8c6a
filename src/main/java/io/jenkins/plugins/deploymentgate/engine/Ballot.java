package io.jenkins.plugins.deploymentgate.engine;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What becomes of a vote that somebody wants to cast. */
public sealed interface Ballot {

    /**
     * It may be taken. It counts once the following state is on disk, and not before.
     *
     * @param approval the vote
     * @param following the deployment with it, decided if that was the vote that decides
     */
    record Accepted(Approval approval, Deployment following) implements Ballot {}

    /**
     * The same person said the same before: the answer is the same again, and nothing changes.
     *
     * @param approval the earlier vote
     */
    record Repeated(Approval approval) implements Ballot {}

    /**
     * It is not taken.
     *
     * @param why the reason
     */
    record Refused(Refusal why) implements Ballot {}

    /**
     * Judges a vote.
     *
     * @param deployment the deployment as it is on disk
     * @param policy what its environment demands now
     * @param voter who votes
     * @param verdict what they say
     * @param comment their words; empty if none
     * @param ruleName the rule that they name; empty for the first open one that fits
     * @param now the time of the vote
     * @return what becomes of it; calling this changes nothing
     */
    static Ballot cast(
            Deployment deployment,
            EnvironmentPolicy policy,
            Voter voter,
            Verdict verdict,
            String comment,
            Optional<String> ruleName,
            Instant now) {
        Optional<Ballot> settled = settled(deployment, voter, verdict);
        if (settled.isPresent()) {
            return settled.get();
        }
        Optional<Refusal> refusal = refusal(deployment, policy, voter, ruleName);
        if (refusal.isPresent()) {
            return new Refused(refusal.get());
        }
        if (comment.isBlank() && policy.commentRequired().contains(verdict)) {
            return new Refused(Refusal.COMMENT_REQUIRED);
        }
        String rule = open(deployment, policy, voter, ruleName).get(0).name();
        Approval approval = new Approval(voter, verdict, comment, now, rule);
        return new Accepted(approval, deployment.with(approval, policy));
    }

    /**
     * Judges a vote as far as no policy is needed for it, so that what was recorded is answered the same whatever has
     * become of the policy.
     *
     * @param deployment the deployment as it is on disk
     * @param voter who votes
     * @param verdict what they say
     * @return what becomes of the vote; empty if the policy has to say
     */
    static Optional<Ballot> settled(Deployment deployment, Voter voter, Verdict verdict) {
        Optional<Approval> earlier = deployment.voteOf(voter.id());
        if (earlier.isPresent()) {
            return Optional.of(
                    earlier.get().verdict() == verdict
                            ? new Repeated(earlier.get())
                            : new Refused(Refusal.ALREADY_VOTED));
        }
        return deployment.status() == Status.BLOCKED
                ? Optional.empty()
                : Optional.of(new Refused(Refusal.ALREADY_DECIDED));
    }

    /**
     * Judges the wish of somebody to take their approval back.
     *
     * @param deployment the deployment as it is on disk
     * @param voter their canonical id
     * @param now the time of the wish
     * @return accepted with the approval and the state without it; repeated if they have taken it back before;
     *     refused if the deployment is decided or there is no approval of theirs
     */
    static Ballot withdraw(Deployment deployment, String voter, Instant now) {
        if (deployment.status() != Status.BLOCKED) {
            return new Refused(Refusal.ALREADY_DECIDED);
        }
        Optional<Approval> standing = deployment.voteOf(voter);
        if (standing.isPresent()) {
            return new Accepted(standing.get(), deployment.without(standing.get(), now));
        }
        return deployment.withdrawals().stream()
                .map(Withdrawal::approval)
                .filter(approval -> approval.voter().id().equals(voter))
                .reduce((first, last) -> last)
                .<Ballot>map(Repeated::new)
                .orElse(new Refused(Refusal.NOTHING_TO_WITHDRAW));
    }

    /**
     * Says whether somebody could vote, without a vote: what a page needs to offer its buttons.
     *
     * @param deployment the deployment
     * @param policy what its environment demands now
     * @param voter who asks
     * @return why a first vote of theirs would be refused; empty if it would be taken
     */
    static Optional<Refusal> refusal(Deployment deployment, EnvironmentPolicy policy, Voter voter) {
        return deployment.voteOf(voter.id()).isPresent()
                ? Optional.of(Refusal.ALREADY_VOTED)
                : refusal(deployment, policy, voter, Optional.empty());
    }

    private static Optional<Refusal> refusal(
            Deployment deployment, EnvironmentPolicy policy, Voter voter, Optional<String> ruleName) {
        if (deployment.status() != Status.BLOCKED) {
            return Optional.of(Refusal.ALREADY_DECIDED);
        }
        if (!policy.selfApprovalAllowed() && deployment.requesters().contains(voter.id())) {
            return Optional.of(Refusal.OWN_DEPLOYMENT);
        }
        if (named(policy, ruleName).isEmpty()) {
            return Optional.of(ruleName.isPresent() ? Refusal.NO_SUCH_RULE : Refusal.NOT_AN_APPROVER);
        }
        if (named(policy, ruleName).stream().noneMatch(rule -> rule.admits(voter))) {
            return Optional.of(Refusal.NOT_AN_APPROVER);
        }
        return open(deployment, policy, voter, ruleName).isEmpty()
                ? Optional.of(Refusal.RULE_ALREADY_MET)
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
        return open(deployment, policy, voter, Optional.empty()).stream()
                .map(ApprovalRule::name)
                .toList();
    }

    private static List<ApprovalRule> open(
            Deployment deployment, EnvironmentPolicy policy, Voter voter, Optional<String> ruleName) {
        List<ApprovalRule> fitting = named(policy, ruleName);
        return deployment.tally(policy).rules().stream()
                .filter(tally -> !tally.isMet())
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
