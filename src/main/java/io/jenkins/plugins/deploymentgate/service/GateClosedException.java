package io.jenkins.plugins.deploymentgate.service;

import io.jenkins.plugins.deploymentgate.engine.FailureReason;

/** A deployment may not even begin to wait. The message is for people. */
public class GateClosedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final FailureReason reason;

    /**
     * @param reason why, for machines
     * @param message why, for people
     */
    public GateClosedException(FailureReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** @return why, for machines */
    public FailureReason getReason() {
        return reason;
    }
}
