package io.jenkins.plugins.deploymentgate.api.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the handler for a verb and an address. An address is compared piece by piece as it was sent, and only then
 * decoded, so that an encoded slash is part of a name. Filled once and not changed after; any thread may ask.
 */
public final class Router {

    private final List<Route> routes = new ArrayList<>();

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
     * What a request is for.
     *
     * @param handler who answers
     * @param variables the decoded pieces of its address, by their names in the template
     */
    record Match(Handler handler, Map<String, String> variables) {}

    /**
     * Adds a handler. Where several fit, the first wins.
     *
     * @param verb GET, which includes HEAD, POST, PUT or DELETE
     * @param template an address, {@code /projects/{id}}
     * @param handler who answers
     */
    public void add(String verb, String template, Handler handler) {
        routes.add(new Route(verb, pieces(template), handler));
    }

    /** @return every verb with its template, "GET /projects/{id}", in the order added */
    List<String> routes() {
        return routes.stream()
                .map(route -> route.verb() + " /" + String.join("/", route.template()))
                .toList();
    }

    /**
     * @param verb the verb of a request
     * @param path its address, undecoded; one slash at its end makes no difference
     * @return what it is for
     * @throws ApiException 404 if there is nothing at this address, 405 if there is, but not for this verb, 400 if it
     *     cannot be decoded
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
