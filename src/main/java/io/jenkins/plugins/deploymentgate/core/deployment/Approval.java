package io.jenkins.plugins.deploymentgate.core.deployment;

import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import io.jenkins.plugins.deploymentgate.core.policy.Voter;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/**
 * One person's vote on one deployment.
 *
 * @param voter who voted, as they were then
 * @param decision approved or rejected
 * @param comment their comment; empty if none
 * @param at when it was taken
 * @param rule the name of the rule that the voter chose; empty if the vote may fill a seat of any rule that admits them
 */
public record Approval(Voter voter, VoteDecision decision, String comment, Instant at, Optional<String> rule)
        implements UserAction {

    /** The order in which votes are counted: by time, then by person. */
    static final Comparator<Approval> ORDER = Comparator.comparing(Approval::at)
            .thenComparing(approval -> approval.voter().id());
}
