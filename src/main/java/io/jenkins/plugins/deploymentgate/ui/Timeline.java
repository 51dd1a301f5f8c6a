package io.jenkins.plugins.deploymentgate.ui;

import hudson.model.User;
import hudson.tasks.UserAvatarResolver;
import io.jenkins.plugins.deploymentgate.core.deployment.Approval;
import io.jenkins.plugins.deploymentgate.core.deployment.Deployment;
import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import io.jenkins.plugins.deploymentgate.core.deployment.Ending;
import io.jenkins.plugins.deploymentgate.core.deployment.PolicyOverride;
import io.jenkins.plugins.deploymentgate.core.deployment.Status;
import io.jenkins.plugins.deploymentgate.core.deployment.Tally;
import io.jenkins.plugins.deploymentgate.core.deployment.Withdrawal;
import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.gate.People;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What has happened to a deployment, in the words of the reader, the oldest first. */
final class Timeline {

    private static final String AVATAR = "48x48";

    private final List<Entry> entries = new ArrayList<>();

    private Timeline() {}

    /**
     * Something that happened.
     *
     * @param avatar the picture of who did it, or a symbol
     * @param who their full name; empty if nobody did it
     * @param what what happened
     * @param rule the rule of which a vote fills a seat, or for which it was cast; empty if none
     * @param words what they said
     * @param at when
     */
    public record Entry(String avatar, String who, String what, String rule, String words, Instant at) {}

    /**
     * @param deployment a deployment
     * @param tally its votes by the policy that the page shows, for the rules of which they fill a seat
     */
    static List<Entry> of(Deployment deployment, Tally tally) {
        Timeline timeline = new Timeline();
        timeline.add(deployment.requester().orElse(""), Messages.Timeline_Requested(), "", "", deployment.createdAt());
        for (Approval vote : deployment.approvals()) {
            timeline.vote(vote, tally.ruleOf(vote.voter().id()).or(vote::rule));
        }
        for (Withdrawal withdrawal : deployment.withdrawals()) {
            timeline.vote(withdrawal.approval(), withdrawal.approval().rule());
            timeline.add(withdrawal.approval().voter().id(), Messages.Timeline_Withdrawn(), "", "", withdrawal.at());
        }
        deployment.history().override().ifPresent(timeline::override);
        timeline.end(deployment);
        // The end of something comes after what has brought it about at the same moment: the sort is stable.
        timeline.entries.sort(Comparator.comparing(Entry::at));
        return timeline.entries;
    }

    private void vote(Approval vote, Optional<String> rule) {
        add(
                vote.voter().id(),
                vote.decision() == VoteDecision.APPROVED ? Messages.Timeline_Approved() : Messages.Timeline_Rejected(),
                rule.orElse(""),
                vote.comment(),
                vote.at());
    }

    private void override(PolicyOverride override) {
        add(
                override.user(),
                override.decision() == VoteDecision.APPROVED
                        ? Messages.Timeline_OverriddenReleased()
                        : Messages.Timeline_OverriddenRejected(),
                "",
                override.reason(),
                override.at());
    }

    private void end(Deployment deployment) {
        deployment.times().decidedAt().ifPresent(at -> {
            if (deployment.endReason() == EndReason.DEPLOYMENT_EXPIRED) {
                add("symbol-status-red", Messages.Timeline_Expired(), at);
            } else if (!deployment.isRefused() && deployment.status() != Status.CANCELED) {
                add("symbol-play", Messages.Timeline_Released(), at);
            }
        });
        deployment.times().finishedAt().filter(at -> !deployment.isRefused()).ifPresent(at -> {
            Optional<Ending> ending = deployment.ending();
            String user = ending.map(Ending::user).orElse("");
            String text = ending.map(Ending::text).orElse("");
            if (!user.isEmpty()) {
                add(user, Messages.Timeline_Canceled(), "", text, at);
            } else {
                String status = StatusWords.text(deployment.status(), deployment.endReason());
                entries.add(new Entry(StatusWords.symbol(deployment.status()), "", status, "", text, at));
            }
        });
    }

    private void add(String symbol, String what, Instant at) {
        entries.add(new Entry(symbol, "", what, "", "", at));
    }

    private void add(String user, String what, String rule, String words, Instant at) {
        User person = user.isEmpty() ? null : User.getById(user, false);
        String avatar = person == null ? "symbol-person-circle" : UserAvatarResolver.resolve(person, AVATAR);
        entries.add(new Entry(avatar, user.isEmpty() ? "" : People.fullName(user), what, rule, words, at));
    }
}
