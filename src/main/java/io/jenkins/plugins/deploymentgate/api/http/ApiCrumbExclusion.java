package io.jenkins.plugins.deploymentgate.api.http;

import hudson.Extension;
import hudson.security.csrf.CrumbExclusion;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Leaves the crumbs of requests to the API to {@link SessionCrumb}. Core requires a crumb of POST requests only, also
 * of those with a token in a header of GitLab's, and responds with an HTML page if it is missing.
 */
@Extension
@Restricted(NoExternalUse.class)
public class ApiCrumbExclusion extends CrumbExclusion {

    @Override
    public boolean process(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!ApiFilter.owns(request)) {
            return false;
        }
        chain.doFilter(request, response);
        return true;
    }
}
