package io.jenkins.plugins.deploymentgate.api.http;

import java.io.IOException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** Handles one method of one route. Called on HTTP threads, with the authentication of the caller. */
@FunctionalInterface
@Restricted(NoExternalUse.class)
public interface Handler {

    /**
     * @param request the request
     * @return the response
     * @throws ApiException for an error response
     * @throws IOException if a file cannot be read or written
     */
    Reply handle(ApiRequest request) throws IOException;
}
