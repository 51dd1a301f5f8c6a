package io.jenkins.plugins.deploymentgate.gate;

import io.jenkins.plugins.deploymentgate.core.deployment.EndReason;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** A deployment cannot be opened at all. The message is for people. */
@Restricted(NoExternalUse.class)
public class DeploymentClosedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final EndReason reason;

    /**
     * @param reason why, for machines
     * @param message why, for people
     */
    public DeploymentClosedException(EndReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** @return why, for machines */
    public EndReason getReason() {
        return reason;
    }
}
