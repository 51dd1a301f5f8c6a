package io.jenkins.plugins.deploymentgate.api.http;

import hudson.ExtensionPoint;

/** A group of addresses of the API. Not meant for other plugins. */
public interface Endpoint extends ExtensionPoint {

    /**
     * Called once, before the first request is answered.
     *
     * @param router where to add the handlers
     */
    void addTo(Router router);
}
