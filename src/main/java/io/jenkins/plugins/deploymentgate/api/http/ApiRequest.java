package io.jenkins.plugins.deploymentgate.api.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** A request with a caller and a route. Used by one thread. */
@Restricted(NoExternalUse.class)
public final class ApiRequest {

    private final HttpServletRequest http;
    private final Map<String, String> variables;
    private final Query query;

    ApiRequest(HttpServletRequest http, Map<String, String> variables, Query query) {
        this.http = http;
        this.variables = variables;
        this.query = query;
    }

    /** @return the decoded path variable with this name in the template */
    public String variable(String name) {
        return variables.get(name);
    }

    /** @return the query parameters */
    public Query query() {
        return query;
    }

    /**
     * @param shape a record with the fields that are expected
     * @return the body; fields that are not in it are null
     * @throws ApiException 400, 413 or 415 if it cannot be read
     */
    public <T> T body(Class<T> shape) throws IOException {
        return RequestBody.of(http).as(shape);
    }

    /** @return the root URL of Jenkins with a slash at the end: the configured one, else that of this request */
    public String root() {
        String configured = Jenkins.get().getRootUrl();
        return configured != null ? configured : server() + http.getContextPath() + "/";
    }

    /** @return the URL of this request without the query */
    String address() {
        String root = root();
        return root + http.getRequestURI().substring(http.getContextPath().length() + 1);
    }

    private String server() {
        boolean standard = http.getServerPort() == (http.isSecure() ? 443 : 80);
        return http.getScheme() + "://" + http.getServerName() + (standard ? "" : ":" + http.getServerPort());
    }
}
