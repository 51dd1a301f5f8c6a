package io.jenkins.plugins.deploymentgate.core.deployment;

import io.jenkins.plugins.deploymentgate.core.policy.DeployRefusal;
import io.jenkins.plugins.deploymentgate.core.policy.DeploymentReference;
import java.util.Optional;

/**
 * Why a deployment ended, where the result of its build does not say it.
 *
 * @param reason the reason, which determines the status
 * @param refusal what the environment does not accept; present exactly if the reason is {@code deployment_forbidden}
 * @param user canonical id of the person who canceled it; empty if nobody did, and for votes and overrides, which the history
 *     has
 * @param text what Jenkins says of the cause, such as {@code Aborted by Alice}; empty if nothing
 * @param by the deployment of another build because of which it was canceled; empty if there is none
 */
public record Ending(
        EndReason reason, Optional<DeployRefusal> refusal, String user, String text, Optional<DeploymentReference> by) {

    /** @throws IllegalArgumentException if a refusal is missing, or does not belong to the reason */
    public Ending {
        if (refusal.isPresent() != (reason == EndReason.DEPLOYMENT_FORBIDDEN)) {
            throw new IllegalArgumentException(reason + " with refusal " + refusal);
        }
    }

    static Ending of(EndReason reason) {
        return new Ending(reason, Optional.empty(), "", "", Optional.empty());
    }

    static Ending forbidden(DeployRefusal refusal) {
        return new Ending(EndReason.DEPLOYMENT_FORBIDDEN, Optional.of(refusal), "", "", Optional.empty());
    }

    /**
     * @param reason one of those with which a deployment is canceled
     * @param user canonical id of the person who canceled it; empty if nobody did
     * @param text what Jenkins says of the cause; empty if nothing
     * @return the ending of a canceled deployment
     */
    public static Ending canceled(EndReason reason, String user, String text) {
        return new Ending(reason, Optional.empty(), user, text, Optional.empty());
    }

    static Ending canceledBy(EndReason reason, DeploymentReference by) {
        return new Ending(reason, Optional.empty(), "", "", Optional.of(by));
    }
}
