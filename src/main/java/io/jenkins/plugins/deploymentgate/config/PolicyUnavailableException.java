package io.jenkins.plugins.deploymentgate.config;

/** What protects the environments cannot be told, so nothing may pass. The message is for people. */
public class PolicyUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message why, for people */
    public PolicyUnavailableException(String message) {
        super(message);
    }
}
