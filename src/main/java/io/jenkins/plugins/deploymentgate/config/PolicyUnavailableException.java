package io.jenkins.plugins.deploymentgate.config;

import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** The protected environments cannot be read, so no deployment may pass. The message is for people. */
@Restricted(NoExternalUse.class)
public class PolicyUnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    /** @param message why, for people */
    public PolicyUnavailableException(String message) {
        super(message);
    }
}
