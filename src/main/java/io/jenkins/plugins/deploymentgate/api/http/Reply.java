package io.jenkins.plugins.deploymentgate.api.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Map;

/**
 * An answer that has not been sent.
 *
 * @param status the status code
 * @param body what becomes the JSON in it; null for an answer without a body
 * @param headers headers of its own
 */
public record Reply(int status, @CheckForNull Object body, Map<String, String> headers) {

    public static Reply ok(Object body) {
        return new Reply(200, body, Map.of());
    }

    public static Reply created(Object body) {
        return new Reply(201, body, Map.of());
    }

    public static Reply noContent() {
        return new Reply(204, null, Map.of());
    }
}
