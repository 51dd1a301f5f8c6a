package io.jenkins.plugins.deploymentgate.core.deployment;

import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.time.Instant;

/**
 * The release or rejection of a deployment against its policy. It does not count as a vote.
 *
 * @param user canonical id of the person
 * @param decision approved to release it, rejected to stop it
 * @param reason their reason, never blank
 * @param at when it was done
 */
public record PolicyOverride(String user, VoteDecision decision, String reason, Instant at) implements UserAction {

    /** @throws IllegalArgumentException if there is no reason */
    public PolicyOverride {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("an override needs a reason");
        }
    }
}
