package io.jenkins.plugins.deploymentgate.ui;

import hudson.Util;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import net.sf.json.JSONObject;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.HttpResponse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * The state that an open page polls to find out whether it is still up to date. The response has no body if nothing has
 * changed.
 *
 * @param tag identifies the content of the page for its reader; a different tag means that it has changed
 * @param open whether something may still change by itself
 */
@Restricted(NoExternalUse.class)
public record LiveState(String tag, boolean open) {

    /**
     * @param shown whatever the page shows; its text says whether that has changed
     * @param open whether something may still change by itself
     */
    static LiveState of(Object shown, boolean open) {
        return new LiveState('"' + Util.getDigestOf(shown + " " + open) + '"', open);
    }

    /**
     * @param request may have the header {@code If-None-Match}
     * @return 304 if that is the tag; else 200 with the tag as {@code ETag}, and a JSON object that says in {@code open}
     *     whether to ask again
     */
    HttpResponse answer(StaplerRequest2 request) {
        boolean known = Objects.equals(request.getHeader("If-None-Match"), tag);
        return new HttpResponse() {
            @Override
            public void generateResponse(StaplerRequest2 ignored, StaplerResponse2 response, Object node)
                    throws IOException {
                response.setHeader("ETag", tag);
                response.setHeader("Cache-Control", "private, no-cache");
                if (known) {
                    response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
                } else {
                    response.setContentType("application/json;charset=UTF-8");
                    response.getWriter().print(new JSONObject().accumulate("open", open));
                }
            }
        };
    }
}
