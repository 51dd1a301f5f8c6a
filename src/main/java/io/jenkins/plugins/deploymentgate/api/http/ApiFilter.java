package io.jenkins.plugins.deploymentgate.api.http;

import hudson.Extension;
import hudson.ExtensionList;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import jenkins.util.HttpServletFilter;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Handles the requests to the API before Stapler. Stapler decodes slashes in path segments, supports PUT and DELETE
 * only in part, and responds to errors with HTML pages.
 *
 * <p>Jenkins calls this after the authentication by session or Basic header. Any thread may call.
 */
@Extension
@Restricted(NoExternalUse.class)
public class ApiFilter implements HttpServletFilter {

    /** The root of the API. */
    private static final String ROOT = "/deployment-gate/api";

    /**
     * Says whether a request is one to the API. Compares the undecoded path, which no filter normalises, so that all
     * callers get the same result.
     *
     * @return whether {@link #handle} handles it
     */
    static boolean owns(HttpServletRequest request) {
        String path = path(request);
        return path.equals(ROOT) || path.startsWith(ROOT + "/");
    }

    /**
     * @param request a request that {@link #owns} accepts
     * @return the undecoded path below the root of the API; starts with a slash unless it is empty
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
