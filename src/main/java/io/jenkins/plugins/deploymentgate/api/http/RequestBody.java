package io.jenkins.plugins.deploymentgate.api.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * The body of a request: JSON or a form. A form can also be in the query.
 *
 * @param fields by name
 * @param form whether all values are text
 */
@Restricted(NoExternalUse.class)
public record RequestBody(ObjectNode fields, boolean form) {

    /** The maximum size in bytes. */
    public static final int MAX_BYTES = 64 * 1024;

    private static final String JSON = "application/json";
    private static final String FORM = "application/x-www-form-urlencoded";

    /**
     * @param request a request whose body was not read
     * @return its fields
     * @throws ApiException 400, 413 or 415 if they cannot be read
     */
    static RequestBody of(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() > MAX_BYTES) {
            throw tooLarge();
        }
        String type = mediaType(request);
        if (type.equals(FORM)) {
            return new RequestBody(form(request), true);
        }
        byte[] body = request.getInputStream().readNBytes(MAX_BYTES + 1);
        if (body.length > MAX_BYTES) {
            throw tooLarge();
        } else if (body.length == 0) {
            return new RequestBody(form(request), true);
        } else if (!type.equals(JSON)) {
            throw ApiException.unsupportedType(Messages.RequestBody_Type(JSON, FORM));
        }
        return new RequestBody(Json.object(body), false);
    }

    private static String mediaType(HttpServletRequest request) {
        String type = request.getContentType();
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode form(HttpServletRequest request) {
        ObjectNode fields = Json.empty();
        int size = 0;
        for (Map.Entry<String, String[]> parameter : parameters(request).entrySet()) {
            String name = parameter.getKey();
            String[] values = parameter.getValue();
            if (name.contains("[")) {
                throw ApiException.badRequest(Messages.RequestBody_Nested(name));
            } else if (values.length > 1) {
                throw ApiException.badRequest(Messages.RequestBody_Twice(name));
            }
            size += name.length() + values[0].length();
            fields.put(name, values[0]);
        }
        if (size > MAX_BYTES) {
            throw tooLarge();
        }
        return fields;
    }

    /** Reads forms through the container, because a filter of core can have parsed the form already. */
    private static Map<String, String[]> parameters(HttpServletRequest request) {
        try {
            return request.getParameterMap();
        } catch (RuntimeException e) {
            // The exceptions depend on the container. An illegal state is its own limit for forms.
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof IllegalStateException) {
                    throw tooLarge();
                }
            }
            throw ApiException.badRequest(Messages.RequestBody_MalformedForm());
        }
    }

    private static ApiException tooLarge() {
        return ApiException.tooLarge(Messages.RequestBody_TooLarge(MAX_BYTES / 1024));
    }

    /**
     * @param shape a record with the fields that are expected
     * @return the fields; missing ones are null
     * @throws ApiException 400 with the field that has the wrong type
     */
    <T> T as(Class<T> shape) {
        return Json.read(fields, shape, form);
    }
}
