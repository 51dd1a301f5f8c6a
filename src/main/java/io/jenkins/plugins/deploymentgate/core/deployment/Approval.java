package io.jenkins.plugins.deploymentgate.core.deployment;

import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.core.policy.Voter;
import java.time.Instant;
import java.util.Comparator;

/**
 * One person's vote on one deployment.
 *
 * @param voter who, as they were then
 * @param decision approved or rejected
 * @param comment their words; empty if none
 * @param at when it was taken
 * @param rule the name of the rule it was cast for
 */
public record Approval(Voter voter, VoteDecision decision, String comment, Instant at, String rule)
        implements UserAction {

    /** The order in which votes are counted: by time, then by person. */
    static final Comparator<Approval> ORDER = Comparator.comparing(Approval::at)
            .thenComparing(approval -> approval.voter().id())
            .thenComparing(Approval::rule)
            .thenComparing(Approval::decision);
}
