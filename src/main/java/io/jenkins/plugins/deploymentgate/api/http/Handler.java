package io.jenkins.plugins.deploymentgate.api.http;

import java.io.IOException;

/** Answers one verb at one kind of address. Called on HTTP threads, as whoever sent the request. */
@FunctionalInterface
public interface Handler {

    /**
     * @param request the request
     * @return the answer
     * @throws ApiException for an answer that is an error
     * @throws IOException if something on disk cannot be read or written
     */
    Reply handle(ApiRequest request) throws IOException;
}
