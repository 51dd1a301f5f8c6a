package io.jenkins.plugins.deploymentgate.api.http;

import hudson.ExtensionPoint;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** A group of routes of the API. */
@Restricted(NoExternalUse.class)
public interface Endpoint extends ExtensionPoint {

    /** Called once, before the first request is handled. */
    void addTo(Router router);
}
