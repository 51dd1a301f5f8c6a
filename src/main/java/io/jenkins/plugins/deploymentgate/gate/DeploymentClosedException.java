package io.jenkins.plugins.deploymentgate.gate;

import io.jenkins.plugins.deploymentgate.core.deployment.FailureReason;

/** A deployment may not even begin to wait. The message is for people. */
public class DeploymentClosedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final FailureReason reason;

    /**
     * @param reason why, for machines
     * @param message why, for people
     */
    public DeploymentClosedException(FailureReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** @return why, for machines */
    public FailureReason getReason() {
        return reason;
    }
}
