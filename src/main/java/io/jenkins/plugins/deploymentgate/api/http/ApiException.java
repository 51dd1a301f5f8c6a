package io.jenkins.plugins.deploymentgate.api.http;

import io.jenkins.plugins.deploymentgate.records.UnavailableException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** An error response. The caller gets the message. */
@Restricted(NoExternalUse.class)
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The fields in which GitLab sends the text: always message, and error for invalid requests. */
    private enum Place {
        MESSAGE,
        ERROR_TOO
    }

    private final int status;
    private final Place place;
    private final LinkedHashMap<String, String> headers = new LinkedHashMap<>();

    private ApiException(int status, String message, Place place) {
        super(message, null, false, false);
        this.status = status;
        this.place = place;
    }

    /** @return 400: a parameter is missing, of the wrong type or out of range, or the body cannot be read */
    public static ApiException badRequest(String message) {
        return new ApiException(400, message, Place.ERROR_TOO);
    }

    /** @return 401, with a hint how to authenticate */
    public static ApiException unauthorized(String hint) {
        ApiException unauthorized = new ApiException(401, "401 Unauthorized - " + hint, Place.MESSAGE);
        unauthorized.headers.put("WWW-Authenticate", "Bearer realm=\"Jenkins\"");
        return unauthorized;
    }

    /** @return 403, with the reason */
    public static ApiException forbidden(String reason) {
        return new ApiException(403, "403 Forbidden - " + reason, Place.MESSAGE);
    }

    /** @return 404 for an object that does not exist or that the caller cannot read: "404 Project Not Found" */
    public static ApiException notFound(String thing) {
        return new ApiException(404, "404 " + thing + " Not Found", Place.MESSAGE);
    }

    /** @return 404 for an address without a route */
    static ApiException noSuchAddress() {
        return new ApiException(404, "404 Not Found", Place.ERROR_TOO);
    }

    /** @return 405, with the allowed methods */
    static ApiException notAllowed(String verbs) {
        ApiException notAllowed = new ApiException(405, "405 Not Allowed", Place.ERROR_TOO);
        notAllowed.headers.put("Allow", verbs);
        return notAllowed;
    }

    /** @return 409: the request conflicts with the state of the object */
    public static ApiException conflict(String reason) {
        return new ApiException(409, reason, Place.MESSAGE);
    }

    /** @return 413 */
    static ApiException tooLarge(String message) {
        return new ApiException(413, message, Place.ERROR_TOO);
    }

    /** @return 415 */
    static ApiException unsupportedType(String message) {
        return new ApiException(415, message, Place.ERROR_TOO);
    }

    /** @return 422: the request can be read but not applied, for this reason */
    public static ApiException unprocessable(String reason) {
        return new ApiException(422, reason, Place.MESSAGE);
    }

    /** @return 503: Jenkins is starting, or something cannot be written now; the request can be repeated without harm */
    static ApiException unavailable(String reason) {
        ApiException unavailable = new ApiException(503, reason, Place.MESSAGE);
        unavailable.headers.put("Retry-After", String.valueOf(UnavailableException.RETRY_SECONDS));
        return unavailable;
    }

    int status() {
        return status;
    }

    /** @return the response */
    Reply toReply() {
        Map<String, String> body = new LinkedHashMap<>();
        body.put("message", getMessage());
        if (place == Place.ERROR_TOO) {
            body.put("error", getMessage());
        }
        return new Reply(status, body, headers);
    }
}
