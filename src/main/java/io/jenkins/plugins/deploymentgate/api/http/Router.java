package io.jenkins.plugins.deploymentgate.api.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/**
 * Finds the handler for a method and a path. Path segments are compared undecoded and decoded afterwards, so that an
 * encoded slash is part of a name. Filled once and not changed afterwards; any thread may look up handlers.
 */
@Restricted(NoExternalUse.class)
public final class Router {

    private final List<Route> routes = new ArrayList<>();

    /** Handles one method of one route. Called on HTTP threads, with the authentication of the caller. */
    @FunctionalInterface
    public interface Handler {

        /** @throws ApiException for an error response */
        Reply handle(ApiRequest request) throws IOException;
    }

    private record Route(String verb, List<String> template, Handler handler) {

        boolean fits(List<String> pieces) {
            if (pieces.size() != template.size()) {
                return false;
            }
            for (int i = 0; i < pieces.size(); i++) {
                if (!isVariable(template.get(i)) && !template.get(i).equals(pieces.get(i))) {
                    return false;
                }
            }
            return true;
        }

        Map<String, String> variables(List<String> pieces) {
            Map<String, String> variables = new LinkedHashMap<>();
            for (int i = 0; i < pieces.size(); i++) {
                if (isVariable(template.get(i))) {
                    String name = template.get(i);
                    variables.put(name.substring(1, name.length() - 1), PercentEncoding.decode(pieces.get(i)));
                }
            }
            return variables;
        }

        private static boolean isVariable(String piece) {
            return piece.startsWith("{");
        }
    }

    /**
     * The route of a request.
     *
     * @param handler the handler
     * @param variables the decoded path variables by name
     */
    record Match(Handler handler, Map<String, String> variables) {}

    /**
     * Adds a handler. If several match, the first one is used.
     *
     * @param verb GET, which includes HEAD, POST, PUT or DELETE
     * @param template a path such as {@code /projects/{id}}
     */
    public void add(String verb, String template, Handler handler) {
        routes.add(new Route(verb, pieces(template), handler));
    }

    /** @return each method with its template, "GET /projects/{id}", in the order of addition */
    List<String> routes() {
        return routes.stream()
                .map(route -> route.verb() + " /" + String.join("/", route.template()))
                .toList();
    }

    /**
     * @param verb the method of a request
     * @param path its undecoded path; one slash at the end is ignored
     * @return the route
     * @throws ApiException 404 if no route has this path, 405 if none of those has this method, 400 if the path cannot
     *     be decoded
     */
    Match find(String verb, String path) {
        List<String> pieces = pieces(path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
        List<Route> here = routes.stream().filter(route -> route.fits(pieces)).toList();
        if (here.isEmpty()) {
            throw ApiException.noSuchAddress();
        }
        String wanted = verb.equals("HEAD") ? "GET" : verb;
        return here.stream()
                .filter(route -> route.verb().equals(wanted))
                .findFirst()
                .map(route -> new Match(route.handler(), route.variables(pieces)))
                .orElseThrow(() -> ApiException.notAllowed(allowed(here)));
    }

    private static String allowed(List<Route> routes) {
        Set<String> verbs = new LinkedHashSet<>();
        for (Route route : routes) {
            verbs.add(route.verb());
            if (route.verb().equals("GET")) {
                verbs.add("HEAD");
            }
        }
        return String.join(", ", verbs);
    }

    private static List<String> pieces(String path) {
        return path.isEmpty() ? List.of() : Arrays.asList(path.substring(1).split("/", -1));
    }
}
