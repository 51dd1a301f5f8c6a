package io.jenkins.plugins.deploymentgate.api.http;

import hudson.Extension;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jenkins.model.Jenkins;
import jenkins.security.BasicHeaderAuthenticator;
import org.springframework.security.core.Authentication;

/**
 * Lets requests to the API pass whose Basic header nobody recognises, as nobody and with a mark, so that they are refused
 * in JSON and not with a page. Asked after all others.
 */
@Extension(ordinal = -Double.MAX_VALUE)
public class WrongBasicCredentials extends BasicHeaderAuthenticator {

    private static final String MARK = WrongBasicCredentials.class.getName();

    /** @return whether the request carries a user and password, or token, that do not fit */
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
