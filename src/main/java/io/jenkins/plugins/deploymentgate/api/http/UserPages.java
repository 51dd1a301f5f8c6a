package io.jenkins.plugins.deploymentgate.api.http;

import hudson.Extension;
import hudson.model.RootAction;
import hudson.model.User;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.HttpResponses;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.GET;

/**
 * Redirects to the pages of users. Clients of GitLab expect the {@code web_url} of a user below the address that they
 * use as GitLab's, which is the parent of the root of the API; some of them warn otherwise.
 */
@Extension
@Restricted(NoExternalUse.class)
public class UserPages implements RootAction {

    private static final String URL = "deployment-gate";

    /** @return the address of a user, relative to that of Jenkins */
    public static String addressOf(User user) {
        return URL + "/" + user.getUrl();
    }

    @Override
    public String getIconFileName() {
        return null;
    }

    @Override
    public String getDisplayName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return URL;
    }

    /**
     * Redirects to the page of a user, which checks permissions and existence.
     *
     * @param request a request whose remaining path is the ID of the user
     */
    @GET
    public HttpResponse doUser(StaplerRequest2 request) {
        return HttpResponses.redirectViaContextPath("user" + request.getOriginalRestOfPath());
    }
}
