package io.jenkins.plugins.deploymentgate.config;

import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Makes copies of what is configured, so that it can be changed without changing what is in force. */
@Restricted(NoExternalUse.class)
public final class EnvironmentCopy {

    private EnvironmentCopy() {}

    /**
     * @param environment a protected environment
     * @return another that is equal in every field, also in those that whoever copies does not know; they share nothing
     */
    public static ProtectedEnvironment of(ProtectedEnvironment environment) {
        return (ProtectedEnvironment) StrictXml.XSTREAM.fromXML(StrictXml.XSTREAM.toXML(environment));
    }
}
