package io.jenkins.plugins.deploymentgate.api.http;

import hudson.Extension;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jenkins.model.Jenkins;
import jenkins.security.BasicHeaderAuthenticator;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.core.Authentication;

/**
 * Marks requests to the API whose Basic header no other authenticator accepts and lets them pass as anonymous, so that
 * the API responds with JSON instead of an HTML page. Called after all other authenticators.
 */
@Extension(ordinal = -Double.MAX_VALUE)
@Restricted(NoExternalUse.class)
public class WrongBasicCredentials extends BasicHeaderAuthenticator {

    private static final String MARK = WrongBasicCredentials.class.getName();

    /** @return whether the Basic header of the request has wrong credentials */
    static boolean in(HttpServletRequest request) {
        return request.getAttribute(MARK) != null;
    }

    @Override
    public Authentication authenticate2(
            HttpServletRequest request, HttpServletResponse response, String user, String password) {
        if (!ApiFilter.owns(request)) {
            return null;
        }
        request.setAttribute(MARK, true);
        return Jenkins.ANONYMOUS2;
    }
}
