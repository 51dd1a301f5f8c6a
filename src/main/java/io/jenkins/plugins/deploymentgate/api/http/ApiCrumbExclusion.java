package io.jenkins.plugins.deploymentgate.api.http;

import hudson.Extension;
import hudson.security.csrf.CrumbExclusion;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Leaves crumbs of requests to the API to {@link SessionCrumb}. Core asks for one on POST alone, also where a token stands
 * in a header of GitLab's, and its refusal is a page.
 */
@Extension
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
