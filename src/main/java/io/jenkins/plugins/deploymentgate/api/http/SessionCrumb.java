package io.jenkins.plugins.deploymentgate.api.http;

import hudson.security.csrf.CrumbIssuer;
import jakarta.servlet.http.HttpServletRequest;
import jenkins.model.Jenkins;

/**
 * Requires a crumb of requests that change something and that a browser could send without its user's knowledge, which
 * are those with a session or with a password in a Basic header. Unlike core, this includes PUT and DELETE.
 */
final class SessionCrumb {

    /** Request attribute that core sets for an API token in a Basic header. */
    private static final String API_TOKEN = "jenkins.security.BasicHeaderApiTokenAuthenticator";

    private SessionCrumb() {}

    /**
     * @param request a request that changes something, without an API token in a header of GitLab's
     * @throws ApiException 403 if it needs a crumb and has no valid one
     */
    static void require(HttpServletRequest request) {
        CrumbIssuer issuer = Jenkins.get().getCrumbIssuer();
        if (issuer == null
                || Boolean.TRUE.equals(request.getAttribute(API_TOKEN))
                || TokenHeader.hasBearer(request) && request.getCookies() == null) {
            return;
        }
        String crumb = request.getHeader(issuer.getCrumbRequestField());
        if (crumb == null
                || !issuer.validateCrumb(request, issuer.getDescriptor().getCrumbSalt(), crumb)) {
            throw ApiException.forbidden(Messages.SessionCrumb_Missing(issuer.getCrumbRequestField()));
        }
    }
}
