package io.jenkins.plugins.deploymentgate.api.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.Util;
import hudson.init.InitMilestone;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.deploymentgate.audit.AuditOrigins;
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
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;

/**
 * Answers every request to the API: finds out who sent it and what it is for, has it handled as that person, and writes
 * the answer. Whatever happens, the answer is JSON. Any thread may call.
 */
@Extension
public class Api {

    private static final Logger LOGGER = Logger.getLogger(Api.class.getName());
    private static final String VERSION = "/v4";

    /** Where GitLab lets tokens stand in addresses, from which they get into logs. */
    private static final Set<String> TOKENS_IN_ADDRESSES = Set.of("private_token", "access_token", "job_token");

    @CheckForNull
    @GuardedBy("this")
    private Router router;

    /** @return every verb with its address, as {@link Router#routes} gives them */
    public List<String> routes() {
        return router().routes();
    }

    /** Filled on the first request, since extensions may not look each other up while Jenkins makes them. */
    private synchronized Router router() {
        if (router == null) {
            Router filled = new Router();
            ExtensionList.lookup(Endpoint.class).forEach(endpoint -> endpoint.addTo(filled));
            router = filled;
        }
        return router;
    }

    /**
     * @param request any request below the root of the API
     * @param response where its answer goes
     * @throws IOException if the connection breaks
     */
    void serve(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Reply reply = answer(request);
        byte[] body = new byte[0];
        try {
            body = reply.body() == null ? body : Json.write(reply.body());
        } catch (IOException e) {
            reply = failed(request, e);
            body = Json.write(reply.body());
        }
        // Sent by whoever Jenkins thinks has sent the request: core keeps that person in the session at this moment.
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
            }
            return dispatch(request, query, false);
        } catch (ApiException e) {
            return e.toReply();
        } catch (UnavailableException e) {
            return ApiException.unavailable(e.getMessage()).toReply();
        } catch (IOException | RuntimeException e) {
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
        try (Closeable ignored = AuditOrigins.get().declare(origin)) {
            Jenkins.get().checkPermission(Jenkins.READ);
            if (!byToken && !Set.of("GET", "HEAD").contains(request.getMethod())) {
                SessionCrumb.require(request);
            }
            return match.handler().handle(new ApiRequest(request, match.variables(), query));
        } catch (AccessDeniedException e) {
            throw hidden(ApiException.forbidden(e.getMessage()));
        } catch (ApiException e) {
            throw hidden(e);
        }
    }

    /** What nobody may see is not told apart for nobody in particular: they may log in, and then ask again. */
    private static ApiException hidden(ApiException e) {
        boolean refused = e.status() == 403 || e.status() == 404;
        return refused && ACL.isAnonymous2(Jenkins.getAuthentication2())
                ? ApiException.unauthorized(Messages.Api_LogIn())
                : e;
    }

    private static Reply failed(HttpServletRequest request, Exception e) {
        String reference = UUID.randomUUID().toString();
        LOGGER.log(
                Level.WARNING,
                e,
                () -> "Error " + reference + " in " + request.getMethod() + " " + request.getRequestURI());
        return new Reply(500, Map.of("message", "500 Internal Server Error", "reference", reference), Map.of());
    }
}
