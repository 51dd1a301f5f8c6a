package io.jenkins.plugins.deploymentgate.api.http;

import hudson.Extension;
import hudson.ExtensionList;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import jenkins.util.HttpServletFilter;

/**
 * Takes the requests to the API before Stapler sees them. Stapler looks for a method for each piece of a path, knows PUT
 * and DELETE only in part, and answers errors with pages; here every verb, every encoded slash and every error is ours.
 *
 * <p>Jenkins calls this after it has found out who the session or the Basic header stands for. Any thread may call.
 */
@Extension
public class ApiFilter implements HttpServletFilter {

    /** Below this everything is the API's; above it nothing is. */
    private static final String ROOT = "/deployment-gate/api";

    /**
     * Says whether a request is one to the API. Only the undecoded address counts, which nobody on the way has
     * normalised, so that all who ask are told the same.
     *
     * @param request any request
     * @return whether {@link #handle} will answer it
     */
    static boolean owns(HttpServletRequest request) {
        String path = path(request);
        return path.equals(ROOT) || path.startsWith(ROOT + "/");
    }

    /**
     * @param request a request that {@link #owns} accepts
     * @return what follows the root of the API in its address, undecoded; starts with a slash unless it is empty
     */
    static String below(HttpServletRequest request) {
        return path(request).substring(ROOT.length());
    }

    private static String path(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }

    @Override
    public boolean handle(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!owns(request)) {
            return false;
        }
        ExtensionList.lookupSingleton(Api.class).serve(request, response);
        return true;
    }
}
