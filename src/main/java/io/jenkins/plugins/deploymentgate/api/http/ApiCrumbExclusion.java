package io.jenkins.plugins.deploymentgate.api.http;

import hudson.Extension;
import hudson.security.csrf.CrumbExclusion;
import hudson.security.csrf.CrumbIssuer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Requires a crumb of requests to the API that change something and that a browser could send without its user's knowledge,
 * which are those with a session or with a password in a Basic header. Core, which is told to leave them alone, requires a
 * crumb of POST requests only, also of those with a token in a header of GitLab's, and responds with an HTML page if it is
 * missing.
 */
@Extension
@Restricted(NoExternalUse.class)
public class ApiCrumbExclusion extends CrumbExclusion {

    /** Request attribute that core sets for an API token in a Basic header. */
    private static final String API_TOKEN = "jenkins.security.BasicHeaderApiTokenAuthenticator";

    @Override
    public boolean process(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!ApiFilter.owns(request)) {
            return false;
        }
        chain.doFilter(request, response);
        return true;
    }

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
