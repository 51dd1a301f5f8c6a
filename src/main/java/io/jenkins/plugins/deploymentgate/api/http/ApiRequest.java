package io.jenkins.plugins.deploymentgate.api.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Map;
import jenkins.model.Jenkins;

/** A request whose sender is known, at an address where somebody answers. Belongs to the thread that it came with. */
public final class ApiRequest {

    private final HttpServletRequest http;
    private final Map<String, String> variables;
    private final Query query;

    ApiRequest(HttpServletRequest http, Map<String, String> variables, Query query) {
        this.http = http;
        this.variables = variables;
        this.query = query;
    }

    /** @return a decoded piece of the address, by its name in the template */
    public String variable(String name) {
        return variables.get(name);
    }

    /** @return the parameters in the address */
    public Query query() {
        return query;
    }

    /**
     * @param shape a record with the fields that are expected
     * @return what was sent; null where a field was not
     * @throws ApiException 400, 413 or 415 if it cannot be had
     * @throws IOException if the connection breaks
     */
    public <T> T body(Class<T> shape) throws IOException {
        return RequestBody.of(http).as(shape);
    }

    /** @return the address of Jenkins, with a slash at the end: as configured, else as this request was sent */
    public String root() {
        String configured = Jenkins.get().getRootUrl();
        return configured != null ? configured : server() + http.getContextPath() + "/";
    }

    /** @return the address of this request, without its parameters */
    String address() {
        String root = root();
        return root + http.getRequestURI().substring(http.getContextPath().length() + 1);
    }

    private String server() {
        boolean standard = http.getServerPort() == (http.isSecure() ? 443 : 80);
        return http.getScheme() + "://" + http.getServerName() + (standard ? "" : ":" + http.getServerPort());
    }
}
