package io.jenkins.plugins.deploymentgate.core.deployment;

import io.jenkins.plugins.deploymentgate.core.policy.DeployRefusal;
import java.util.Optional;

/**
 * Why a deployment ended, where the result of its build does not say it.
 *
 * @param reason the word for machines
 * @param refusal what the environment does not accept; present exactly if the reason is {@code deployment_forbidden}
 */
public record Ending(EndReason reason, Optional<DeployRefusal> refusal) {

    /** @throws IllegalArgumentException if a refusal is missing, or does not belong to the reason */
    public Ending {
        if (refusal.isPresent() != (reason == EndReason.DEPLOYMENT_FORBIDDEN)) {
            throw new IllegalArgumentException(reason + " with refusal " + refusal);
        }
    }

    static Ending of(EndReason reason) {
        return new Ending(reason, Optional.empty());
    }
}
