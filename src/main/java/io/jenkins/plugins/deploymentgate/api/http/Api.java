package io.jenkins.plugins.deploymentgate.api.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.init.InitMilestone;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.audit.EventOrigins;
import io.jenkins.plugins.deploymentgate.core.ledger.LedgerEvent;
import io.jenkins.plugins.deploymentgate.records.UnavailableException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import net.jcip.annotations.GuardedBy;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;

/**
 * Answers every request to the API: authenticates the caller, finds the handler, runs it as the caller and writes the
 * response. Every response is JSON, also after an error of the virtual machine or a class that cannot be loaded. Any
 * thread may call.
 */
@Extension
@Restricted(NoExternalUse.class)
public class Api {

    private static final Logger LOGGER = Logger.getLogger(Api.class.getName());
    private static final String VERSION = "/v4";

    /** The query parameters in which GitLab accepts tokens. They are refused here, because access logs contain them. */
    private static final Set<String> TOKENS_IN_ADDRESSES = Set.of("private_token", "access_token", "job_token");

    @CheckForNull
    @GuardedBy("this")
    private Router router;

    /** @return each method with its template, as {@link Router#routes} returns them */
    public List<String> routes() {
        return router().routes();
    }

    /** Filled on the first request, because extensions cannot look each other up while Jenkins instantiates them. */
    private synchronized Router router() {
        if (router == null) {
            Router filled = new Router();
            ExtensionList.lookup(Endpoint.class).forEach(endpoint -> endpoint.addTo(filled));
            router = filled;
        }
        return router;
    }

    /** @param request any request below the root of the API */
    void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Reply reply = answer(request);
        byte[] body = new byte[0];
        try {
            body = reply.body() == null ? body : Json.write(reply.body());
        } catch (IOException | RuntimeException | Error e) {
            reply = failed(request, e);
            body = Json.write(reply.body());
        }
        // Outside the caller's security context: core stores the current authentication in the session when it writes.
        response.setStatus(reply.status());
        response.setHeader("Cache-Control", "no-store");
        reply.headers().forEach(response::setHeader);
        if (reply.body() != null) {
            response.setContentType("application/json");
            response.setContentLength(body.length);
            if (!request.getMethod().equals("HEAD")) {
                response.getOutputStream().write(body);
            }
        }
    }

    private Reply answer(HttpServletRequest request) {
        try {
            if (Jenkins.get().getInitLevel() != InitMilestone.COMPLETED) {
                throw ApiException.unavailable(Messages.Api_Starting());
            }
            Query query = new Query(request.getQueryString());
            if (query.all().keySet().stream().anyMatch(TOKENS_IN_ADDRESSES::contains)) {
                throw ApiException.unauthorized(Messages.Api_TokenInAddress());
            }
            Optional<Authentication> token = TokenHeader.authenticate(request);
            if (token.isPresent()) {
                try (ACLContext ignored = ACL.as2(token.get())) {
                    return dispatch(request, query, true);
                }
            } else if (WrongBasicCredentials.in(request)) {
                throw ApiException.unauthorized(Messages.Api_WrongCredentials());
            } else if (TokenHeader.hasBearer(request) && ACL.isAnonymous2(Jenkins.getAuthentication2())) {
                throw ApiException.unauthorized(Messages.Api_UnknownBearer());
            }
            return dispatch(request, query, false);
        } catch (ApiException e) {
            return e.toReply();
        } catch (UnavailableException e) {
            return ApiException.unavailable(e.getMessage()).toReply();
        } catch (IOException | RuntimeException | Error e) {
            return failed(request, e);
        }
    }

    private Reply dispatch(HttpServletRequest request, Query query, boolean byToken) throws IOException {
        String path = ApiFilter.below(request);
        if (!path.startsWith(VERSION + "/")) {
            throw ApiException.noSuchAddress();
        }
        Router.Match match = router().find(request.getMethod(), path.substring(VERSION.length()));
        LedgerEvent.Origin origin =
                new LedgerEvent.Origin(LedgerEvent.Means.REST, Util.fixNull(request.getRemoteAddr()));
        try (Closeable ignored = EventOrigins.get().declare(origin)) {
            Jenkins.get().checkPermission(Jenkins.READ);
            if (!byToken && !Set.of("GET", "HEAD").contains(request.getMethod())) {
                ApiCrumbExclusion.require(request);
            }
            return match.handler().handle(new ApiRequest(request, match.variables(), query));
        } catch (AccessDeniedException e) {
            throw hidden(ApiException.forbidden(e.getMessage()));
        } catch (ApiException e) {
            throw hidden(e);
        }
    }

    /** Anonymous callers get 401 for everything that is forbidden or absent, so that they log in and learn nothing. */
    private static ApiException hidden(ApiException e) {
        boolean refused = e.status() == 403 || e.status() == 404;
        return refused && ACL.isAnonymous2(Jenkins.getAuthentication2())
                ? ApiException.unauthorized(Messages.Api_LogIn())
                : e;
    }

    private static Reply failed(HttpServletRequest request, Throwable e) {
        String reference = UUID.randomUUID().toString();
        LOGGER.log(
                Level.WARNING,
                e,
                () -> "Error " + reference + " in " + request.getMethod() + " " + request.getRequestURI());
        return new Reply(500, Map.of("message", "500 Internal Server Error", "reference", reference), Map.of());
    }
}
