package io.jenkins.plugins.deploymentgate.api.http;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import java.util.Map;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * A response that has not been sent.
 *
 * @param status the status code
 * @param body the value to write as JSON; null for a response without a body
 * @param headers additional headers
 */
@Restricted(NoExternalUse.class)
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
