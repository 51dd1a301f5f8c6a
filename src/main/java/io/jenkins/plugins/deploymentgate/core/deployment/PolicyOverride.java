package io.jenkins.plugins.deploymentgate.core.deployment;

import io.jenkins.plugins.deploymentgate.core.policy.VoteDecision;
import java.time.Instant;

/**
 * Somebody has put the policy aside and released or stopped a deployment. It is never an approval.
 *
 * @param user canonical id of the person
 * @param decision approved to release it, rejected to stop it
 * @param reason their words, never blank
 * @param at when
 */
public record PolicyOverride(String user, VoteDecision decision, String reason, Instant at) implements UserAction {

    /** @throws IllegalArgumentException if there is no reason */
    public PolicyOverride {
        if (reason.isBlank()) {
            throw new IllegalArgumentException("an override needs a reason");
        }
    }
}
