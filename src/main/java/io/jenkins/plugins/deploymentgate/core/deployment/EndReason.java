package io.jenkins.plugins.deploymentgate.core.deployment;

import java.util.Locale;

/** Why a deployment failed without its build having done anything wrong. */
public enum EndReason {
    /** Somebody who may vote rejected it. */
    DEPLOYMENT_REJECTED,
    /** Its deadline passed while it was blocked. */
    DEPLOYMENT_EXPIRED,
    /** Whoever asked for it may not deploy to the environment, or nobody did and somebody must. */
    DEPLOYMENT_FORBIDDEN,
    /** Nothing protects an environment of that name. */
    ENVIRONMENT_UNKNOWN,
    /** What protects the environments cannot be read, so nothing may pass. */
    POLICY_UNAVAILABLE;

    /** @return the word for machines, in lower case */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The same as {@link #word}, so that files and messages speak one language. */
    @Override
    public String toString() {
        return word();
    }
}
